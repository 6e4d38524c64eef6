"""Labels of a screen are read as sets of targets, at the level of targets and of guides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.data.perturbation_labels import read_labels
from scdyn_core.data.perturbations import Perturbations
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators import simulate
from scdyn_core.errors import ConfigError

NAMES = st.text("ABCDE12-", min_size=1, max_size=3)


def dataset(labels, guides=None, *, control="NT", genes=("STAT1", "HLA-DRA", "CD74")):
    obs = pd.DataFrame({"target": labels}, index=[f"c{i}" for i in range(len(labels))])
    if guides is not None:
        obs["guide"] = guides
    adata = AnnData(
        X=np.ones((len(labels), len(genes)), dtype=np.float32),
        obs=obs,
        var=pd.DataFrame(index=list(genes)),
    )
    roles = Roles(
        perturbation="target",
        control_perturbation=control,
        guide=None if guides is None else "guide",
        counts="X",
    )
    return Dataset(adata=adata, roles=roles, name="screen", fingerprint="")


def test_the_order_of_targets_spaces_and_controls_do_not_matter() -> None:
    found = Perturbations.of(
        dataset(["A", "B", "A+B", "B + A", " A ", "A+NT", "NT+A", "NT", "NT+NT", "A+A"])
    )
    assert found.labels.tolist() == ["A", "B", "A+B", "A+B", "A", "A", "A", "NT", "NT", "A"]
    assert found.names == ("A", "A+B", "B")
    assert found.targets == ("A", "B")
    assert found.design.tolist() == [[True, False], [True, True], [False, True]]
    assert found.is_control.tolist() == [False] * 7 + [True, True, False]
    assert [found.kind(name) for name in ("A", "A+B", "NT")] == ["single", "combination", "control"]
    assert found.genes("A+B") == ("A", "B")
    assert found.genes("NT") == ()


def test_labels_that_say_nothing_are_left_out() -> None:
    found = Perturbations.of(dataset(["A", None, "", "  ", float("nan"), "nan", "NT"]))
    assert found.labels.tolist() == ["A", "", "", "", "", "", "NT"]
    assert found.left_out.tolist() == [False, True, True, True, True, True, False]
    assert found.names == ("A",)


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        # Both parts are measured genes.
        (["HLA-DRA+CD74"], ("CD74+HLA-DRA",)),
        # A plus that ends a name parts nothing.
        (["CD4+", "CD4"], ("CD4", "CD4+")),
        (["CD4+CD8+", "CD4", "CD8"], ("CD4", "CD4+CD8+", "CD8")),
        # Parts that stand nowhere else may well be one name.
        (["TP53+exon", "A"], ("A", "TP53+exon")),
        # Only pairs: every part stands in two of them.
        (["A+B", "A+C", "B+C"], ("A+B", "A+C", "B+C")),
        (["A+B+C", "A", "B", "C"], ("A", "A+B+C", "B", "C")),
        # A target that is only ever seen beside a control.
        (["Q+NT", "A", "Q+A"], ("A", "A+Q", "Q")),
    ],
)
def test_a_plus_in_a_name_is_told_from_a_combination(labels, names) -> None:
    assert Perturbations.of(dataset([*labels, "NT"])).names == names


def test_another_separator() -> None:
    found = Perturbations.of(dataset(["A", "B", "B|A", "A+B", "NT"]), separator="|")
    assert found.names == ("A", "A+B", "A|B", "B")
    assert found.parts["A|B"] == ("A", "B")


def test_a_screen_without_controls() -> None:
    found = Perturbations.of(dataset(["A", "B"], control=None))
    assert found.control is None
    assert not found.is_control.any()
    assert found.names == ("A", "B")


def test_guides_have_the_target_of_most_of_their_cells() -> None:
    labels = ["A", "A", "A", "B", "B", "NT", "NT", "A+B", "A+C", "B+C", "B"]
    guides = ["A1", "A2", "A1", "B1", "A1", "N1", "N2", "B1+A2", "A1+C9", "C9+B1", None]
    found = Perturbations.of(dataset(labels, guides), level="guide")
    assert dict(found.guide_target) == {
        "A1": "A", "A2": "A", "B1": "B", "C9": "C", "N1": "NT", "N2": "NT",
    }  # fmt: skip
    assert found.labels.tolist() == [
        "A1", "A2", "A1", "B1", "A1", "NT", "NT", "A2+B1", "A1+C9", "B1+C9", "",
    ]  # fmt: skip
    assert found.targets == ("A1", "A2", "B1", "C9")
    assert found.genes("A2+B1") == ("A", "B")
    assert found.kind("A2+B1") == "combination"


def test_guides_are_known_at_the_level_of_targets_too() -> None:
    found = Perturbations.of(
        dataset(["A", "A", "NT", "A+NT", "A"], ["A1", "A2", "N1", "A1+N1", "nan"])
    )
    assert found.names == ("A",)
    assert found.guides.tolist() == ["A1", "A2", "N1", "A1", ""]


@pytest.mark.parametrize(
    ("labels", "guides", "roles", "level", "place"),
    [
        (["A", "NT"], None, {"perturbation": None, "control_perturbation": None}, "target",
         "role perturbation"),
        (["A", "NT"], None, {}, "guide", "role guide"),
        (["A", "B"], None, {}, "target", "role control_perturbation"),
        (["NT", "NT"], None, {}, "target", "role perturbation"),
        (["A", "NT"], [None, "N1"], {}, "guide", "role guide"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(labels, guides, roles, level, place) -> None:
    data = dataset(labels, guides)
    with pytest.raises(ConfigError) as caught:
        Perturbations.of(data.with_roles(data.roles.replace(roles)), level=level)
    assert caught.value.place == place
    assert caught.value.fix


@given(
    st.lists(st.sets(NAMES, min_size=1, max_size=3), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_any_order_of_targets_gives_the_same_perturbation(sets, random) -> None:
    singles = {target for targets in sets for target in targets}
    labels = [*singles]
    expected = [*singles]
    for targets in sets:
        shuffled = [*targets, *(["NT"] if random.random() < 0.3 else [])]
        random.shuffle(shuffled)
        labels.append(" + ".join(shuffled))
        expected.append("+".join(sorted(targets)))
    found = Perturbations.of(dataset([*labels, "NT"]))
    assert found.labels.tolist() == [*expected, "NT"]
    assert set(found.names) == set(expected)
    assert (found.design.sum(axis=1) == [len(found.parts[name]) for name in found.names]).all()


@given(st.lists(st.text("AB+ ", max_size=6), min_size=1, max_size=10))
def test_reading_what_was_read_changes_nothing(labels) -> None:
    plain = [label.strip() for label in labels] + ["A", "B"]
    read = read_labels(plain, control="NT", genes=(), separator="+")
    assert set(read) == set(plain)
    names = ["+".join(targets) for targets in read.values() if targets]
    again = read_labels([*names, "A", "B"], control="NT", genes=(), separator="+")
    assert {"+".join(targets or ()) for targets in again.values()} == {*names, "A", "B"}


def test_a_large_screen_is_read_quickly() -> None:
    rng = np.random.default_rng(0)
    names = np.array([f"T{i}" for i in range(5000)] + ["NT"], dtype=object)
    first, second = rng.integers(0, 5001, (2, 100_000))
    labels = np.where(rng.random(100_000) < 0.1, names[first] + "+" + names[second], names[first])
    found = Perturbations.of(dataset(labels.tolist()))
    assert len(found.targets) == 5000
    assert found.design.shape == (len(found.names), 5000)


def test_a_generated_screen() -> None:
    sample = simulate(
        "mechanism_shift",
        interventions=6,
        cells_per_intervention=5,
        control_cells=5,
        combinations=4,
    )
    roles = Roles(perturbation="perturbation", control_perturbation="control", counts="X")
    found = Perturbations.of(Dataset(adata=sample, roles=roles, name="", fingerprint=""))
    assert found.targets == tuple(sample.uns["mechanism_shift"]["perturbation"])
    assert sum(found.kind(name) == "combination" for name in found.names) == 4


def test_papalexi(shared_data: Path) -> None:
    data = load(shared_data / "perturbseq/papalexi_thp1_subset.h5ad")
    found = Perturbations.of(data)
    assert (len(found.names), found.control) == (25, "non-targeting")
    assert found.targets == found.names
    assert not found.left_out.any()
    guides = Perturbations.of(data, level="guide")
    assert guides.guide_target["STAT1g2"] == "STAT1"
    assert all(guides.guide_target[g] == "non-targeting" for g in guides.guide_target if "NT" in g)
    assert not any(name.startswith("NT") for name in guides.names)
    assert (guides.is_control == found.is_control).all()
