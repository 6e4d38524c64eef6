"""Roles of real and small data are guessed right, with a reason."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest
from anndata import AnnData

from scdyn_core.data.guess import guess_roles
from scdyn_core.data.load import load
from tests.data import files

REAL = {
    "velocity/pancreas_3696x2000.h5ad": {
        "cell_type": "clusters", "spliced": "spliced", "unspliced": "unspliced",
        "counts": "spliced",
    },
    "velocity/pancreas_100x200_moments.h5ad": {"spliced": "spliced", "unspliced": "unspliced"},
    "ctrl_stim/kang_1556x1267.h5ad": {
        "cell_type": "cell_type", "condition": "condition", "control_condition": "ctrl",
        "sample": "sample", "counts": "X",
    },
    "perturbseq/papalexi_thp1_subset.h5ad": {
        "perturbation": "target_gene", "control_perturbation": "non-targeting",
        "guide": "guide_id", "sample": "bio_rep", "counts": "X",
    },
    "timeseries/mesc_RA_2449x41_semrau.h5ad": {"time": "time_h", "counts": "X"},
    "timeseries/lps_mDC_383x821.h5ad": {"time": "time_h"},
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_data(name: str, shared_data: Path) -> None:
    dataset = load(shared_data / name)
    assert dataset.roles.assigned() == REAL[name]
    assert all(guess.reason for guess in guess_roles(dataset.adata))


def test_the_pancreas_loads_within_seconds_and_says_where_x_came_from(shared_data: Path) -> None:
    started = time.process_time()
    dataset = load(shared_data / "velocity/pancreas_3696x2000.h5ad")
    assert time.process_time() - started < 5
    assert any(f.slot == "X" and "spliced" in f.found for f in dataset.report.of_level("warning"))


def test_a_condition_named_like_a_perturbation_needs_measured_targets(tmp_path: Path) -> None:
    adata = files.small()
    adata.obs["condition"] = pd.Categorical(["g1", "g2", "ctrl"] * 10)
    roles = load(files.h5ad(tmp_path / "p.h5ad", adata)).roles
    assert (roles.perturbation, roles.control_perturbation) == ("condition", "ctrl")
    adata.obs["condition"] = pd.Categorical(["drug", "heat", "ctrl"] * 10)
    roles = load(files.h5ad(tmp_path / "c.h5ad", adata)).roles
    assert (roles.condition, roles.control_condition) == ("condition", "ctrl")
    assert roles.perturbation is None


def screen(obs: dict[str, list[str]]) -> AnnData:
    adata = files.small(60, 6)
    for name, values in obs.items():
        adata.obs[name] = pd.Categorical((values * 60)[:60])
    return adata


def test_guides_are_not_the_perturbations(tmp_path: Path) -> None:
    obs = {
        "guide_id": ["g1_a", "g1_b", "g2_a", "g2_b", "NT_a", "NT_b"],
        "condition": ["g1", "g1", "g2", "g2", "ctrl", "ctrl"],
    }
    roles = load(files.h5ad(tmp_path / "s.h5ad", screen(obs))).roles
    assert (roles.perturbation, roles.control_perturbation) == ("condition", "ctrl")
    assert roles.guide == "guide_id"


def test_guides_alone_are_the_perturbations(tmp_path: Path) -> None:
    roles = load(files.h5ad(tmp_path / "g.h5ad", screen({"sgRNA": ["a1", "a2", "NT"]}))).roles
    assert (roles.perturbation, roles.control_perturbation) == ("sgRNA", "NT")
    assert roles.guide is None


def test_a_second_name_of_the_targets_is_no_guide(tmp_path: Path) -> None:
    obs = {"target_gene": ["g1", "g2", "NT"], "guide": ["one", "two", "none"]}
    assert load(files.h5ad(tmp_path / "n.h5ad", screen(obs))).roles.guide is None


def test_what_a_simulation_knows_is_no_role(tmp_path: Path) -> None:
    adata = files.small()
    adata.obs["true_time"] = [i / 30 for i in range(30)]
    adata.obs["latent_time"] = [i / 30 for i in range(30)]
    assert load(files.h5ad(tmp_path / "s.h5ad", adata)).roles.pseudotime == "latent_time"


def test_names_of_cells_and_quality_measures_are_no_groups(tmp_path: Path) -> None:
    adata = files.small()
    adata.obs = pd.DataFrame(
        {"cluster": [f"x{i}" for i in range(30)], "batch": 1.5, "n_counts": range(30)},
        index=adata.obs_names,
    )
    assert load(files.h5ad(tmp_path / "q.h5ad", adata)).roles.assigned() == {"counts": "X"}
