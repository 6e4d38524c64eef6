"""Algebra on arrays of cells is that of sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.data.cell_sets import algebra

N_CELLS = 30
SETS = st.frozensets(st.integers(0, N_CELLS - 1))


def cells(members: frozenset[int]) -> algebra.Cells:
    return np.array(sorted(members), dtype=np.int64)


@given(SETS, SETS, SETS)
def test_results_are_those_of_python_sets_in_ascending_order(
    a: frozenset[int], b: frozenset[int], c: frozenset[int]
) -> None:
    first, second, third = map(cells, (a, b, c))
    assert algebra.union(first, second, third).tolist() == sorted(a | b | c)
    assert algebra.intersection(first, second, third).tolist() == sorted(a & b & c)
    assert algebra.difference(first, second, third).tolist() == sorted(a - b - c)
    assert algebra.symmetric_difference(first, second).tolist() == sorted(a ^ b)
    assert algebra.complement(first, N_CELLS).tolist() == sorted(set(range(N_CELLS)) - a)


@given(SETS, SETS)
def test_not_both_is_not_one_or_not_the_other(a: frozenset[int], b: frozenset[int]) -> None:
    first, second = cells(a), cells(b)
    neither = algebra.complement(algebra.intersection(first, second), N_CELLS)
    either = algebra.union(*(algebra.complement(each, N_CELLS) for each in (first, second)))
    np.testing.assert_array_equal(neither, either)
