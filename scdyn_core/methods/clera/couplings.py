"""How the latents act on each other in some cells, by the equations.

Symbols: f (d,) right-hand side of dz/dt = f(z); J (n, d, d) its Jacobian at n cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.terms import parse_term

#: Fewer held-out cells of a type say nothing about it.
FEWEST_CELLS = 5


@dataclass(frozen=True)
class Coupling:
    """How latents act on latents in some cells; all ``(d, d)``, source i of target j at ``[j, i]``.

    Attributes
    ----------
    present
        Whether the source is in an active term of the target's equation.
    value
        ``sd(z_i) · sqrt(mean J_ji²)``: the motion of the target that one sd of the source makes
        in a typical cell (a derivative-based sensitivity measure; Sobol' and Kucherenko 2009,
        doi:10.1016/j.matcom.2009.01.023).
    positive
        Share of the cells in which ``J_ji > 0``.
    direction
        Sign of the mean of ``J_ji``.
    """

    present: NDArray[np.bool_]
    value: NDArray[np.float64]
    positive: NDArray[np.float64]
    direction: NDArray[np.float64]


def couplings_of(
    equations: pd.DataFrame, latent: pd.DataFrame, cells: pd.DataFrame | None, replicate: int
) -> dict[str | None, Coupling]:
    """Return the couplings of a replicate on held-out cells: all (``None``) and each type's."""
    field = LearnedField.of(equations, replicate)
    present = _inputs(equations, replicate, field.dimension)
    own = latent[(latent["replicate"] == replicate) & (latent["part"] == "test")]
    z = own[[f"z{i + 1}" for i in range(field.dimension)]].to_numpy(np.float64)
    sd = z.std(axis=0)
    found = {}
    for cell_type, chosen in _groups(own, cells):
        slope = field.jacobian(z[chosen])
        found[cell_type] = Coupling(
            present=present,
            value=np.sqrt((slope**2).mean(axis=0)) * sd,
            positive=(slope > 0).mean(axis=0),
            direction=np.sign(slope.mean(axis=0)),
        )
    return found


def _inputs(equations: pd.DataFrame, replicate: int, d: int) -> NDArray[np.bool_]:
    """Return whether latent i is in an active term of equation j, at ``[j, i]``."""
    inputs = np.zeros((d, d), dtype=bool)
    rows = equations[(equations["replicate"] == replicate) & equations["active"].astype(bool)]
    for equation, term in zip(rows["equation"], rows["term"].astype(str), strict=True):
        for factor in parse_term(term).factors:
            inputs[int(equation) - 1, factor.latent] = True
    return inputs


def _groups(
    latent: pd.DataFrame, cells: pd.DataFrame | None
) -> Iterator[tuple[str | None, NDArray[np.bool_]]]:
    yield None, np.ones(len(latent), dtype=bool)
    if cells is None or "cell_type" not in cells:
        return
    types = cells.drop_duplicates("cell").set_index("cell")["cell_type"].reindex(latent["cell"])
    for name, size in types.value_counts().items():
        if size >= FEWEST_CELLS:
            yield str(name), (types == name).to_numpy(dtype=bool)
