"""The learned equations as LaTeX, from the terms of our own library."""

from __future__ import annotations

import pandas as pd

from scdyn_core.plots.palette import LIGHT
from scdyn_core.plots.term_stability import STABLE


def equation_latex(
    equations: pd.DataFrame,
    replicate: int,
    *,
    digits: int = 2,
    stability: pd.DataFrame | None = None,
    pale: str = LIGHT.baseline,
) -> list[str]:
    r"""Return one line of LaTeX per equation, ``\dot z_1 = \dots``, strongest terms first.

    Parameters
    ----------
    equations
        A run's table: replicate, equation, latex, coefficient, active.
    replicate
        Which replicate.
    digits
        Significant digits of the coefficients.
    stability
        The run's table of this name; without it all terms look alike.
    pale
        Colour, as ``#rrggbb``, of the terms that are not stable.
    """
    rows = equations[equations["replicate"] == replicate]
    if stability is None:
        rows = rows.assign(stability=1.0)
    else:
        rows = rows.merge(stability[["equation", "term", "stability"]], on=["equation", "term"])
    lines = []
    for number, terms in rows.groupby("equation", sort=True):
        active = terms[terms["active"].astype(bool)]
        active = active.sort_values("coefficient", key=abs, ascending=False)
        pieces = [
            _signed(float(coefficient), str(latex), digits)
            for coefficient, latex in zip(active["coefficient"], active["latex"], strict=True)
        ]
        if pieces:
            pieces[0] = pieces[0].removeprefix("+").strip()
        pieces = [
            piece if share >= STABLE else rf"\textcolor{{{pale}}}{{{piece}}}"
            for piece, share in zip(pieces, active["stability"], strict=True)
        ]
        right = " ".join(pieces) or "0"
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
