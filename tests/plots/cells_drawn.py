"""Cells to draw, and what was drawn."""

from __future__ import annotations

import base64
import io

import numpy as np
import pandas as pd
from PIL import Image

from scdyn_core.plots.cell_colours import (
    GroupColours,
    colours_of,
)
from scdyn_core.plots.cell_map import CellMap
from scdyn_core.plots.palette import LIGHT


def scattered(n: int, seed: int = 0) -> CellMap:
    xy = np.random.default_rng(seed).normal(size=(n, 2)).astype(np.float32)
    return CellMap(xy, ("UMAP 1", "UMAP 2"), measured=False)


def groups(n: int, names: tuple[str, ...] = ("a", "b")) -> GroupColours:
    values = pd.Series(pd.Categorical.from_codes(np.arange(n) % len(names), list(names)))
    found = colours_of(values, "type", LIGHT)
    assert isinstance(found, GroupColours)
    return found


def pixels(url: str) -> np.ndarray:
    content = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))
