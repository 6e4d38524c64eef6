"""A figure in words says what is seen, and never more than was meant as text."""

import plotly.graph_objects as go

from scdyn_core.plots.alt_text import alt_text
from scdyn_core.plots.text import escaped


def test_axes_series_and_kind_are_told() -> None:
    figure = go.Figure(
        [
            go.Scatter(x=[0], y=[1], mode="lines", name="model"),
            go.Scatter(x=[0], y=[1], mode="markers", name="cells"),
            go.Scatter(x=[0], y=[1], mode="markers", name="hidden", showlegend=False),
        ]
    )
    figure.update_layout(xaxis_title="time (h)", yaxis_title="dz<sub>1</sub>/dt (1/h)")
    assert alt_text(figure) == (
        "Figure of lines and points; dz 1 /dt (1/h) against time (h); with model, cells."
    )


def test_a_name_with_markup_is_told_letter_by_letter() -> None:
    name = '<img src=x onerror="1">$x$'
    figure = go.Figure(go.Bar(x=[1], y=[1], name=escaped(name)))
    assert name in alt_text(figure)


def test_many_series_are_counted() -> None:
    figure = go.Figure([go.Bar(x=[1], y=[1], name=f"group {n}") for n in range(20)])
    assert alt_text(figure).endswith("group 7 and 12 more.")


def test_nothing_drawn_is_said() -> None:
    assert alt_text(go.Figure()) == "Empty figure."
