"""Which perturbations did alike: by the latents they shift, and by the genes that respond."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.methods.method import Table

Matrix = NDArray[np.float64]
#: Pairs of more perturbations are not listed: those with the largest shifts are.
MOST = 500


def similarity_table(
    effects: Matrix, on: NDArray[np.bool_], responses: pd.DataFrame, names: list[str]
) -> Table:
    """One row a pair of perturbations.

    Parameters
    ----------
    effects, on
        Expected shifts, and which latents are shifted, each ``(K, L)``.
    responses
        Changes of genes, perturbations × genes.
    names
        Names of the rows of ``effects``; the control, which has no response, is left out.
    """
    rows = [row for row, name in enumerate(names) if name in responses.index]
    strongest = sorted(rows, key=lambda row: -float(np.square(effects[row]).sum()))[:MOST]
    kept = sorted(strongest)
    own = [names[row] for row in kept]
    cosine = _cosine(effects[kept] * on[kept])
    correlation = _correlation(responses.loc[own].to_numpy(dtype=np.float64))
    shared = _jaccard(on[kept])
    first, second = np.triu_indices(len(own), 1)
    label = np.array(own, dtype=object)
    frame = pd.DataFrame(
        {
            "perturbation_a": label[first],
            "perturbation_b": label[second],
            "shift_cosine": cosine[first, second],
            "response_correlation": correlation[first, second],
            "shared_targets": shared[first, second],
        }
    )
    return Table(
        frame,
        {
            "perturbation_a": "one perturbation",
            "perturbation_b": "another one",
            "shift_cosine": "cosine of their shifts of latents; empty where one shifts none",
            "response_correlation": "Pearson correlation of the changes of all genes, each in "
            "units of its spread between cells",
            "shared_targets": "latents that both shift of those that either does; empty where "
            "neither shifts any",
        },
    )


def response_similarity_table(responses: pd.DataFrame) -> Table:
    """One row a pair of perturbations, of a model without latents: those columns are empty.

    Of too many perturbations those with the largest responses are listed.
    """
    size = responses.pow(2).sum(axis=1).sort_values(ascending=False, kind="stable")
    kept = set(size.index[:MOST])
    names = [str(name) for name in responses.index if name in kept]
    nothing = np.zeros((len(names), 1))
    return similarity_table(nothing, nothing > 0, responses, names)


def similarity_map(responses: pd.DataFrame) -> Table:
    """Return two coordinates of every perturbation: principal components of what genes do."""
    values = responses.to_numpy(dtype=np.float64)
    centred = values - values.mean(axis=0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    places = np.zeros((len(values), 2))
    kept = min(2, len(s))
    places[:, :kept] = u[:, :kept] * s[:kept]
    frame = pd.DataFrame(
        {
            "perturbation": np.asarray(responses.index, dtype=object),
            "x": places[:, 0],
            "y": places[:, 1],
        }
    )
    return Table(
        frame,
        {
            "perturbation": "name of the perturbation",
            "x": "first principal component of the changes of all genes",
            "y": "second principal component",
        },
    )


def _cosine(vectors: Matrix) -> Matrix:
    length = np.linalg.norm(vectors, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(vectors @ vectors.T / np.outer(length, length))


def _correlation(vectors: Matrix) -> Matrix:
    return _cosine(vectors - vectors.mean(axis=1, keepdims=True))


def _jaccard(on: NDArray[np.bool_]) -> Matrix:
    counted = on.astype(np.float64)
    both = counted @ counted.T
    size = counted.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(both / (size[:, None] + size[None, :] - both))
