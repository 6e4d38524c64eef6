"""Do replicates find the same targets? Jaccard of what each pair of them switches on."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd


def target_agreement(targets: pd.DataFrame) -> pd.DataFrame:
    """Compare the targets of every pair of replicates.

    Parameters
    ----------
    targets
        One row a replicate, perturbation and latent: ``replicate``, ``perturbation``, ``latent``,
        ``on``; latents matched between replicates.

    Returns
    -------
    DataFrame
        ``replicate_a``, ``replicate_b``, ``on_a``, ``on_b`` (how many are on) and ``jaccard``
        (NaN where neither switches anything on).
    """
    wide = targets.pivot(index=["perturbation", "latent"], columns="replicate", values="on")
    on = wide.fillna(False).astype(bool)
    rows = []
    for a, b in combinations(on.columns, 2):
        both, either = int((on[a] & on[b]).sum()), int((on[a] | on[b]).sum())
        jaccard = both / either if either else np.nan
        rows.append((a, b, int(on[a].sum()), int(on[b].sum()), jaccard))
    return pd.DataFrame(rows, columns=["replicate_a", "replicate_b", "on_a", "on_b", "jaccard"])
