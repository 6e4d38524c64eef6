"""Who takes part, who is treated, who is predicted, and how cells are divided."""

from collections import Counter

import numpy as np
import pytest

from scdyn_core.errors import ConfigError
from scdyn_core.methods.scgen.config import ScgenConfig
from scdyn_core.methods.scgen.design import design_of
from tests.methods.scgen.small import METHOD, ROLES, cells, config


def test_the_commonest_other_condition_is_the_treated_one() -> None:
    dataset = cells()
    state = dataset.adata.obs["state"].astype(str).to_numpy()
    state[:10] = "other"
    dataset.adata.obs["state"] = state
    design = design_of(dataset, ScgenConfig())
    assert (design.control_level, design.treated_level) == ("ctrl", "stim")
    assert len(design.cells) == 390
    assert design_of(dataset, ScgenConfig(treated="other")).treated.sum() == 10


def test_cells_of_unknown_type_take_no_part() -> None:
    dataset = cells()
    dataset.adata.obs["type"] = dataset.adata.obs["type"].where(np.arange(dataset.adata.n_obs) >= 5)
    assert design_of(dataset, ScgenConfig()).cells.min() == 5


def test_types_without_treated_cells_are_predicted_when_none_is_named() -> None:
    dataset = cells()
    assert design_of(dataset, ScgenConfig()).held_out == ()
    obs = dataset.adata.obs
    kept = ~((obs["type"] == "CD4") & (obs["state"] == "stim")).to_numpy()
    without = type(dataset)(dataset.adata[kept].copy(), dataset.roles, "few", "1" * 16)
    assert design_of(without, ScgenConfig()).held_out == ("CD4",)


def test_treated_cells_of_the_held_out_type_are_test_only_and_others_in_proportion() -> None:
    dataset, settings = cells(each=50), config(held_out="B", validation=0.1, test=0.2)
    split = METHOD.split(dataset, settings, 3)
    design = design_of(dataset, settings)
    labels = split.labels()
    assert set(labels[design.unseen]) == {"test"}
    for name in ("B", "CD4", "mono"):
        for treated in (False, True):
            own = labels[(design.types == name) & (design.treated == treated) & ~design.unseen]
            if len(own):
                assert Counter(own.tolist()) == {"train": 35, "validation": 5, "test": 10}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (ScgenConfig(held_out="no such"), "held_out"),
        (ScgenConfig(treated="no such"), "treated"),
        (ScgenConfig(treated="ctrl"), "treated"),
    ],
)
def test_names_that_are_not_in_the_data_are_refused(settings: ScgenConfig, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        design_of(cells(), settings)


@pytest.mark.parametrize("role", ["cell_type", "condition", "control_condition"])
def test_every_role_is_needed(role: str) -> None:
    roles = {name: value for name, value in ROLES.items() if name != role}
    with pytest.raises(ConfigError, match=role):
        design_of(cells(roles=roles), ScgenConfig())
    assert METHOD.roles.missing(roles) is not None


@pytest.mark.parametrize("unknown", ["ctrl", "stim", "both"])
def test_types_must_be_known_in_both_conditions(unknown: str) -> None:
    dataset = cells()
    obs = dataset.adata.obs
    known = np.zeros(len(obs), dtype=bool) if unknown == "both" else obs["state"] != unknown
    obs["type"] = obs["type"].where(known)
    with pytest.raises(ConfigError, match="whose type is known"):
        design_of(dataset, ScgenConfig())


def test_a_part_with_nothing_but_what_is_predicted_is_refused() -> None:
    dataset = cells()
    obs = dataset.adata.obs
    few = ((obs["type"] == "B") | (np.arange(len(obs)) % 40 == 0)).to_numpy()
    few &= ((obs["state"] == "stim") | (np.arange(len(obs)) % 40 == 0)).to_numpy()
    small = type(dataset)(dataset.adata[few].copy(), dataset.roles, "small", "4" * 16)
    settings = config(held_out="B", validation=0.01, test=0.01)
    said = []
    for seed in range(20):
        try:
            METHOD.split(small, settings, seed)
        except ConfigError as error:
            said.append(error.found)
    assert any("cells beside the treated ones" in each for each in said)


def test_names_of_types_may_be_anything() -> None:
    dataset = cells(each=20)
    odd = {"B": "a/1", "CD4": "a", "CD8": "<b>$x$</b>", "mono": "ä\n", "dendritic": " "}
    dataset.adata.obs["type"] = dataset.adata.obs["type"].map(odd)
    dataset.adata.obs["state"] = dataset.adata.obs["state"].map({"ctrl": "ctrl", "stim": "a/0"})
    for name in odd.values():
        settings = config(held_out=name)
        design = design_of(dataset, settings)
        assert (design.held_out, design.unseen.sum()) == ((name,), 20)
        labels = METHOD.split(dataset, settings, 0).labels()
        assert Counter(labels[~design.unseen].tolist())["train"] == 16 * 9
