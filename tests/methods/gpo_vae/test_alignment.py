"""The published alignment, beside a plain reading of its formula."""

import numpy as np
import pytest
import torch

from scdyn_core.methods.gpo_vae.alignment import Alignment
from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from tests.methods.gpo_vae.small import MEMBERS, SHORT, TARGETS


def a_case(seed=0, cells=12):
    rng = np.random.default_rng(seed)
    logit = rng.normal(0, 1, (TARGETS, TARGETS))
    delta = np.abs(rng.normal(0, 1, (cells, TARGETS)))
    return logit, rng.integers(0, len(MEMBERS), cells), delta


def plainly(logit, label, delta, config):
    """``mean | D S - (delta - c) |`` with ``S = A + A²/T + … + A^(hops + 1) / T^hops``."""
    nodes, total, count = len(logit), 0.0, 0
    for own, change in zip(label, delta, strict=True):
        design = np.array([float(node in MEMBERS[own]) for node in range(nodes)])
        for node in range(nodes):
            if np.isnan(change[node]):
                continue
            paths = sum(
                np.linalg.matrix_power(logit, hop + 1) / nodes**hop
                for hop in range(config.hops + 1)
            )
            total += abs(design @ paths[:, node] - (change[node] - config.criterion))
            count += 1
    return config.alignment * total / count


@pytest.mark.parametrize("hops", [0, 1, 5])
@pytest.mark.parametrize("unmeasured", [0, 1])
def test_misfit_is_that_of_the_published_formula(hops, unmeasured):
    config = GpoVaeConfig(**SHORT, acts_on="nodes", alignment=100.0, hops=hops, criterion=0.7)
    logit, label, delta = a_case()
    delta[:, :unmeasured] = np.nan
    batch = {"label": torch.as_tensor(label).double(), "delta": torch.as_tensor(delta)}
    found = Alignment(config).misfit(torch.as_tensor(logit), torch.tensor(MEMBERS), batch)
    assert float(found) == pytest.approx(plainly(logit, label, delta, config))


def test_alone_it_is_a_median_regression_on_the_size_of_changes():
    """What it drives log odds to: the median change less the criterion, and no direct effect."""
    config = GpoVaeConfig(**SHORT, acts_on="nodes", alignment=1.0, hops=0, criterion=0.4)
    rng = np.random.default_rng(1)
    label = np.repeat(np.arange(1, 4), 51)
    delta = np.abs(rng.normal(rng.normal(0, 1, (3, TARGETS))[label - 1], 0.3))
    batch = {"label": torch.as_tensor(label).double(), "delta": torch.as_tensor(delta)}
    logit = torch.zeros(TARGETS, TARGETS, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([logit], lr=0.05)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 600)
    for _ in range(600):
        optimiser.zero_grad()
        Alignment(config).misfit(logit, torch.tensor(MEMBERS), batch).backward()
        optimiser.step()
        schedule.step()
    for own in (1, 2, 3):
        expected = np.median(delta[label == own], axis=0) - 0.4
        np.testing.assert_allclose(logit.detach()[own - 1], expected, atol=0.02)


def test_the_penalty_is_the_mean_probability():
    config = GpoVaeConfig(**SHORT, acts_on="nodes", edge_penalty=5.0)
    logit = torch.as_tensor(a_case()[0])
    assert float(Alignment(config).penalty(logit)) == pytest.approx(
        5.0 * float(logit.sigmoid().mean())
    )


def test_cells_without_any_measured_node_have_no_misfit():
    config = GpoVaeConfig(**SHORT, acts_on="nodes", alignment=1.0)
    logit, label, delta = a_case()
    batch = {"label": torch.as_tensor(label), "delta": torch.full(delta.shape, torch.nan)}
    found = Alignment(config).misfit(torch.as_tensor(logit), torch.tensor(MEMBERS), batch)
    assert float(found) == 0.0
