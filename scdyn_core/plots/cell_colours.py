"""How cells are coloured: by the group they are in, or by an amount."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.plots.palette import Palette

NOT_KNOWN = "not known"
#: Shares of the cells beyond which amounts get no colour of their own.
_TAIL = 0.01


@dataclass(frozen=True)
class GroupColours:
    """A group for every cell.

    Attributes
    ----------
    title
        What the groups are (may be hostile).
    codes
        Position of the group of every cell in ``groups``, shape (cells,).
    groups
        Names (may be hostile), in order.
    hues
        Colour of every group.
    """

    title: str
    codes: NDArray[np.int32]
    groups: tuple[str, ...]
    hues: tuple[str, ...]

    def sizes(self) -> NDArray[np.int64]:
        """Return the cells in every group."""
        return np.bincount(self.codes, minlength=len(self.groups)).astype(np.int64)


@dataclass(frozen=True)
class AmountColours:
    """An amount for every cell; NaN where it is not known.

    Attributes
    ----------
    title
        What is measured, with its unit (may be hostile).
    amounts
        Shape (cells,).
    low, high
        Amounts at the ends of the scale.
    scale
        Colours from ``low`` to ``high``.
    """

    title: str
    amounts: NDArray[np.float32]
    low: float
    high: float
    scale: tuple[str, ...]

    def unknown(self) -> NDArray[np.bool_] | None:
        """Return which cells have no amount; ``None`` when all have one."""
        missing: NDArray[np.bool_] = ~np.isfinite(self.amounts)
        return missing if missing.any() else None


CellColours = GroupColours | AmountColours


def colours_of(values: pd.Series, title: str, palette: Palette) -> CellColours:
    """Return the colours of cells from a column: amounts for numbers, groups for the rest."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return amount_colours(values.to_numpy(dtype=np.float32), title, palette)
    return group_colours(values, title, palette)


def group_colours(values: pd.Series, title: str, palette: Palette) -> GroupColours:
    """Return one colour a group; the order is that of the categories."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("string").astype("category")
    groups = tuple(map(str, values.cat.categories))
    codes: NDArray[np.int32] = np.asarray(values.cat.codes, dtype=np.int32)
    if (codes < 0).any():
        groups = (*groups, NOT_KNOWN)
        codes = np.where(codes < 0, len(groups) - 1, codes).astype(np.int32)
    return GroupColours(title, codes, groups, hues_for(groups, palette))


def hues_for(groups: Sequence[str], palette: Palette) -> tuple[str, ...]:
    """Return a colour for every group; with more groups than the palette has, names must help."""
    hues: Sequence[str] = palette.categorical
    if len(groups) > len(hues):
        import colorcet

        hues = colorcet.glasbey_light if palette.dark else colorcet.glasbey_dark
    chosen = [hues[position % len(hues)] for position in range(len(groups))]
    return tuple(
        palette.muted if name == NOT_KNOWN else hue
        for name, hue in zip(groups, chosen, strict=True)
    )


def amount_colours(amounts: NDArray[np.float32], title: str, palette: Palette) -> AmountColours:
    """Return a scale that the farthest hundredth at either end does not stretch.

    Amounts of both signs get a scale that is neutral at 0.
    """
    finite = amounts[np.isfinite(amounts)]
    if not len(finite):
        return AmountColours(title, amounts, 0.0, 1.0, tuple(palette.sequential))
    low, high = (float(end) for end in np.quantile(finite, [_TAIL, 1 - _TAIL]))
    if low == high:
        # Most cells are alike, as with a gene few express: the scale is that of the others.
        low, high = float(finite.min()), float(finite.max())
    if low < 0 < high:
        reach = max(-low, high)
        return AmountColours(title, amounts, -reach, reach, tuple(palette.diverging))
    return AmountColours(
        title, amounts, low, high if high > low else low + 1.0, tuple(palette.sequential)
    )


def digest(colours: CellColours) -> str:
    """Return a short text that differs when any cell's colour does."""
    told = hashlib.blake2b(digest_size=16)
    if isinstance(colours, GroupColours):
        told.update(repr((colours.title, colours.groups, colours.hues)).encode())
        told.update(np.ascontiguousarray(colours.codes).data)
    else:
        told.update(repr((colours.title, colours.low, colours.high, colours.scale)).encode())
        told.update(np.ascontiguousarray(colours.amounts).data)
    return told.hexdigest()
