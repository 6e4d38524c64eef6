"""What is known of every perturbation before any model is trained, in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.screen.effects import effects
from scdyn_core.evaluation.screen.guide_agreement import guide_agreement
from scdyn_core.evaluation.screen.knock_down import knock_down
from scdyn_core.evaluation.screen.screen import Labels, Screen

_LEVEL = 0.05


def perturbation_table(
    screen: Screen,
    responses: pd.DataFrame,
    targets: Mapping[str, Sequence[str]],
    fitted_on: NDArray[np.bool_],
    *,
    guides: Labels | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Return one row a perturbation, the control first where there is one.

    Parameters
    ----------
    screen
        The cells.
    responses
        As ``responses`` returns it for this screen.
    targets
        Target genes of perturbations, by name; a label without any (a null control) has none.
    fitted_on
        Cells that principal components are learned on, shape ``(n,)``.
    guides
        Guide of every cell, shape ``(n,)``, where known.
    seed
        Draws cells and permutations.

    Returns
    -------
    pandas.DataFrame
        ``perturbation``, ``targets`` (number), ``cells``, ``measured``, ``knock_down``,
        ``knock_down_p``, ``guides``, ``guide_agreement``, ``e_distance``, ``e_distance_p``,
        ``e_distance_p_adjusted``, ``visible``, ``changed_genes`` (adjusted p below .05).
    """
    names = (*([] if screen.control is None else [screen.control]), *screen.names)
    table = pd.DataFrame({"perturbation": np.array(names, dtype=object)})
    table["targets"] = [len(targets.get(name, ())) for name in names]
    table["cells"] = [len(screen.rows[name]) for name in names]
    parts = [knock_down(screen, targets, seed=seed), effects(screen, fitted_on, seed=seed)]
    if guides is None:
        table["guides"] = table["guide_agreement"] = np.nan
    else:
        parts.append(guide_agreement(screen, guides, seed=seed))
    changed = (responses["p_adjusted"] < _LEVEL).groupby(responses["perturbation"]).sum()
    parts.append(changed.rename("changed_genes").rename_axis("perturbation").reset_index())
    for part in parts:
        table = table.merge(part, on="perturbation", how="left", sort=False)
    for column in ("measured", "visible"):
        table[column] = table[column].eq(True).to_numpy(dtype=bool)
    table["changed_genes"] = table["changed_genes"].fillna(0).astype(np.int64)
    return table
