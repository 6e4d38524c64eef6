"""Latents that no weight can be found from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError


def not_finite(latent: NDArray[np.floating]) -> ConfigError:
    """Return the error about latents ``(N, D)`` with values that are not finite."""
    cells = int((~np.isfinite(latent).all(axis=1)).sum())
    return ConfigError(
        "latents",
        found=f"values that are not finite in {cells:,} of {len(latent):,} cells",
        needed="a finite number for every cell and dimension",
        fix="Leave these cells out, or find the embedding again.",
    )
