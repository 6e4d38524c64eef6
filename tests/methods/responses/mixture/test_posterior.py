"""The E-step against the same mixture written out one Gaussian at a time."""

import numpy as np
import pytest

from scdyn_core.methods.responses.mixture import posterior as module
from scdyn_core.methods.responses.mixture.model import Measured, Mixture
from scdyn_core.methods.responses.mixture.posterior import about_level, posterior
from tests.methods.responses.mixture.by_enumeration import components, joint, log_likelihood
from tests.methods.responses.mixture.generated import drawn, mixture


@pytest.fixture(scope="module")
def some():
    return drawn(mixture(), 8, seed=0)


def seen(source, y, se):
    return posterior(source, Measured.of(y, se, float(source.n)))


def test_the_likelihood_is_that_of_all_gaussians_with_the_level_integrated_out(some):
    source = mixture()
    expected = [log_likelihood(source, y, se) for y, se in zip(some.y, some.se, strict=True)]
    assert seen(source, some.y, some.se).log_likelihood == pytest.approx(expected, abs=1e-5)


def test_memberships_and_expected_amplitudes_are_sums_over_the_gaussians(some):
    source = mixture()
    found = seen(source, some.y, some.se)
    rows = list(components(source))
    classes, amplitudes = np.array([row[2] for row in rows]), np.array([row[3] for row in rows])
    for gene, (y, se) in enumerate(zip(some.y, some.se, strict=True)):
        logs = joint(source, y, se)
        weights = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
        for k in range(len(source.f)):
            own = classes == k
            assert found.membership[gene, k] == pytest.approx(weights[own].sum(), abs=1e-6)
            for power, expected in ((1, found.once), (2, found.twice)):
                total = (weights * amplitudes**power)[own].sum()
                assert expected[gene, k].sum() == pytest.approx(total, abs=1e-5)


def test_a_time_with_an_infinite_error_is_a_time_left_out(some):
    source, kept = mixture(), [0, 1, 3, 4, 5]
    y, se = some.y.copy(), some.se.copy()
    y[:, 2], se[:, 2] = 1e6, np.inf
    hidden = seen(source, y, se)
    less = Mixture(source.o[kept], source.f[:, :, kept], source.a, source.w, source.n)
    left_out = seen(less, some.y[:, kept], some.se[:, kept])
    assert hidden.log_likelihood == pytest.approx(left_out.log_likelihood, abs=1e-10)
    assert hidden.membership == pytest.approx(left_out.membership, abs=1e-10)
    assert hidden.once == pytest.approx(left_out.once, abs=1e-10)


def test_what_a_gene_is_thought_to_be_does_not_depend_on_its_level(some):
    source = mixture()
    shift = np.linspace(-20, 20, len(some.y))[:, None]
    here, there = (seen(source, y, some.se) for y in (some.y, some.y + shift))
    assert there.membership == pytest.approx(here.membership, abs=1e-9)
    assert there.log_likelihood == pytest.approx(here.log_likelihood, abs=1e-9)


def test_classes_under_other_numbers_are_the_same_classes(some):
    source, order = mixture(), [2, 0, 3, 1]
    other = Mixture(source.o, source.f[order], source.a, source.w[order], source.n)
    here, there = (seen(each, some.y, some.se) for each in (source, other))
    assert there.membership == pytest.approx(here.membership[:, order], abs=1e-12)


def test_many_genes_in_blocks_are_weighed_like_each_alone(some, monkeypatch):
    source = mixture()
    whole = seen(source, some.y, some.se)
    monkeypatch.setattr(module, "_BLOCK", 3 * source.w.size * 5)
    blocks = seen(source, some.y, some.se)
    for name in ("membership", "weights", "once", "twice", "log_likelihood"):
        assert getattr(blocks, name) == pytest.approx(getattr(whole, name), abs=1e-12)


def test_weights_count_every_gene_once(some):
    found = seen(mixture(), some.y, some.se)
    assert found.weights.sum() == pytest.approx(len(some.y))
    assert found.weights.sum(axis=1) == pytest.approx(found.membership.sum(axis=0))


def test_moments_about_the_level_are_sums_over_the_gaussians(some):
    source = mixture()
    measured = Measured.of(some.y, some.se, float(source.n))
    mean, square = about_level(source, measured, posterior(source, measured))
    responses = np.array([row[1] - source.o for row in components(source)])
    for gene, (y, se) in enumerate(zip(some.y, some.se, strict=True)):
        logs = joint(source, y, se)
        weights = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
        moved = responses - (responses @ measured.P[gene] / measured.total[gene])[:, None]
        assert mean[gene] == pytest.approx(weights @ moved, abs=1e-5)
        assert square[gene] == pytest.approx(weights @ moved**2, abs=1e-5)
