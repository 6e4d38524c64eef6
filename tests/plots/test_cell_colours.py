"""Colours of cells, and which of them stand out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.cell_colours import (
    NOT_KNOWN,
    AmountColours,
    GroupColours,
    amount_colours,
    colours_of,
    digest,
)
from scdyn_core.plots.cell_emphasis import Emphasis
from scdyn_core.plots.palette import DARK, LIGHT
from tests.plots.cells_drawn import groups


def test_groups_have_the_order_of_their_categories_and_gaps_a_group_of_their_own() -> None:
    values = pd.Series(pd.Categorical(["b", None, "a"], categories=["b", "a"]))
    found = colours_of(values, "type", LIGHT)
    assert isinstance(found, GroupColours)
    assert found.groups == ("b", "a", NOT_KNOWN)
    assert found.codes.tolist() == [0, 2, 1]
    assert found.hues[2] == LIGHT.muted
    assert found.sizes().tolist() == [1, 1, 1]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_hundred_groups_have_a_hundred_colours(palette: object) -> None:
    values = pd.Series([f"type {n:03d}" for n in range(100)])
    found = colours_of(values, "type", palette)  # type: ignore[arg-type]
    assert isinstance(found, GroupColours)
    assert len(set(found.hues)) == 100


def test_a_scale_is_not_stretched_by_a_few_cells_and_is_neutral_at_zero() -> None:
    amounts = np.concatenate([np.linspace(0, 1, 999), [1e6]]).astype(np.float32)
    one_sign = amount_colours(amounts, "x", LIGHT)
    assert one_sign.high < 1.1
    both = amount_colours(amounts - np.float32(0.3), "x", LIGHT)
    assert both.low == -both.high
    assert both.scale == LIGHT.diverging


def test_a_gene_few_cells_express_has_a_scale_nevertheless() -> None:
    amounts = np.zeros(1000, dtype=np.float32)
    amounts[:3] = [1, 2, 4]
    found = amount_colours(amounts, "x", LIGHT)
    assert (found.low, found.high) == (0, 4)


def test_unknown_amounts_do_not_matter() -> None:
    assert amount_colours(np.full(4, np.nan, dtype=np.float32), "x", LIGHT).high == 1.0


def test_highlighting_greys_and_hiding_removes() -> None:
    colours = groups(6, ("a", "b", "c"))
    front, back = Emphasis(highlighted=frozenset({1})).masks(colours, 6)
    assert front is not None
    assert back is not None
    assert np.flatnonzero(front).tolist() == [1, 4]
    assert np.flatnonzero(back).tolist() == [0, 2, 3, 5]
    front, back = Emphasis(hidden=frozenset({1})).masks(colours, 6)
    assert front is not None
    assert np.flatnonzero(front).tolist() == [0, 2, 3, 5]
    assert back is None


def test_a_hidden_group_stays_hidden_under_a_selection() -> None:
    chosen = Emphasis(hidden=frozenset({1}), selected=np.array([1, 2]))
    front, back = chosen.masks(groups(6, ("a", "b", "c")), 6)
    assert front is not None
    assert back is not None
    assert np.flatnonzero(front).tolist() == [2]
    assert np.flatnonzero(back).tolist() == [0, 3, 5]


def test_a_selection_stands_out_whatever_colours_the_cells() -> None:
    colours = AmountColours("x", np.zeros(4, dtype=np.float32), 0, 1, LIGHT.sequential)
    front, back = Emphasis(selected=np.array([0, 3])).masks(colours, 4)
    assert front is not None
    assert front.tolist() == [True, False, False, True]
    assert back is not None
    assert back.tolist() == [False, True, True, False]


def test_the_digest_of_colours_tells_them_apart() -> None:
    assert digest(groups(6)) == digest(groups(6))
    assert digest(groups(6)) != digest(groups(6, ("a", "c")))
    amounts = AmountColours("x", np.zeros(3, dtype=np.float32), 0, 1, LIGHT.sequential)
    other = AmountColours("x", np.ones(3, dtype=np.float32), 0, 1, LIGHT.sequential)
    assert digest(amounts) != digest(other)
    assert Emphasis(selected=np.array([1])).digest() != Emphasis(selected=np.array([2])).digest()
