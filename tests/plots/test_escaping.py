"""Names that came with a file are never interpreted by a figure."""

import json
import re
import tempfile
from pathlib import Path

import plotly.graph_objects as go
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scdyn_core.evaluation.score import Score
from scdyn_core.plots.catalogue import figures_of_run
from scdyn_core.plots.coefficient_map import term_label
from scdyn_core.plots.loss_comparison import loss_comparison_figure
from scdyn_core.plots.score_comparison import comparison_figure
from scdyn_core.plots.text import escaped
from tests.plots.synthetic_run import SCORES, equations_table, metrics, tables, write_run

ATTACK = '<img src=x onerror=alert(1)>&lt;$\\frac{1}{2}$<a href="javascript:alert(1)">x</a>'
#: All the markup our own labels use.
OURS = re.compile(r"</?(?:sub|sup|b|i|br|extra)>")


def texts(node: object) -> list[str]:
    """Every string a figure hands to the browser."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, dict):
        return [text for value in node.values() for text in texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value)]
    return []


def assert_inert(figure: go.Figure) -> None:
    for text in texts(json.loads(figure.to_json())):
        assert "<" not in OURS.sub("", text), text
        assert "$" not in text, text


@given(st.text())
@example(ATTACK)
def test_escaped_text_has_no_markup_and_no_latex(text: str) -> None:
    safe = escaped(text)
    assert not set(safe) & set("<>$")
    assert re.sub(r"&(amp|lt|gt|#36);", "", safe).count("&") == 0


@given(st.text(max_size=80))
@example(ATTACK)
def test_unknown_terms_are_shown_letter_by_letter(text: str) -> None:
    assert "<" not in OURS.sub("", term_label(text))


@pytest.fixture(scope="module")
def hostile_figures() -> dict[str, go.Figure]:
    frames = tables(gene=ATTACK, cell_type=ATTACK)
    equations = equations_table(2)
    equations["term"] = equations["term"].where(equations["active"], ATTACK)
    frames["equations"] = equations
    frames["derivative_sources"] = frames["derivative_sources"].assign(
        source=ATTACK, baseline=ATTACK
    )
    scores = [
        Score(metric=ATTACK, value=1.0, split=ATTACK, better="higher", baselines={ATTACK: 0.5})
    ]
    with tempfile.TemporaryDirectory() as folder:
        return figures_of_run(write_run(Path(folder), frames=frames, scores=scores))


def test_no_figure_of_a_run_interprets_names(hostile_figures: dict[str, go.Figure]) -> None:
    assert len(hostile_figures) >= 10
    for figure in hostile_figures.values():
        assert_inert(figure)


@settings(max_examples=10, deadline=None)
@given(st.text(min_size=1, max_size=30))
@example(ATTACK)
def test_no_comparison_interprets_names_of_runs(name: str) -> None:
    import pandas as pd

    assert_inert(comparison_figure({name: SCORES}))
    assert_inert(loss_comparison_figure({name: pd.DataFrame(metrics())}))
