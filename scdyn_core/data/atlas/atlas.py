"""Reading an atlas: one gene, one column, one map at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.atlas.gene_major import Cells, GeneMajor, Values, mapped
from scdyn_core.data.atlas.meta import (
    ATLAS_VERSION,
    META_FILE,
    NAMES_FILE,
    ROWS_FILE,
    AtlasMeta,
)
from scdyn_core.data.text import shown
from scdyn_core.errors import ConfigError, InputError


class Atlas:
    """A dataset laid out by column; memory is used only by what is read.

    Parameters
    ----------
    folder
        As ``write_atlas`` left it.

    Raises
    ------
    InputError
        When the folder is damaged or of another version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with _sound(folder):
            text = (folder / META_FILE).read_text(encoding="utf-8")
            self.meta = AtlasMeta.model_validate_json(text)
        if self.meta.version != ATLAS_VERSION:
            raise _damaged(folder)
        self._genes = {name: position for position, name in enumerate(self.meta.genes)}
        self._columns = {column.name: n for n, column in enumerate(self.meta.columns)}
        self._maps = {name: n for n, name in enumerate(self.meta.embeddings)}

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return self.meta.n_cells

    @property
    def genes(self) -> tuple[str, ...]:
        """Names of the genes."""
        return self.meta.genes

    def __contains__(self, gene: object) -> bool:
        return gene in self._genes

    def values(self, gene: str) -> NDArray[np.float32]:
        """Return the expression of a gene in every cell, shape (cells,)."""
        cells, values = self.nonzero(gene)
        if len(cells) == self.n_cells:
            return values
        whole = np.zeros(self.n_cells, dtype=np.float32)
        whole[cells] = values
        return whole

    def nonzero(self, gene: str) -> tuple[Cells, Values]:
        """Return the cells, ascending, in which a gene may differ from 0, and its expression."""
        position = self._gene(gene)
        if self._logged is not None:
            return self._logged.entries(position)
        cells, counts = self._raw.entries(position)
        return cells, np.log1p(counts * self._depth[cells])

    def counts(self, gene: str) -> tuple[Cells, Values]:
        """Return the cells, ascending, in which a gene was counted, and its raw counts.

        In single precision: whole numbers are exact up to 2**24 in one cell.

        Raises
        ------
        ConfigError
            When the data have no counts.
        """
        if not self.meta.has_counts:
            raise ConfigError(
                "data",
                found="no raw counts",
                needed="a layer with the role counts",
                fix="Set the role on the page Data, or use a method that needs log values only.",
            )
        return self._raw.entries(self._gene(gene))

    def column(self, name: str) -> pd.Series:
        """Return a column about cells: groups (categorical), truth values or numbers."""
        number = self._position(self._columns, name, "column")
        described = self.meta.columns[number]
        stored = self._load(f"column-{number}.npy")
        if described.kind == "category":
            dtype = pd.CategoricalDtype(list(described.levels))
            return pd.Series(pd.Categorical.from_codes(stored, dtype=dtype), name=name)
        return pd.Series(stored, name=name)

    def embedding(self, name: str) -> NDArray[np.float32]:
        """Return a map, shape (cells, dimensions); memory-mapped, one dimension in one piece."""
        number = self._position(self._maps, name, "embedding")
        whole: NDArray[np.float32] = self._load(f"map-{number}.npy").T
        return whole

    def names(self, cells: NDArray[np.integer] | slice) -> list[str]:
        """Return the names of some cells."""
        names: list[str]
        if isinstance(cells, slice):
            start, stop, step = cells.indices(self.n_cells)
            cells = np.arange(start, stop, step)
        names = self._names.take(np.asarray(cells, dtype=np.int64)).to_pylist()
        return names

    def index(self) -> pd.Index:
        """Return the names of all cells, to look cells up by name."""
        names: pd.Index = pd.Index(self._names.to_pandas())
        return names

    def rows(self) -> NDArray[np.int64]:
        """Return the row of every cell in the stored dataset, -1 where it is none of its cells."""
        if (self.folder / ROWS_FILE).exists():
            stored: NDArray[np.int64] = self._load(ROWS_FILE)
            return stored
        return np.arange(self.n_cells, dtype=np.int64)

    @cached_property
    def _logged(self) -> GeneMajor | None:
        return self._matrix("values") if (self.folder / "values").is_dir() else None

    @cached_property
    def _raw(self) -> GeneMajor:
        return self._matrix("counts")

    @cached_property
    def _depth(self) -> NDArray[np.float32]:
        depth: NDArray[np.float32] = self._load("depth.npy")
        return depth

    @cached_property
    def _names(self) -> Any:
        import pyarrow as pa

        with _sound(self.folder):
            source = pa.memory_map(str(self.folder / NAMES_FILE))
            return pa.ipc.open_file(source).read_all().column("cell").combine_chunks()

    def _gene(self, name: str) -> int:
        return self._position(self._genes, name, "gene")

    def _load(self, name: str) -> Any:
        with _sound(self.folder):
            return mapped(self.folder / name)

    def _matrix(self, name: str) -> GeneMajor:
        with _sound(self.folder):
            return GeneMajor(self.folder / name)

    def _position(self, known: dict[str, int], name: str, what: str) -> int:
        if name not in known:
            raise ConfigError(
                what,
                found=f"{shown(name)}, which the data do not have",
                needed=f"one of {len(known):,} known names",
                fix="Choose one from the list.",
            )
        return known[name]


@contextmanager
def _sound(folder: Path) -> Iterator[None]:
    """Say of a file that cannot be read that the atlas is damaged."""
    try:
        yield
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(folder) from error


def _damaged(folder: Path) -> InputError:
    return InputError(
        f"atlas {folder.name}",
        found="a folder that is damaged or of another version",
        needed="the columns of a dataset",
        fix="Delete the folder; it is made anew when it is needed.",
    )
