"""From a dataset to what the network reads, part by part."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Split
from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.response.seen_types import seen_names
from scdyn_core.methods.log_expression import log_expression
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.scgen.config import ScgenConfig
from scdyn_core.methods.scgen.design import Design, design_of
from scdyn_core.reporter import Reporter

FEWEST_GENES = 10
#: No log-normalised expression is larger; what is was never put on a log scale.
MOST_LOG = 50.0
#: Residuals of a gene are magnified at most as if it varied half as much as the median gene.
LEAST_SPREAD = 0.5


def scgen_tensors(
    dataset: Dataset, config: ScgenConfig, split: Split, seed: int, reporter: Reporter
) -> Tensors:
    """Return log-normalised expression of every cell that takes part.

    Depth, genes and their spread are of training cells. Raw counts are normalised here where they
    are known; else ``X`` is taken as it is.

    Raises
    ------
    ConfigError
        When types or conditions are not as asked for, no type was seen in both conditions, too
        few genes vary, or what is taken as log-normalised cannot be.
    """
    design = design_of(dataset, config)
    if design.held_out:
        # Nothing could be carried over: better said now than after training.
        seen_names(design.types[split.train], design.treated[split.train])
    values, depth = _checked_expression(dataset, design, split.train)
    genes = varied_genes(values[split.train], config.genes)
    values = values[:, genes].toarray()
    train = values[split.train]
    predicted = ", ".join(repr(name) for name in design.held_out) or "no type"
    reporter.log(f"{len(design.cells)} cells, {len(genes)} genes; {predicted} held out")
    spread = train.std(axis=0)
    floor = LEAST_SPREAD * float(np.median(spread))
    scale = 1.0 / np.maximum(spread, floor) if config.standardise else np.ones_like(spread)
    return Tensors(
        parts={part: {"x": values[split.part_of(part)].astype(np.float32)} for part in PARTS},
        samples={part: design.cells[split.part_of(part)] for part in PARTS},
        constants={"mean": train.mean(axis=0), "scale": scale, "depth": np.array(depth)},
        info={
            "seed": seed,
            "genes": [str(name) for name in dataset.adata.var_names[genes]],
            "held_out": list(design.held_out),
        },
    )


# scipy ships no types: sparse matrices, shape (n, G), are Any to the type checker.
def _checked_expression(
    dataset: Dataset, design: Design, train: NDArray[np.int64]
) -> tuple[Any, float]:
    """Return log-normalised expression of the cells of a design, and the depth it is scaled to.

    Raises
    ------
    ConfigError
        When ``X`` has values that no logarithm of a count has.
    """
    values, depth = log_expression(dataset, design.cells, train)
    most = float(values.max())
    if np.isnan(depth) and most > MOST_LOG:
        raise ConfigError(
            "X",
            found=f"values up to {most:.4g}, and no matrix of raw counts",
            needed=f"log-normalised expression, which does not exceed {MOST_LOG:g}",
            fix="Choose the matrix with raw counts in the roles of the dataset, or use a "
            "recipe that takes logarithms.",
        )
    return values, depth


def varied_genes(train: Any, number: int) -> NDArray[np.int64]:
    """Return positions of the most variable genes of the training cells, ascending.

    Raises
    ------
    ConfigError
        When too few genes vary.
    """
    mean = np.asarray(train.mean(axis=0)).ravel()
    square = np.asarray(train.multiply(train).mean(axis=0)).ravel()
    varied = np.flatnonzero(square - mean**2 > 1e-12)
    if len(varied) < FEWEST_GENES:
        raise ConfigError(
            "genes",
            found=f"{len(varied)} genes that vary among the training cells",
            needed=f"at least {FEWEST_GENES}",
            fix="Use data with more genes.",
        )
    if len(varied) <= number:
        return varied
    import anndata
    import scanpy as sc

    adata = anndata.AnnData(train[:, varied])
    sc.pp.highly_variable_genes(adata, n_top_genes=number, flavor="seurat")
    return np.asarray(varied[adata.var["highly_variable"].to_numpy()])
