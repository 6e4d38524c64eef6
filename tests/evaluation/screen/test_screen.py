"""Which cells belong to which label, and what a screen needs."""

import numpy as np
import pytest
from scipy import sparse

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.screen.screen import Screen
from tests.evaluation.screen.planted import screen


def small(labels):
    labels = np.array(labels, dtype=object)
    return Screen(sparse.csr_matrix(np.eye(len(labels))), labels, "NT", tuple("abcdef"))


def test_cells_of_every_label_in_alphabetical_order() -> None:
    found = small(["B", "NT", "", "A", "B", "NT"])
    assert {name: rows.tolist() for name, rows in found.rows.items()} == {
        "A": [3], "B": [0, 4], "NT": [1, 5],
    }  # fmt: skip
    assert found.names == ("A", "B")


def test_a_part_of_the_cells() -> None:
    part = small(["B", "NT", "NT", "A", "B", "NT"]).of(np.array([1, 1, 1, 0, 1, 0], dtype=bool))
    assert part.names == ("B",)
    assert part.values.toarray()[3].tolist() == [0, 0, 0, 0, 1, 0]


def test_without_controls_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(ConfigError, match="1 control cells"):
        small(["A", "B", "NT", "A", "A", "A"])


def test_every_cell_has_its_row() -> None:
    found = screen()
    assert sorted(np.concatenate(list(found.rows.values()))) == list(range(len(found.labels)))
    for name, rows in found.rows.items():
        assert set(found.labels[rows]) == {name}
