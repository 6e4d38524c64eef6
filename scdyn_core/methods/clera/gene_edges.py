"""The genes that latents act on: by SHAP values, by knock-out, by the decoder's derivative."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: Gives a table of a run by name, or ``None`` where there is none.
TableReader = Callable[[str], pd.DataFrame | None]
#: An edge has a sign when it has it in this share of the cells, else 0.
AGREEMENT = 0.95
#: Another replicate has an edge to a gene where its effect is this share of it or more.
HALF = 0.5


def gene_edges(table: TableReader, replicate: int, *, matched: bool) -> Iterator[pd.DataFrame]:
    """Return edges from latents to genes, evidence by evidence.

    Strengths are in sd of the gene, so that genes of few and of many counts can be compared.
    """
    programs, shap, knockout = table("programs"), _shap(table), table("knockout")
    sd = _gene_sd(table("genes"))
    explained = shap is not None and replicate in set(shap["replicate"])
    if shap is not None and explained:
        slope = shap["slope"].fillna(0.0)
        yield _to_genes(shap, shap["mean_abs"], slope, sd, "SHAP", replicate, matched=matched)
    if knockout is not None:
        strength, slope = knockout["mean_abs"], knockout["slope"]
        yield _to_genes(knockout, strength, slope, sd, "knock-out", replicate, matched=matched)
    if programs is not None and not explained:
        effect = programs["effect"]
        name = "decoder derivative"
        yield _to_genes(programs, effect.abs(), effect, sd, name, replicate, matched=matched)


def _shap(table: TableReader) -> pd.DataFrame | None:
    """Return the decoder's SHAP values, of all explained cells and of each cell type.

    Shapley values average to about nothing over cells: which way they go, the slope says.
    """
    shap, typed, cells = table("shap_decoder"), table("shap_decoder_types"), table("cells")
    if shap is None or typed is None or cells is None or "cell_type" not in cells:
        return shap
    ends = ["replicate", "latent", "gene"]
    own = typed[typed["cell_type"].isin(cells["cell_type"].astype(str))]
    signed = own.merge(shap[[*ends, "slope"]], on=ends, how="left")
    return pd.concat([shap.assign(cell_type=None), signed], ignore_index=True)


def _to_genes(
    rows: pd.DataFrame,
    strength: pd.Series,
    slope: pd.Series,
    sd: pd.Series,
    evidence: str,
    replicate: int,
    *,
    matched: bool,
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "replicate": rows["replicate"],
            "source": "z" + rows["latent"].astype(str),
            "target": rows["gene"].astype(str),
            "cell_type": rows.get("cell_type"),
            "value": strength / rows["gene"].map(sd).astype(np.float64),
            "positive": rows.get("positive", np.nan),
            "sign": np.sign(slope).astype(np.int64),
        }
    ).astype({"cell_type": object})
    own = frame[(frame["replicate"] == replicate) & np.isfinite(frame["value"])].copy()
    several = frame["replicate"].nunique() > 1
    own["stability"] = _gene_stability(own, frame) if matched and several else np.nan
    if "positive" in rows:
        own["sign"] = sign_of(own["positive"])
    found: pd.DataFrame = own.assign(
        source_kind="latent",
        target_kind="gene",
        weight=0.0,
        evidence=evidence,
        unit="sd of the gene",
    )
    return found


def _gene_sd(genes: pd.DataFrame | None) -> pd.Series:
    """Return the sd of each gene over the training cells."""
    if genes is None:
        return pd.Series(dtype=np.float64)
    return genes.drop_duplicates("gene").set_index("gene")["sd"].astype(np.float64)


def _gene_stability(own: pd.DataFrame, all_replicates: pd.DataFrame) -> NDArray[np.float64]:
    """Return the share of the replicates where a gene goes the same way, half as strong or more."""
    ends = ["source", "target", "cell_type"]
    numbered = own.assign(row=np.arange(len(own)))
    pairs = numbered.merge(all_replicates, on=ends, suffixes=("", "_other"))
    agrees = (pairs["sign"] == pairs["sign_other"]) & (
        pairs["value_other"] >= HALF * pairs["value"]
    )
    agreeing = np.bincount(pairs["row"], weights=agrees, minlength=len(own))
    return np.asarray(agreeing / all_replicates["replicate"].nunique(), dtype=np.float64)


def sign_of(positive: pd.Series) -> NDArray[np.int64]:
    """Return the sign of effects from the share of the cells in which they are positive."""
    up, down = positive >= AGREEMENT, positive <= 1 - AGREEMENT
    return np.where(up, 1, np.where(down, -1, 0)).astype(np.int64)
