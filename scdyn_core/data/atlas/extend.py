"""The atlas of a dataset that has one more column than another, made without reading matrices."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from scdyn_core.data.appearing import appearing
from scdyn_core.data.atlas.atlas import Atlas
from scdyn_core.data.atlas.meta import META_FILE, MOST_LEVELS
from scdyn_core.data.columns import describe


def extend_atlas(old: Path, new: Path, name: str, values: pd.Categorical) -> None:
    """Write an atlas with one more column; whatever both have is shared on disk.

    Parameters
    ----------
    old
        An atlas.
    new
        Where the new one goes, named by its key; it appears whole, and one that is there stays.
    name, values
        The column, a value for every cell.

    Raises
    ------
    InputError
        When the old atlas is damaged.
    OSError
        When files cannot be shared there.
    """
    meta = Atlas(old).meta
    frame = pd.DataFrame({name: values})
    with appearing(new) as scratch:
        # Files of an atlas are never changed, so two folders may hold the same ones.
        shutil.copytree(old, scratch, copy_function=os.link, dirs_exist_ok=True)
        np.save(
            scratch / f"column-{len(meta.columns)}.npy",
            np.asarray(values.codes, dtype=np.int16),
            allow_pickle=False,
        )
        columns = (*meta.columns, *describe(frame, most_levels=MOST_LEVELS))
        update = {"key": new.name, "columns": columns}
        (scratch / META_FILE).unlink()
        text = meta.model_copy(update=update).model_dump_json()
        (scratch / META_FILE).write_text(text, encoding="utf-8")
