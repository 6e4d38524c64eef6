"""The learned equations as LaTeX, from the terms of our own library."""

from __future__ import annotations

import pandas as pd


def equation_latex(equations: pd.DataFrame, replicate: int, *, digits: int = 2) -> list[str]:
    r"""Return one line of LaTeX per equation, ``\dot z_1 = \dots``, strongest terms first.

    Parameters
    ----------
    equations
        A run's table: replicate, equation, latex, coefficient, active.
    replicate
        Which replicate.
    digits
        Significant digits of the coefficients.
    """
    rows = equations[equations["replicate"] == replicate]
    lines = []
    for number, terms in rows.groupby("equation", sort=True):
        active = terms[terms["active"].astype(bool)]
        active = active.sort_values("coefficient", key=abs, ascending=False)
        pieces = [
            _signed(float(coefficient), str(latex), digits)
            for coefficient, latex in zip(active["coefficient"], active["latex"], strict=True)
        ]
        right = " ".join(pieces).removeprefix("+").strip() or "0"
        lines.append(rf"\dot z_{{{number}}} = {right}")
    return lines


def _signed(coefficient: float, latex: str, digits: int) -> str:
    sign = "-" if coefficient < 0 else "+"
    size = _rounded(abs(coefficient), digits)
    return f"{sign} {size}" if latex == "1" else rf"{sign} {size}\,{latex}"


def _rounded(size: float, digits: int) -> str:
    text = f"{size:#.{digits}g}".rstrip(".")
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}"
