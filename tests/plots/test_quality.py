"""Figures of data quality and composition."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.composition import composition_bars
from scdyn_core.plots.palette import DARK, LIGHT, Palette
from scdyn_core.plots.quality import before_after, distribution, variable_genes

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("values", [[5.0] * 4, [0.0, 1.0, 20.0, 400.0]])
def test_every_cell_is_in_one_bar(values: list[float], log: bool) -> None:
    figure = distribution(pd.Series(values), "Counts", LIGHT, log=log)
    expected = sum(value > 0 for value in values) if log else len(values)
    assert sum(figure.data[0].y) == expected


def test_a_measure_that_is_zero_everywhere_draws_nothing_on_a_logarithmic_axis() -> None:
    assert len(distribution(pd.Series([0.0, 0.0]), "Counts", LIGHT, log=True).data) == 0


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_before_and_after_say_how_many_cells_they_hold(palette: Palette) -> None:
    before, after = pd.Series(np.arange(1200.0)), pd.Series(np.arange(900.0))
    figure = before_after(before, after, "Counts", palette, log=True)
    assert [trace.name for trace in figure.data] == [
        "before<br>1,200 cells",
        "after<br>900 cells",
    ]
    assert max(figure.data[0].y) == pytest.approx(np.log10(1200))


def genes(n: int = 30) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "gene": [f"{HOSTILE}{i}" for i in range(n)],
            "mean": rng.random(n),
            "variability": rng.random(n),
            "chosen": np.arange(n) < 10,
        }
    )


def test_the_chosen_genes_stand_out_and_their_labels_do_not_touch() -> None:
    figure = variable_genes(genes(), LIGHT)
    assert [len(trace.x) for trace in figure.data] == [20, 10]
    labels = [(note.x, note.y) for note in figure.layout.annotations]
    assert labels
    for i, (x, y) in enumerate(labels):
        assert all(abs(x - u) > 0.1 or abs(y - v) > 0.05 for u, v in labels[:i])


def test_names_are_shown_letter_by_letter() -> None:
    counted = pd.DataFrame({"group": [HOSTILE], "part": [HOSTILE], "cells": [3]})
    bars = composition_bars(counted, LIGHT, by=HOSTILE, split=HOSTILE)
    for figure in (variable_genes(genes(), LIGHT), bars):
        assert "<img" not in figure.to_json().replace("&lt;img", "")
        assert "\\u003cimg" not in figure.to_json()


def test_bars_are_sorted_and_shares_sum_to_one_hundred() -> None:
    counted = pd.DataFrame({"group": ["a", "a", "b"], "part": ["x", "y", "x"], "cells": [1, 3, 10]})
    figure = composition_bars(counted, LIGHT, by="kind", split="arm", share=True)
    assert list(figure.data[0].y) == ["b", "a"]
    assert np.sum([trace.x for trace in figure.data], axis=0).tolist() == [100, 100]
