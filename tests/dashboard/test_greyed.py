"""No widget is greyed without a word: every ``disabled=`` says why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard._ui.greyed import greyed

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"


def silent(source: str) -> Iterator[int]:
    """Yield the lines of calls that grey a widget and whose help cannot say why.

    A help that is always the same says what a widget does, not why it cannot be used now.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            if "disabled" in given and isinstance(given.get("help"), ast.Constant | None):
                yield node.lineno


@pytest.mark.parametrize("path", sorted(DASHBOARD.rglob("*.py")), ids=lambda path: path.name)
def test_a_greyed_widget_says_why(path: Path) -> None:
    assert [*silent(path.read_text())] == []


def test_a_silent_one_would_be_found() -> None:
    assert [*silent("st.button('Go', disabled=busy)")] == [1]
    assert [*silent("st.button('Go', disabled=busy, help='Goes')")] == [1]
    assert [*silent("st.button('Go', disabled=why is not None, help=why)")] == []


def test_the_reason_takes_the_place_of_the_help() -> None:
    assert greyed("Nothing is chosen.", "Goes") == {"disabled": True, "help": "Nothing is chosen."}
    assert greyed(None, "Goes") == {"disabled": False, "help": "Goes"}
