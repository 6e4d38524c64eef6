"""What if: changes of the equations do what they say and nothing else."""

import numpy as np
import pytest

from scdyn_core.data.simulators.bistable import Bistable
from scdyn_core.errors import InputError
from scdyn_core.evaluation.field.change import Change
from scdyn_core.evaluation.field.fates import fate_table, types_at
from scdyn_core.evaluation.field.support import Support
from scdyn_core.evaluation.field.what_if import compare
from tests.evaluation.field.systems import disc, simulated

SWITCH = Bistable()
FIELD = simulated(SWITCH.system())


def cells() -> np.ndarray:
    return np.random.default_rng(0).uniform(-0.05, 1.1, (3000, 2))


def test_a_changed_coefficient_is_that_of_the_term_named() -> None:
    changed = Change({(1, "z1"): 2.0}).equations(FIELD)
    z = disc(1.0, 50)
    expected = FIELD(z) + np.column_stack([(2.0 - SWITCH.growth) * z[:, 0], np.zeros(50)])
    np.testing.assert_allclose(changed(z), expected)


def test_a_term_can_be_removed_or_added() -> None:
    z = disc(1.0, 50)
    removed = Change({(2, "z1*z2"): 0.0}).equations(FIELD)
    np.testing.assert_allclose(
        (removed(z) - FIELD(z))[:, 1], SWITCH.growth * SWITCH.competition * z[:, 0] * z[:, 1]
    )
    added = Change({(2, "sin(z1)"): 0.3}).equations(FIELD)
    np.testing.assert_allclose((added(z) - FIELD(z))[:, 1], 0.3 * np.sin(z[:, 0]))


@pytest.mark.parametrize("place", [(3, "z1"), (0, "z1"), (1, "z3")])
def test_a_change_of_what_is_not_there_is_refused(place: tuple[int, str]) -> None:
    with pytest.raises(InputError):
        Change({place: 1.0}).equations(FIELD)


def test_a_held_latent_stays_where_it_is_put() -> None:
    found = compare(FIELD, Change(held={1: 0.8}), disc(0.1, 30) + 0.2, np.linspace(0, 5, 20),
                    Support(cells()))  # fmt: skip
    np.testing.assert_allclose(found.after.states[..., 1], 0.8)
    assert np.ptp(found.before.states[-1, :, 1]) > 0


def test_knocking_a_programme_out_changes_the_fate() -> None:
    support = Support(cells())
    types = SWITCH.cell_types(support.cells).tolist()
    start = SWITCH.model_copy(update={"n_cells": 200}).start(np.random.default_rng(1))
    found = compare(FIELD, Change(held={0: 0.0}), start, np.linspace(0, 30, 60), support)
    table = fate_table({"as learned": found.before, "changed": found.after}, support, types)
    shares = table.pivot_table(index="type", columns="equations", values="share")
    assert 0.3 < shares.loc["branch A", "as learned"] < 0.7
    assert shares.loc["branch B", "changed"] == 1.0
    np.testing.assert_allclose(shares.sum(), 1.0)


def test_without_a_change_both_are_the_same() -> None:
    found = compare(FIELD, Change(), disc(0.1, 30) + 0.3, np.linspace(0, 5, 20), Support(cells()))
    np.testing.assert_array_equal(found.before.states, found.after.states)


def test_types_are_those_of_the_nearest_cells() -> None:
    support = Support(cells())
    types = SWITCH.cell_types(support.cells).tolist()
    corners = np.array([[0.95, 0.05], [0.05, 0.95]])
    assert types_at(corners, support, types).tolist() == ["branch A", "branch B"]
