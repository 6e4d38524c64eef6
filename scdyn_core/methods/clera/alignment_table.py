"""How well the replicates agree once their latents are matched: latents, and motion in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.split import Part
from scdyn_core.evaluation.linear_map import LinearMap
from scdyn_core.methods.clera.alignment import correlations
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.readout import Readout
from scdyn_core.methods.method import Table

Matrix = NDArray[np.floating]


def field_agreement(readouts: Sequence[Mapping[Part, Readout]]) -> Matrix:
    """Return how much of each replicate's field every other explains, shape ``(K, K)``.

    Entry ``[i, j]``: the share of the motion of ``j`` explained by that of ``i`` carried over by
    the best linear map of latents, which is learned on training cells; on validation cells.
    """
    shares = np.ones((len(readouts), len(readouts)))
    for i, a in enumerate(readouts):
        for j, b in enumerate(readouts):
            if i != j:
                carried = LinearMap.between(a["train"].z, b["train"].z)
                shares[i, j] = carried.field_share(a["validation"].dzhat, b["validation"].dzhat)
    return shares


def alignment_table(
    networks: Sequence[CleraNetwork],
    readouts: Sequence[Mapping[Part, Readout]],
    reference: int,
) -> Table:
    """One row a replicate and latent: how well it agrees with the reference on test cells."""
    target = readouts[reference]
    rows = []
    for number, (network, own) in enumerate(zip(networks, readouts, strict=True)):
        correlation = np.diag(correlations(target["test"].z, own["test"].z))
        carried = LinearMap.between(own["train"].z, target["train"].z)
        r2 = carried.r2(own["test"].z, target["test"].z)
        share = carried.field_share(own["test"].dzhat, target["test"].dzhat)
        cosine = carried.field_cosine(own["test"].dzhat, target["test"].dzhat)
        rows += [
            (number, reference, latent + 1, abs(origin), 1 if origin > 0 else -1,
             float(correlation[latent]), float(r2[latent]), share, cosine)
            for latent, origin in enumerate(network.latent_origin)
        ]  # fmt: skip
    meanings = {
        "replicate": "seed number",
        "reference": "replicate the latents are matched to: the one whose latents agree best with "
        "those of all others, by mean |correlation| on validation cells",
        "latent": "number of the latent in every table of this run",
        "matched_latent": "number of this latent in the replicate as it was trained",
        "sign": "-1 where the latent was turned round to match",
        "correlation": "correlation with the reference's latent of this number, on test cells",
        "affine_r2": "share of the variance of the reference's latent of this number that the best "
        "linear map of all latents explains; map learned on training cells, test cells measured",
        "field_share": "share of the reference's motion that this replicate's equations explain "
        "after that map, on test cells; the same in every row of a replicate",
        "field_cosine": "mean cosine of the two motions after that map, on test cells; the same in "
        "every row of a replicate",
    }
    return Table(pd.DataFrame(rows, columns=list(meanings)), meanings)
