"""All tables of a run."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from tests.plots.synthetic_screen.perturbations import perturbations_of
from tests.plots.synthetic_screen.planted import (
    CELLS,
    CONTROL,
    CONTROLS,
    NULL,
    PATHWAY,
    expression_of,
    loadings_of,
    shifts_of,
)
from tests.plots.synthetic_screen.prediction import calibration_of, scores_of
from tests.plots.synthetic_screen.responses import responses_of
from tests.plots.synthetic_screen.similarity import map_of, similarity_of
from tests.plots.synthetic_screen.targets import (
    latent_genes_of,
    latent_of,
    latents_of,
    sparsity_path_of,
    target_matrix_of,
    targets_of,
)
from tests.plots.synthetic_screen.truth import held_out_of, truth_of


def screen_tables(
    seed: int = 0,
    held_out: bool = True,
    truth: bool = True,
    *,
    singles: int = 14,
    combinations: int = 4,
    latents: int = 8,
    genes: int = 60,
    cells: int = CELLS,
    prefix: str = "",
) -> dict[str, pd.DataFrame]:
    """Every table of a finished run.

    Parameters
    ----------
    seed
        Of everything.
    held_out
        Whether two singles and one combination were kept from training.
    truth
        Whether the planted truth is told.
    singles, combinations, latents, genes, cells
        How many; cells are those of one perturbation, more or less.
    prefix
        Begins every name of a gene, a cell and a perturbation but not the label ``control`` of
        its kind; may be hostile.
    """
    tables = _tables(seed, held_out, singles, combinations, latents, genes, cells)
    tables = {name: frame.copy() for name, frame in tables.items()}
    if not truth:
        tables = {name: tables[name] for name in tables if not name.startswith("tru")}
    for frame in tables.values() if prefix else ():
        for column in ("perturbation", "perturbation_a", "perturbation_b", "gene", "cell"):
            if column in frame:
                frame[column] = ["+".join(prefix + one for one in name.split("+"))
                                 for name in frame[column]]  # fmt: skip
        for column in ("top_up", "top_down"):
            if column in frame:
                frame[column] = [", ".join(prefix + one for one in names.split(", "))
                                 for names in frame[column]]  # fmt: skip
    return tables


@cache
def _tables(
    seed: int, held_out: bool, singles: int, combinations: int, latents: int, genes: int, cells: int
) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    gene_names = np.array([f"G{number:02d}" for number in range(genes)])
    target_of = [f"G{number:02d}" if number % 7 else f"X{number:02d}" for number in range(singles)]
    pairs = [(one % singles, (one + PATHWAY + 1) % singles) for one in range(combinations)]
    names = [CONTROL, NULL, *target_of, *(f"{target_of[a]}+{target_of[b]}" for a, b in pairs)]
    kinds = ["control", "null control"] + ["single"] * singles + ["combination"] * combinations
    shifts = shifts_of(rng, singles, pairs, latents)
    kept = {names[2 + singles - 2], names[2 + singles - 1], names[-1]} if held_out else set()

    sizes = rng.integers(cells - cells // 3, 2 * cells, len(names) - 1)
    label = np.repeat(np.arange(len(names)), [CONTROLS, *sizes])
    z = shifts[label] + rng.normal(0, 1, (len(label), latents))
    part = rng.choice(["train", "validation", "test"], len(label), p=[0.6, 0.2, 0.2])
    outside = np.isin(np.array(names)[label], list(kept))
    part = np.where(outside, rng.choice(["adapt", "test"], len(label)), part)
    loadings = loadings_of(rng, latents, genes)
    expression, total = expression_of(rng, z, loadings, label, names, gene_names)
    responses = responses_of(names, gene_names, label, part, expression, kept, latents)
    measured = {name: all(one in gene_names for one in name.split("+")) for name in names}

    on = shifts != 0
    targets = targets_of(rng, names, shifts)
    matrix = target_matrix_of(targets)
    perturbations = perturbations_of(
        rng, names, kinds, kept, label, part, measured, responses, expression, targets
    )
    effect = matrix.pivot(index="perturbation", columns="latent", values="effect").loc[names]
    majority = matrix.pivot(index="perturbation", columns="latent", values="on").loc[names]
    scores = scores_of(names, kinds, kept, label, part, expression, responses)
    tables = {
        "perturbations": perturbations,
        "latents": latents_of(rng, majority, loadings, gene_names, z, label),
        "targets": targets,
        "target_matrix": matrix,
        "latent_genes": latent_genes_of(rng, loadings, gene_names),
        "sparsity_path": sparsity_path_of(rng, names, shifts),
        "similarity": similarity_of(names, effect.to_numpy(), majority.to_numpy(), responses),
        "similarity_map": map_of(names, responses),
        "cells": pd.DataFrame(
            {
                "cell": [f"cell{number}" for number in range(len(label))],
                "part": part,
                "perturbation": np.array(names)[label],
                "umap_1": z[:, 0] + 0.5 * z[:, 2] + 0.2 * rng.normal(size=len(z)),
                "umap_2": z[:, 1 % latents] - 0.4 * z[:, -1] + 0.2 * rng.normal(size=len(z)),
                "total": total,
            }
        ),
        "latent": latent_of(rng, z, part),
        "responses": responses,
        "prediction_scores": scores,
        "calibration": calibration_of(scores),
        "truth": truth_of(rng),
        "true_targets": pd.DataFrame(
            [(name, latent + 1, bool(on[row, latent]))
             for row, name in enumerate(names) for latent in range(latents)],
            columns=["perturbation", "latent", "on"],
        ),
    }  # fmt: skip
    if held_out:
        tables["held_out"] = held_out_of(rng, perturbations)
    return tables
