"""An estimate is checked when it is made, and read by names."""

from __future__ import annotations

import numpy as np
import pytest

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.network.estimate import NetworkEstimate, self_edges

VALUE = np.array([[9.0, 1.0, -2.0], [3.0, 0.0, 4.0]])


def test_edges_of_a_gene_to_itself_are_ignored_and_the_estimate_is_left_as_it_was():
    estimate = NetworkEstimate(("a", "z"), ("a", "b", "c"), VALUE.copy(), "r")
    np.testing.assert_array_equal(estimate.edges(), [[0, 1, -2], [3, 0, 4]])
    np.testing.assert_array_equal(estimate.value, VALUE)


def test_strengths_are_found_by_name_and_unknown_genes_have_no_edges():
    estimate = NetworkEstimate(("a", "z"), ("a", "b", "c"), VALUE, "r")
    found = estimate.of(["new", "z", "a"], ["c", "other", "a", "b"])
    np.testing.assert_array_equal(found, [[0, 0, 0, 0], [4, 0, 3, 0], [-2, 0, 0, 1]])


def test_self_edges_need_no_square():
    found = self_edges(("z", "b"), ("a", "b", "c"))
    np.testing.assert_array_equal(found, [[False] * 3, [False, True, False]])


@pytest.mark.parametrize(
    ("sources", "value", "found"),
    [
        (("a",), VALUE, "shape"),
        (("a", "a"), VALUE, "repeat"),
        (("a", "z"), np.where(VALUE == 4, np.nan, VALUE), "finite"),
        (("a", "z"), np.where(VALUE == 4, np.inf, VALUE), "finite"),
    ],
)
def test_what_does_not_fit_is_refused(sources, value, found):
    with pytest.raises(ConfigError, match=found):
        NetworkEstimate(sources, ("a", "b", "c"), value, "r")
