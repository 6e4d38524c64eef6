"""Which gene sets a gene program is rich in, beside two nulls that p-values alone hide.

The score is decoupler's univariate linear model (Badia-i-Mompel et al. 2022,
doi:10.1093/bioadv/vbac016): the t-value of membership in a model of the program over genes. Its
p-value takes genes for independent, which they are not. So each score also stands beside those of
random sets of as many genes, and of random axes: directions drawn with the covariance of the
expression itself, along which the genes of a set move together as they do in the data.

Symbols: G genes of the model, the background; t score of a set and a program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
#: Sets with fewer genes of the model are not scored.
FEWEST_GENES = 5
#: Random draws behind each null.
DRAWS = 1000
LEADING = 10
COLUMNS = {
    "program": "name of the program",
    "gene_set": "name of the gene set",
    "set_genes": "genes in the set",
    "matched": "of these, genes of the model (upper and lower case count as the same)",
    "score": "t-value of the set: positive where its genes rise along the program",
    "p_adjusted": "Benjamini-Hochberg adjusted p-value over the sets of a program; takes genes for "
    "independent",
    "random_sets": "share of random sets of as many genes of the model that score as far from 0",
    "random_axes": "share of random axes of the expression along which the set scores as far "
    "from 0",
    "leading": "genes of the set that matter most, in the direction of the score",
}


def matched_sets(
    genes: Sequence[str], sets: Mapping[str, frozenset[str]]
) -> dict[str, NDArray[np.int64]]:
    """Return positions of the genes of each set; sets with too few of them are left out."""
    upper = np.array([gene.upper() for gene in genes])
    positions = {name: np.flatnonzero(np.isin(upper, list(own))) for name, own in sets.items()}
    return {name: found for name, found in positions.items() if len(found) >= FEWEST_GENES}


def enrichment(
    programs: pd.DataFrame, sets: Mapping[str, frozenset[str]], axes: Matrix, seed: int = 0
) -> pd.DataFrame:
    """Score every gene set in every program.

    Parameters
    ----------
    programs
        Signed effects, programs × genes, with the names of both.
    sets
        Name -> genes in upper case.
    axes
        Random axes of the expression, shape ``(draws, G)``, in the units of ``programs``.
    seed
        Of the random sets.

    Returns
    -------
    DataFrame
        ``COLUMNS``, the sets furthest from 0 first; empty when no set has enough genes here.
    """
    genes = [str(gene) for gene in programs.columns]
    members = matched_sets(genes, sets)
    effects = programs.to_numpy(dtype=np.float64)
    if not members:
        return pd.DataFrame(columns=list(COLUMNS))
    rng = np.random.default_rng(seed)
    # A random set of as many genes scores as the set does where the genes are shuffled.
    shuffled = np.stack([rng.permutation(row) for row in np.repeat(effects, DRAWS, axis=0)])
    scores, adjusted = _ulm(np.concatenate([effects, shuffled, axes]), members)
    observed, random_sets, random_axes = np.split(
        scores, [len(effects), len(effects) + len(shuffled)]
    )
    random_sets = random_sets.reshape(len(effects), DRAWS, -1)
    rows = [
        (
            str(programs.index[program]),
            name,
            len(sets[name]),
            len(found),
            observed[program, number],
            adjusted[program, number],
            _share(random_sets[program, :, number], observed[program, number]),
            _share(random_axes[:, number], observed[program, number]),
            ", ".join(_leading(genes, effects[program], found, observed[program, number])),
        )
        for program in range(len(effects))
        for number, (name, found) in enumerate(members.items())
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values("score", key=np.abs, ascending=False, ignore_index=True)


def _ulm(values: Matrix, members: Mapping[str, NDArray[np.int64]]) -> tuple[Matrix, Matrix]:
    """Return scores and adjusted p-values, rows of ``values`` × sets; 0 and 1 for flat rows."""
    import decoupler

    genes = [f"g{number}" for number in range(values.shape[1])]
    data = pd.DataFrame(values, index=[f"r{row}" for row in range(len(values))], columns=genes)
    net = pd.DataFrame(
        [(name, genes[position]) for name, found in members.items() for position in found],
        columns=["source", "target"],
    )
    varied = data.loc[values.std(axis=1) > 0]
    found = decoupler.mt.ulm(data=varied, net=net, tmin=FEWEST_GENES)
    scores, adjusted = cast(tuple[pd.DataFrame, pd.DataFrame], found)
    sets = list(members)
    return (
        scores.reindex(index=data.index, columns=sets, fill_value=0.0).to_numpy(),
        adjusted.reindex(index=data.index, columns=sets, fill_value=1.0).to_numpy(),
    )


def _share(null: Matrix, score: float) -> float:
    """Return how often the null is as far from 0, the score itself counted in."""
    return float((1 + np.count_nonzero(np.abs(null) >= abs(score))) / (1 + len(null)))


def _leading(
    genes: Sequence[str], effects: Matrix, found: NDArray[np.int64], score: float
) -> list[str]:
    order = found[np.argsort(-np.sign(score) * effects[found])]
    return [genes[position] for position in order[:LEADING]]
