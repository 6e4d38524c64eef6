"""Dividing the genes in every way a run offers."""

from dataclasses import replace

import numpy as np
import pytest

from scdyn_core.methods.response_mixture.config import ResponseMixtureConfig
from scdyn_core.methods.response_mixture.fitted import MixtureFamily
from scdyn_core.methods.responses.groupings import Seen, groupings
from scdyn_core.methods.responses.mixture.starting import fit_mixture
from scdyn_core.methods.responses.pseudobulk import Curves
from scdyn_core.reporter import Cancelled, SilentReporter
from tests.methods.responses.mixture.generated import TIMES, drawn, mixture
from tests.methods.responses.small import QUIET

CONFIG = ResponseMixtureConfig(clusters=4, most_clusters=4)


@pytest.fixture(scope="module")
def seen():
    """The same genes measured three times: by all cells, and by each half."""
    source = drawn(replace(mixture(), o=np.zeros(6)), 120, 0)
    rng = np.random.default_rng(1)

    def measured(error):
        y = source.mean + error * rng.normal(size=source.mean.shape)
        return Curves(TIMES, np.full(6, 50), y, np.full(y.shape, error))

    halves = measured(0.1), measured(0.1)
    return Seen(measured(0.07), halves, tuple(half.rows(np.arange(90)) for half in halves))


def family(seen, seed):
    own = seen.everything
    fitted = {
        k: fit_mixture(
            own.mean, own.se, TIMES, np.zeros(6), 0.1, k, seed, QUIET, shared=False, starts=3
        )
        for k in (2, 3, 4)
    }
    mixtures, likelihoods = ({k: each[i] for k, each in fitted.items()} for i in (0, 1))
    return MixtureFamily(mixtures, likelihoods, 120, False)


@pytest.fixture(scope="module")
def families(seen):
    return [family(seen, seed) for seed in (0, 1)]


def test_there_is_a_division_for_every_number_of_clusters(seen, families):
    found = groupings(families, seen, CONFIG, 0, QUIET)
    assert [each.k for each in found] == [2, 3, 4]
    for each in found:
        assert each.memberships.sum(axis=1) == pytest.approx(1.0)
        assert np.array_equal(each.memberships.argmax(axis=1), each.labels)
        assert each.kept.shape == (each.k,)


def test_clear_clusters_are_found_again_in_halves_of_the_cells_and_by_replicates(seen, families):
    found = groupings(families, seen, CONFIG, 0, QUIET)[-1]
    assert found.halves > 0.8
    assert found.replicates > 0.9
    assert found.kept.min() > 0.7
    assert found.level_share < 0.15
    assert np.median(found.stability) == 1.0


def test_a_single_replicate_has_nothing_to_agree_with(seen, families):
    found = groupings(families[:1], seen, CONFIG, 0, QUIET)[0]
    assert np.isnan(found.replicates)
    assert np.isnan(found.stability).all()


def test_it_stops_when_asked_to(seen, families):
    class Impatient(SilentReporter):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        groupings(families, seen, CONFIG, 0, Impatient())
