"""Intervals of terms, and how pale what is not stable becomes."""

import numpy as np
import pytest

from scdyn_core.methods.clera.stability import stability_table
from scdyn_core.plots.coefficient_map import coefficient_figure
from scdyn_core.plots.equations import equation_latex
from scdyn_core.plots.palette import DARK, LIGHT
from scdyn_core.plots.term_stability import term_stability_figure
from tests.plots.synthetic_run import equations_table


@pytest.fixture
def wavering():
    """Equations of four replicates: sin z3 is in one of them, z2 of equation 2 changes sign."""
    equations = equations_table(4)
    waver = (equations["equation"] == 2) & (equations["term"] == "z2")
    equations.loc[waver & (equations["replicate"] < 2), "coefficient"] *= -1
    return equations, stability_table(equations).frame


def traces(figure, kind, column):
    """Traces of a kind in one column of panels; the first column has axes x, x3, x5."""
    odd = [trace for trace in figure.data if trace.type == kind]
    return [t for t in odd if (int((t.xaxis or "x").strip("x") or 1) - 1) % 2 == column - 1]


def test_every_kept_term_has_its_mean_and_interval(wavering):
    equations, stability = wavering
    figure = term_stability_figure(stability, equations)
    marks = [trace for trace in traces(figure, "scatter", 1) if trace.error_x.array is not None]
    drawn = sum(len(trace.x) for trace in marks)
    assert drawn == (stability["inclusion"] > 0).sum() == 10
    third = next(t for t in marks if any(data[0] == "sin z<sub>3</sub>" for data in t.customdata))
    row = [data[0] for data in third.customdata].index("sin z<sub>3</sub>")
    assert third.marker.color[row] == LIGHT.background  # in one of four: hollow


def test_a_term_with_a_wavering_sign_is_not_stable(wavering):
    _, stability = wavering
    row = stability.set_index(["equation", "term"]).loc[(2, "z2")]
    assert (row["inclusion"], row["stability"]) == (1.0, 0.5)


def test_the_share_expected_by_chance_is_a_line_in_every_panel(wavering):
    equations, stability = wavering
    figure = term_stability_figure(stability, equations)
    lines = [trace.x[0] for trace in traces(figure, "scatter", 2)]
    assert lines == pytest.approx([4 / 9, 4 / 9, (4 + 1) / 36])
    bars = traces(figure, "bar", 2)
    assert sorted(bars[2].x) == [0.25, 1.0]


def test_one_replicate_has_intervals_and_no_shares():
    equations = equations_table(1)
    deviations = np.random.default_rng(0).normal(0, 0.01, (50, 9, 3))
    figure = term_stability_figure(stability_table(equations, deviations).frame, equations)
    assert not [trace for trace in figure.data if trace.type == "bar"]
    assert all(max(t.error_x.array) > 0 for t in figure.data if t.error_x.array is not None)


def test_unstable_coefficients_are_veiled_and_stable_ones_are_not(wavering):
    equations, stability = wavering
    heat, veil = coefficient_figure(equations, 1, stability=stability, palette=DARK).data
    cover = dict(zip(heat.x, np.asarray(veil.z, dtype=float)[2], strict=True))
    assert cover["z<sub>3</sub>"] == 0.0
    assert cover["sin z<sub>3</sub>"] == 0.75
    assert veil.colorscale[0][1] == "rgba(17,23,28,0)"
    assert len(coefficient_figure(equations, 1).data) == 1


def test_unstable_terms_are_grey_in_the_formula(wavering):
    equations, stability = wavering
    lines = equation_latex(equations, 1, stability=stability, pale="#5F6B76")
    assert lines[2] == r"\dot z_{3} = - 0.50\,z_{3} \textcolor{#5F6B76}{+ 0.020\,\sin z_{3}}"
    assert lines[0].count("textcolor") == 0
    assert lines[1].count("textcolor") == 1
    plain = equation_latex(equations, 1)
    assert not any("textcolor" in line for line in plain)


def test_without_any_term_the_figure_is_empty_and_does_not_fail():
    equations = equations_table(2).assign(active=False, coefficient=0.0)
    figure = term_stability_figure(stability_table(equations).frame, equations)
    assert figure.layout.height > 0
