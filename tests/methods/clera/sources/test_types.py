"""Transitions between cell types: checked against the data, and followed to lineages."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scdyn_core.errors import ConfigError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.types import lineages, transitions

NAMES = ("a", "b", "c", "d", "e")


def test_a_transition_is_two_types_with_spaces_as_they_come():
    assert transitions(("a>b", " b > c ", "a>b"), NAMES) == (("a", "b"), ("b", "c"))


@pytest.mark.parametrize("text", ["a-b", "a>", ">b>", "a>b>c", "a>a", "  > b"])
def test_what_is_no_transition_is_refused_with_an_example(text):
    with pytest.raises(ValidationError, match=r"Ngn3 low EP|at least 3"):
        CleraConfig(lineage=(text,))


def test_unknown_types_are_named_beside_the_known():
    with pytest.raises(ConfigError, match="do not have: x, y; needed types among a, b, c, d, e"):
        transitions(("a>x", "y>b"), NAMES)
    with pytest.raises(ConfigError, match="role cell_type"):
        transitions(("a>b",), ())


def test_lineages_are_the_longest_ways():
    edges = transitions(("a>b", "b>c", "b>d", "e>d"), NAMES)
    assert lineages(edges) == [("a", "b", "c"), ("a", "b", "d"), ("e", "d")]
    assert lineages(()) == []


def test_circles_beside_a_lineage_are_found():
    with pytest.raises(ConfigError, match="circle"):
        lineages((("a", "b"), ("c", "d"), ("d", "c")))
    with pytest.raises(ConfigError, match="circle"):
        lineages((("a", "b"), ("b", "c"), ("c", "b")))


def test_a_thicket_is_refused_without_being_walked():
    layers = [[f"{depth}.{i}" for i in range(4)] for depth in range(30)]
    edges = [(a, b) for here, there in itertools.pairwise(layers)
             for a in here for b in there]  # fmt: skip
    with pytest.raises(ConfigError, match="more than 50 ways"):
        lineages(edges)


@given(
    st.sets(
        st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda pair: pair[0] < pair[1]),
        min_size=1,
    )
)
def test_lineages_use_every_transition_and_no_other(pairs):
    edges = [(NAMES[start], NAMES[end]) for start, end in sorted(pairs)]
    steps = {step for path in lineages(edges) for step in itertools.pairwise(path)}
    assert steps == set(edges)
