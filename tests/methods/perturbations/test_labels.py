"""Who takes part, under which label, and what every label is made of."""

import numpy as np
import pytest

from scdyn_core.errors import ConfigError
from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.methods.perturbations.labels import EVERYBODY, NULL, labelled
from tests.methods.perturbations.screens import labelled_cells

CONFIG = PerturbationConfig(fewest_cells=10)
CELLS = {"NT": 90, "A": 30, "B": 30, "C": 25, "A+B": 20, "rare": 4}


def effects(screen, label):
    """Names of what shifts a label."""
    row = screen.members[screen.labels.index(label)]
    return [screen.targets[target] for target in row if target < len(screen.targets)]


def test_labels_are_sums_of_targets_and_controls_have_none():
    screen = labelled(labelled_cells(CELLS), CONFIG, 0)
    assert list(screen.kinds) == ["NT", NULL, "A", "A+B", "B", "C"]
    assert effects(screen, ("NT", "")) == []
    assert effects(screen, (NULL, "")) == [(NULL, None)]
    assert effects(screen, ("A+B", "")) == [("A", None), ("B", None)]
    assert screen.single == ("A", "B", "C")
    assert "rare (4)" in screen.cautions[0]
    assert (screen.perturbation == NULL).sum() == 30
    assert len(screen.cells) == 195
    assert screen.genes["A+B"] == ("A", "B")


def test_a_combination_may_be_a_target_of_its_own():
    config = CONFIG.model_copy(update={"combinations": "own"})
    screen = labelled(labelled_cells(CELLS), config, 0)
    assert effects(screen, ("A+B", "")) == [("A+B", None)]
    assert screen.members.shape[1] == 1


def test_contexts_add_their_own_shift_and_what_targets_do_in_them():
    rng = np.random.default_rng(1)
    group = rng.choice(["big", "small"], 199, p=[0.7, 0.3])
    dataset = labelled_cells(CELLS, groups={"group": group}, cell_type="group")
    screen = labelled(dataset, CONFIG.model_copy(update={"context": "cell_type"}), 0)
    assert screen.contexts == ("big", "small")
    assert effects(screen, ("NT", "big")) == []
    assert effects(screen, ("NT", "small")) == [(None, "small")]
    # The null control does nothing anywhere but what its own target would show.
    assert effects(screen, (NULL, "small")) == [(NULL, None), (None, "small")]
    assert effects(screen, ("A+B", "small")) == [
        ("A", None), ("B", None), (None, "small"), ("A", "small"), ("B", "small"),
    ]  # fmt: skip
    assert len(set(screen.targets)) == len(screen.targets)
    for label, own in zip(screen.label, zip(screen.perturbation, screen.context, strict=True),
                          strict=True):  # fmt: skip
        assert screen.labels[label] == own


def test_names_that_look_like_contexts_stay_apart():
    """A perturbation called "A in small", and one called as a group of cells."""
    cells = {"NT": 90, "A": 40, "A in small": 40, "small": 40}
    group = np.random.default_rng(1).choice(["big", "small"], 210, p=[0.7, 0.3])
    dataset = labelled_cells(cells, groups={"group": group}, condition="group")
    screen = labelled(dataset, CONFIG.model_copy(update={"context": "condition"}), 0)
    assert len(set(screen.targets)) == len(screen.targets) == 4 + 1 + 3
    assert effects(screen, ("A in small", "big")) == [("A in small", None)]
    assert effects(screen, ("small", "small")) == [
        ("small", None), (None, "small"), ("small", "small"),
    ]  # fmt: skip


@pytest.mark.parametrize("taken", [NULL, EVERYBODY])
@pytest.mark.parametrize("control", ["NT", None])
def test_names_that_results_use_themselves_are_refused(taken, control):
    cells = {"NT": 90, "A": 30, "B": 30, taken: 30}
    with pytest.raises(ConfigError, match="Rename"):
        labelled(labelled_cells(cells, control=control), CONFIG, 0)


def test_a_control_of_that_name_is_refused_too():
    with pytest.raises(ConfigError, match="Rename"):
        labelled(labelled_cells({NULL: 90, "A": 30, "B": 30}, control=NULL), CONFIG, 0)


def test_the_null_control_changes_with_the_seed_and_nothing_else_does():
    dataset = labelled_cells(CELLS)
    one, two, again = (labelled(dataset, CONFIG, seed) for seed in (0, 1, 0))
    assert np.array_equal(one.perturbation, again.perturbation)
    assert not np.array_equal(one.perturbation, two.perturbation)
    assert np.array_equal(one.cells, two.cells)
    either = np.isin(one.perturbation, ["NT", NULL])
    assert np.array_equal(one.perturbation[~either], two.perturbation[~either])
    assert np.isin(two.perturbation[either], ["NT", NULL]).all()


def test_few_control_cells_are_not_divided_and_the_reader_is_told():
    screen = labelled(labelled_cells({**CELLS, "NT": 59}), CONFIG, 0)
    assert NULL not in screen.kinds
    assert any("null control" in caution for caution in screen.cautions)
    without = labelled(labelled_cells(CELLS, control=None), CONFIG, 0)
    assert without.control is None
    assert without.kinds["NT"] == "single"
    assert any("no control cells" in caution for caution in without.cautions)


def test_what_cannot_be_held_out_is_named():
    for held_out in (("nobody",), ("rare",), (NULL,), ("NT",)):
        with pytest.raises(ConfigError, match="held_out"):
            labelled(labelled_cells(CELLS), CONFIG.model_copy(update={"held_out": held_out}), 0)
    with pytest.raises(ConfigError, match="at least two"):
        labelled(labelled_cells(CELLS), CONFIG.model_copy(update={"held_out": ("A", "B", "C")}), 0)


def test_a_share_is_held_out_by_the_seed():
    config = CONFIG.model_copy(update={"held_out_share": 0.3, "held_out": ("C",)})
    found = [labelled(labelled_cells(CELLS), config, seed).held_out for seed in range(8)]
    assert all("C" in held_out and len(held_out) <= 2 for held_out in found)
    assert len(set(found)) > 1


def test_one_perturbation_is_no_screen():
    with pytest.raises(ConfigError, match="at least two"):
        labelled(labelled_cells({"NT": 90, "A": 30}), CONFIG, 0)
