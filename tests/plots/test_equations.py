"""Equations as LaTeX."""

import pandas as pd
import pytest

from scdyn_core.plots.equations import equation_latex
from tests.plots.synthetic_run import equations_table


def table(*rows: tuple[str, float]) -> pd.DataFrame:
    latex, coefficients = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "replicate": 0,
            "equation": 1,
            "latex": latex,
            "coefficient": coefficients,
            "active": [coefficient != 0 for coefficient in coefficients],
        }
    )


def test_the_strongest_term_comes_first() -> None:
    lines = equation_latex(equations_table(1), 0)
    assert len(lines) == 3
    assert lines[0].startswith(r"\dot z_{1} = - 0.35\,z_{2} + 0.15\,z_{1}")
    assert lines[2] == r"\dot z_{3} = - 0.50\,z_{3}"


def test_nothing_active_is_zero() -> None:
    assert equation_latex(table(("z_{1}", 0.0)), 0) == [r"\dot z_{1} = 0"]


@pytest.mark.parametrize(
    ("coefficient", "text"),
    [
        (0.12345, "0.12"),
        (12.3, "12"),
        (-0.5, "- 0.50"),
        (1.5e-7, r"1.5 \times 10^{-7}"),
        (123.0, r"1.2 \times 10^{2}"),
    ],
)
def test_coefficients_are_rounded(coefficient: float, text: str) -> None:
    assert equation_latex(table(("1", coefficient)), 0) == [rf"\dot z_{{1}} = {text}"]
