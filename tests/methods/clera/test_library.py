"""The library: how many terms, in which order, and that names mean what is computed."""

import math
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.methods.clera.config import LibraryConfig
from scdyn_core.methods.clera.library import Library
from scdyn_core.methods.clera.published import PUBLISHED

FUNCTIONS = ("reciprocal", "exp", "sin", "cos", "tanh")


def value_of(term, z):
    """Evaluate a term's text by its own grammar, without the library."""
    if term == "1":
        return 1.0
    if called := re.fullmatch(r"(sin|cos|tanh|exp)\(z(\d+)\)", term):
        return getattr(math, called[1])(z[int(called[2]) - 1])
    if inverse := re.fullmatch(r"1/\(1\+z(\d+)\^2\)", term):
        return 1 / (1 + z[int(inverse[1]) - 1] ** 2)
    return math.prod(z[int(factor[1:]) - 1] for factor in term.split("*"))


@settings(deadline=None, max_examples=60)
@given(
    latents=st.integers(1, 4),
    order=st.integers(1, 5),
    constant=st.booleans(),
    functions=st.sets(st.sampled_from(FUNCTIONS)),
    seed=st.integers(0, 99),
)
def test_every_column_is_what_its_name_says(latents, order, constant, functions, seed):
    config = LibraryConfig(order=order, constant=constant, **dict.fromkeys(functions, True))
    library = Library(latents, config)
    z = torch.randn(3, latents, generator=torch.Generator().manual_seed(seed)).double()
    theta = library(z)
    assert theta.shape == (3, library.size)
    for row, latent in zip(theta.tolist(), z.tolist(), strict=True):
        expected = [value_of(term.text, latent) for term in library.terms]
        assert row == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(latents=st.integers(1, 6), order=st.integers(1, 5))
def test_size_is_the_count_of_monomials(latents, order):
    library = Library(latents, LibraryConfig(order=order))
    assert library.size == math.comb(latents + order, order)
    assert len({term.text for term in library.terms}) == library.size
    assert len({term.latex for term in library.terms}) == library.size


def test_published_library_has_46_terms_in_the_published_order():
    library = Library(PUBLISHED.latents, PUBLISHED.library)
    texts = [term.text for term in library.terms]
    assert len(texts) == 46
    assert texts[:2] == ["1", "z1"]
    assert texts[7] == "1/(1+z1^2)"
    assert texts[13] == "exp(z1)"
    assert texts[19:21] == ["z1*z1", "z1*z2"]
    assert texts[-6:] == [f"sin(z{i})" for i in range(1, 7)]


def test_works_under_vmap():
    library = Library(3, LibraryConfig(order=3, sin=True))
    z = torch.randn(4, 5, 3)
    torch.testing.assert_close(torch.func.vmap(library)(z), torch.stack([library(k) for k in z]))
