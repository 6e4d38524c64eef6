"""Equations of two runs in the same latents: which terms both have, and with which sign.

Symbols: d latents of the reference. Latent ``found[i]`` of the other run, times ``sign[i]``, goes
along with latent ``true[i]`` of the reference; it takes its number and its sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
import pandas as pd

from scdyn_core.errors import InputError
from scdyn_core.evaluation.disentanglement.matching import Matching
from scdyn_core.evaluation.field.terms import Factor, LibraryTerm, parse_term

#: Functions with ``f(-z) = -f(z)``, with ``f(-z) = f(z)``; the others have no mirror image.
_ODD, _EVEN = frozenset({"sin", "tan", "tanh"}), frozenset({"cos", "reciprocal"})
BOTH, FIRST, SECOND = "both", "only the first", "only the second"


@dataclass(frozen=True)
class TermAgreement:
    """What the active terms of two sets of equations have in common.

    Attributes
    ----------
    first, second, both
        Active terms of each, and of both, over the equations of matched latents.
    expected
        Terms both would have if each equation drew as many at random from its library.
    same_sign
        Share of the terms of both that have the same sign; NaN without any.
    cosine
        Between the coefficients of both over all terms; NaN without active terms.
    """

    first: int
    second: int
    both: int
    expected: float
    same_sign: float
    cosine: float


def may_mirror(equations: pd.DataFrame) -> bool:
    """Return whether every term of a run has a mirror image: ``exp(-z)`` is in no library."""
    factors = [factor for text in equations["term"].unique() for factor in parse_term(text).factors]
    return all(factor.function in {"power", *_ODD, *_EVEN} for factor in factors)


def relabelled(equations: pd.DataFrame, matching: Matching, *, mirror: bool) -> pd.DataFrame:
    """Return equations with latents under the numbers and signs of the reference.

    Parameters
    ----------
    equations
        One replicate of a run's table: equation, term, coefficient, active.
    matching
        Latents of the reference (``true``) and of this run (``found``).
    mirror
        Whether signs change too; only where both runs' terms have mirror images.

    Returns
    -------
    DataFrame
        ``equation``, ``term`` (in one way of writing), ``coefficient`` and ``active``; latents
        without a match get the numbers after the reference's.
    """
    numbers, signs = _new_names(matching, mirror=mirror)
    changed = {text: _changed(parse_term(text), numbers, signs) for text in _texts(equations)}
    equation = equations["equation"].to_numpy(dtype=np.int64) - 1
    _check(int(equation.max(initial=-1)) + 1, len(numbers))
    factor = np.array([changed[text][1] for text in equations["term"]], dtype=np.float64)
    own = np.array([signs[number] for number in equation], dtype=np.float64)
    return pd.DataFrame(
        {
            "equation": [numbers[number] + 1 for number in equation],
            "term": [changed[text][0] for text in equations["term"]],
            "coefficient": equations["coefficient"].to_numpy(dtype=np.float64) * factor * own,
            "active": equations["active"].to_numpy(dtype=bool),
        }
    )


def own_names(equations: pd.DataFrame) -> pd.DataFrame:
    """Return the equations of the reference in the form of ``relabelled``."""
    d = int(equations["equation"].max())
    same = np.arange(d)
    return relabelled(equations, Matching(same, same, np.ones(d, int), np.ones(d), d, d),
                      mirror=False)  # fmt: skip


def side_by_side(sides: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row an equation and term that is active in any side, a column a side.

    Parameters
    ----------
    sides
        Name -> equations in the same latents (``relabelled``); neither ``equation`` nor ``term``.

    Returns
    -------
    DataFrame
        ``equation``, ``term``, then the coefficient in every side: 0 where it is not active, NaN
        where the side has no such equation.
    """
    keys = ["equation", "term"]
    columns = {}
    for name, frame in sides.items():
        value = frame["coefficient"].where(frame["active"], 0.0)
        columns[name] = value.groupby([frame[key] for key in keys], sort=False).sum()
    wide = pd.DataFrame(columns)
    kept = wide[(wide.fillna(0.0) != 0).any(axis=1)]
    for name, frame in sides.items():
        there = kept.index.get_level_values("equation").isin(frame["equation"].unique())
        kept = kept.assign(**{name: kept[name].fillna(0.0).where(there)})
    found = kept.rename_axis(keys).reset_index()
    found["size"] = found["term"].str.len()
    found = found.sort_values(["equation", "size", "term"], ignore_index=True)
    return found.drop(columns="size")


def term_agreement(first: pd.DataFrame, second: pd.DataFrame) -> TermAgreement:
    """Compare two sets of equations in the same latents, over the equations that both have."""
    shared = set(first["equation"]) & set(second["equation"])
    a, b = (frame[frame["equation"].isin(shared)] for frame in (first, second))
    wide = side_by_side({FIRST: a, SECOND: b})
    x, y = (wide[name].to_numpy(dtype=np.float64) for name in (FIRST, SECOND))
    both = (x != 0) & (y != 0)
    length = float(np.linalg.norm(x) * np.linalg.norm(y))
    return TermAgreement(
        first=int((x != 0).sum()),
        second=int((y != 0).sum()),
        both=int(both.sum()),
        expected=sum(_expected(a, b, number) for number in shared),
        same_sign=float((x[both] * y[both] > 0).mean()) if both.any() else float("nan"),
        cosine=float(x @ y) / length if length > 0 else float("nan"),
    )


def _expected(first: pd.DataFrame, second: pd.DataFrame, equation: int) -> float:
    """Return how many terms chance makes active in both: each common term in either by itself.

    With one library it is the mean of the hypergeometric distribution.
    """
    parts = [frame[frame["equation"] == equation] for frame in (first, second)]
    common = len(set(parts[0]["term"]) & set(parts[1]["term"]))
    return common * prod(float(part["active"].mean()) for part in parts)


def _new_names(matching: Matching, *, mirror: bool) -> tuple[list[int], list[float]]:
    """Return number (from 0) and sign of every latent of the other run, in the reference."""
    numbers, signs = [-1] * matching.n_found, [1.0] * matching.n_found
    pairs = zip(
        matching.true.tolist(), matching.found.tolist(), matching.sign.tolist(), strict=True
    )
    for own, theirs, sign in pairs:
        numbers[theirs] = own
        signs[theirs] = float(sign) if mirror else 1.0
    rest = iter(range(matching.n_true, matching.n_true + matching.n_found))
    return [number if number >= 0 else next(rest) for number in numbers], signs


def _changed(term: LibraryTerm, numbers: list[int], signs: list[float]) -> tuple[str, float]:
    """Return a term in the new latents, and the factor that its sign takes."""
    _check(term.latents, len(numbers))
    factor = 1.0
    renamed = []
    for each in term.factors:
        odd = each.power % 2 == 1 if each.function == "power" else each.function in _ODD
        factor *= signs[each.latent] if odd else 1.0
        renamed.append(Factor(numbers[each.latent], each.function, each.power))
    renamed.sort(key=lambda each: (each.latent, each.function, each.power))
    return "*".join(map(_written, renamed)) or "1", factor


def _written(factor: Factor) -> str:
    latent = f"z{factor.latent + 1}"
    if factor.function == "power":
        return latent if factor.power == 1 else f"{latent}^{factor.power}"
    return (
        f"1/(1+{latent}^2)" if factor.function == "reciprocal" else f"{factor.function}({latent})"
    )


def _texts(equations: pd.DataFrame) -> list[str]:
    return [str(text) for text in equations["term"].unique()]


def _check(asked: int, there: int) -> None:
    if asked > there:
        raise InputError(
            "table equations",
            found=f"latent {asked} in a run of {there} latents",
            needed="equations in the latents of the run",
            fix="Open a run made by scdyn; this table was written by something else.",
        )
