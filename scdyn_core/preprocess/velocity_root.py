"""The cell that velocity leaves and does not arrive at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from scdyn_core.preprocess.quiet import quiet_scvelo

if TYPE_CHECKING:
    from anndata import AnnData


@contextmanager
def kept_generator() -> Iterator[None]:
    """Give numpy's global generator back as it was; scVelo seeds it, but it is the caller's."""
    state = np.random.get_state()
    try:
        yield
    finally:
        np.random.set_state(state)


def find_root(adata: AnnData, seed: int) -> int:
    """Fill ``obs.root_cells`` and ``obs.end_points`` (scVelo); return the likeliest root."""
    with kept_generator(), quiet_scvelo() as scv:
        scv.tl.terminal_states(adata, random_state=seed)
    return int(adata.obs["root_cells"].to_numpy().argmax())
