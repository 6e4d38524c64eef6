"""The grammar of library terms: it reads every term of our library, and nothing else."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.errors import InputError
from scdyn_core.evaluation.field.terms import parse_term
from scdyn_core.methods.clera.config import LibraryConfig
from scdyn_core.methods.clera.library import Library
from scdyn_core.plots.terms import term_html

EVERYTHING = Library(
    3, LibraryConfig(order=5, reciprocal=True, exp=True, sin=True, cos=True, tanh=True)
)


def test_every_term_of_the_library_evaluates_as_the_library_does() -> None:
    z = np.random.default_rng(0).normal(size=(20, 3))
    library = EVERYTHING(torch.as_tensor(z)).numpy()
    ours = np.column_stack([parse_term(term.text).evaluate(z) for term in EVERYTHING.terms])
    np.testing.assert_allclose(ours, library, rtol=1e-12)


@pytest.mark.parametrize(
    ("term", "label"),
    [
        ("1", "1"),
        ("z2", "z<sub>2</sub>"),
        ("z1*z2*z2", "z<sub>1</sub> z<sub>2</sub><sup>2</sup>"),
        ("sin(z3)", "sin z<sub>3</sub>"),
        ("1/(1+z1^2)", "1/(1+z<sub>1</sub><sup>2</sup>)"),
    ],
)
def test_terms_are_typeset(term: str, label: str) -> None:
    assert term_html(parse_term(term)) == label


@pytest.mark.parametrize(
    "term",
    ["", "z0", "z", "2*z1", "z1+z2", "sin(z1", "__import__('os')", "z1**2", "sin(z1*z2)", "1*1"],
)
def test_anything_else_is_refused(term: str) -> None:
    with pytest.raises(InputError):
        parse_term(term)


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_fail_in_another_way(text: str) -> None:
    try:
        label = term_html(parse_term(text))
    except InputError:
        return
    bare = label
    for tag in ("<sub>", "</sub>", "<sup>", "</sup>"):
        bare = bare.replace(tag, "")
    assert "<" not in bare
