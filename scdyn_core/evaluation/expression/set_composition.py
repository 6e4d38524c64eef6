"""What groups of cells are made of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scdyn_core.evaluation.expression.groups import Groups


def set_composition(groups: Groups, column: pd.Series) -> pd.DataFrame:
    """Count the levels of a column in groups of cells.

    Parameters
    ----------
    groups
        Cells of every group.
    column
        Level of every cell, such as its sample; cells without one are not counted.

    Returns
    -------
    pandas.DataFrame
        One row a group and level: group, part (the level), cells, of_group (share of the group's
        cells), of_part (share of all cells of the level).
    """
    named = column.astype("category")
    codes = named.cat.codes.to_numpy(dtype=np.int64)
    levels = [str(level) for level in named.cat.categories]
    whole = np.bincount(codes[codes >= 0], minlength=len(levels))
    frames = []
    for name, cells in groups.items():
        own = codes[cells]
        counted = np.bincount(own[own >= 0], minlength=len(levels))
        frames.append(
            pd.DataFrame(
                {
                    "group": name,
                    "part": levels,
                    "cells": counted,
                    "of_group": counted / max(counted.sum(), 1),
                    "of_part": counted / np.maximum(whole, 1),
                }
            )
        )
    columns = ["group", "part", "cells", "of_group", "of_part"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
