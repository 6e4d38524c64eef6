"""What ways of drawing cells are called, and which of their options count."""

import pytest

from scdyn_core.training.resampling.options import SAMPLING, SamplingOptions
from scdyn_core.training.resampling.words import (
    MEANINGS,
    NAMES,
    in_force,
    options_that_count,
    preset_of,
    sampler_name,
)


def test_every_way_has_a_name_and_a_meaning_of_its_own() -> None:
    assert set(NAMES) == set(MEANINGS) == set(SAMPLING)
    assert len(set(NAMES.values())) == len(set(MEANINGS.values())) == len(SAMPLING)


@pytest.mark.parametrize("key", SAMPLING)
def test_a_named_way_is_recognised_by_its_options(key: str) -> None:
    assert preset_of(SAMPLING[key]) == key
    assert sampler_name(SAMPLING[key]) == NAMES[key]


def test_changed_options_are_said_to_be_changed() -> None:
    own = SAMPLING["clusters"].model_copy(update={"floor": 0.1})
    assert preset_of(own) is None
    assert sampler_name(own) == "joint: clusters, own settings"


def test_uniform_draws_have_no_options() -> None:
    odd = SamplingOptions(floor=0.1, draw="independent")
    assert sampler_name(odd) == "uniform"
    assert in_force(odd) == {"cells drawn": "uniform"}


def test_only_what_changes_the_draws_counts() -> None:
    assert "bins" in options_that_count(SAMPLING["marginal"])
    assert "bins" not in options_that_count(SAMPLING["clusters"])
    assert "neighbours" in options_that_count(SAMPLING["clusters"])
    balanced = options_that_count(SAMPLING["balanced"])
    assert "strength" in balanced
    assert not {"embedding", "standardise", "warm_up", "bins", "neighbours"} & set(balanced)
    once = SAMPLING["sketch"].model_copy(update={"embedding": "X_pca"})
    assert "embedding" in options_that_count(once)
    # Weights of a map that does not change are found once.
    assert not {"warm_up", "refreshes", "memory"} & set(options_that_count(once))
