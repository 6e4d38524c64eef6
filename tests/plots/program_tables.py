"""Attributions and enrichment that fit the tables of ``synthetic_run``."""

from __future__ import annotations

import numpy as np
import pandas as pd

GENES, TYPES, LATENTS = 40, 4, 3


def program_tables(
    *, gene: str = "Gene", cell_type: str = "phase ", gene_set: str = "SET_", replicate: int = 0
) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(1)
    genes = [f"{gene}{i}" for i in range(GENES)]
    types = [f"{cell_type}{i + 1}" for i in range(TYPES)]
    latents = range(1, LATENTS + 1)
    decoder = _grid(rng, latent=latents, gene=genes).assign(slope=rng.normal(size=LATENTS * GENES))
    encoder = _grid(rng, gene=genes, latent=latents).assign(slope=rng.normal(size=LATENTS * GENES))
    classifier = _grid(rng, latent=latents, cell_type=types).assign(sd_abs=0.1)
    checks = pd.DataFrame(
        {
            "attribution": ["decoder", "classifier", "encoder", "gene_to_type"],
            "explainer": "exact Shapley values",
            "cells": 60,
            "background": 20,
            "gap": [0.0, 0.0, 0.2, 0.05],
        }
    )
    enrichment = pd.DataFrame(
        [
            (f"z{latent}", f"{gene_set}{i}", 30, 8, rng.normal(0, 3), 0.01 * i, 0.02, 0.04 * i,
             genes[0])
            for latent in latents
            for i in range(1, 6)
        ],
        columns=["program", "gene_set", "set_genes", "matched", "score", "p_adjusted",
                 "random_sets", "random_axes", "leading"],
    ).assign(scores="shap_decoder", source=gene_set)  # fmt: skip
    frames = {
        "shap_decoder": decoder,
        "shap_decoder_types": _grid(rng, cell_type=types, latent=latents, gene=genes),
        "shap_encoder": encoder,
        "shap_classifier": classifier,
        "shap_gene_type": _grid(rng, gene=genes, cell_type=types),
        "shap_checks": checks,
        "enrichment": enrichment,
        "genes": pd.DataFrame({"gene": genes, "sd": np.linspace(0.5, 4, GENES)}),
    }
    for name, frame in frames.items():
        if name != "genes":
            frame.insert(0, "replicate", replicate)
    return frames


def _grid(rng: np.random.Generator, **names: object) -> pd.DataFrame:
    frame = pd.MultiIndex.from_product(names.values(), names=list(names)).to_frame(index=False)
    mean = rng.normal(size=len(frame))
    return frame.assign(mean=mean, mean_abs=np.abs(mean) + 0.1, sd=0.2)
