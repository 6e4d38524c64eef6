"""The slots of an AnnData as results are put into them, with the meaning of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from anndata import AnnData


#: Names that mean something else to HDF5 or to anndata.
_TAKEN = ("", ".", "..", "_index")


@dataclass
class Slots:
    """Puts results of one method into an AnnData and remembers what stands where.

    Attributes
    ----------
    key
        The method; every name begins with it, or with ``X_`` and it.
    chosen
        The replicate that stands under the plain names; others have their number, from 1.
    meanings
        Slot -> what it holds.
    labels
        Slot of a matrix -> what its columns are.
    """

    adata: AnnData
    key: str
    chosen: int = 0
    meanings: dict[str, str] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)

    def of_replicate(self, name: str, replicate: int | None) -> str:
        """Return the name a result of a replicate stands under."""
        if replicate is None or replicate == self.chosen:
            return name
        return f"{name}_replicate{replicate + 1}"

    def own(self, axis: str, name: str, longer: str) -> str:
        """Return ``name``, or the longer one where another result stands under it."""
        return longer if f"{axis}[{storable(name)}]" in self.meanings else name

    def column(self, axis: str, name: str, values: pd.Series, meaning: str) -> None:
        """Put one value a cell (``obs``) or gene (``var``); text becomes categories."""
        frame: pd.DataFrame = getattr(self.adata, axis)
        name = storable(name)
        self._tell(axis, name, meaning)
        frame[name] = as_column(values).array

    def matrix(
        self, axis: str, name: str, values: NDArray[Any], meaning: str, labels: list[str]
    ) -> None:
        """Put several values a cell (``obsm``) or gene (``varm``), shape ``(n, columns)``."""
        name = storable(name)
        self._tell(axis, name, meaning)
        getattr(self.adata, axis)[name] = values
        self.labels[name] = labels

    def _tell(self, axis: str, name: str, meaning: str) -> None:
        slot = f"{axis}[{name}]"
        if name in getattr(self.adata, axis) and slot not in self.meanings:
            meaning += " (the data had something else of this name)"
        self.meanings[slot] = meaning


def storable(name: str) -> str:
    """Return a name HDF5 can hold: a slash would make a folder, and dots alone are one."""
    found = name.replace("/", "_").strip()
    return "column" if found in _TAKEN else found


def is_number(values: pd.Series) -> bool:
    """Whether a column holds numbers or truths, none of them missing as an object."""
    return bool(pd.api.types.is_numeric_dtype(values.dtype))


def as_column(values: pd.Series) -> pd.Series:
    """Return a column that an .h5ad can hold: numbers, truths, or categories of text."""
    if is_number(values):
        # Of a type that knows gaps anndata would make a group, which other readers do not expect.
        return pd.Series(values.to_numpy(np.float64, na_value=np.nan)) if values.hasnans else values
    texts = values.map(str, na_action="ignore")
    return texts.astype(pd.CategoricalDtype(sorted(texts.dropna().unique())))
