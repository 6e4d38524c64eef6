"""Splits: every position once, in proportion, with room for what a model adapts to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.data.split import PARTS, Split
from scdyn_core.errors import ConfigError


@given(st.integers(0, 999), st.lists(st.integers(0, 3), min_size=40, max_size=200))
def test_every_position_is_in_one_part_and_strata_are_in_proportion(seed, strata):
    split = Split.draw(len(strata), seed=seed, strata=np.array(strata))
    whole = np.concatenate([split.part_of(part) for part in PARTS])
    assert sorted(whole.tolist()) == list(range(len(strata)))
    assert len(split.adapt) == 0
    for stratum in set(strata):
        own = np.array(strata) == stratum
        for part in ("validation", "test"):
            assert abs(own[split.part_of(part)].sum() - 0.2 * own.sum()) <= 1


def test_labels_name_the_part_of_every_position():
    split = Split(
        train=np.array([0, 3]), validation=np.array([1]), test=np.array([5]), adapt=np.array([2, 4])
    )
    assert split.labels().tolist() == ["train", "validation", "adapt", "train", "adapt", "test"]
    assert split.part_of("adapt").tolist() == [2, 4]


def test_a_seed_is_a_split():
    one, two, other = (Split.draw(50, seed=seed).labels() for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_an_empty_part_is_an_error():
    with pytest.raises(ConfigError, match="empty"):
        Split.draw(2, seed=0)
