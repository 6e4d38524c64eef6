"""Expected displacement on the velocity graph: the default derivative.

RNA velocity (La Manno et al. 2018, doi:10.1038/s41586-018-0414-6; scVelo, Bergen et al. 2020,
doi:10.1038/s41587-020-0591-3) points mostly out of the span of the data. The displacement a
cell expects on scVelo's velocity graph stays inside it: with transition probabilities ``T``
and smoothed spliced expression ``x``, ``dx_i = Σ_j (T_ij - 1/k_i) (x_j - x_i)`` over the ``k_i``
neighbours ``j``. Neighbours, moments and graph are built inside each part; gene choice, size
targets, principal components and degradation rates come from the training part.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import PCA

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources import genes as gene_choice
from scdyn_core.methods.clera.sources.moving import Matrix, Moving, SourceData
from scdyn_core.reporter import Reporter, raise_if_cancelled

if TYPE_CHECKING:
    from anndata import AnnData

#: Components of log expression in which neighbours are found.
NEIGHBOUR_COMPONENTS = 30
#: Fewer genes with a believable velocity than this give no direction.
MIN_VELOCITY_GENES = 5


@dataclass(frozen=True)
class _Learned:
    """What the training part fixes for every part."""

    genes: NDArray[np.bool_]
    spliced_target: float
    unspliced_target: float
    components: PCA


def graph_source(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> SourceData:
    """Build the displacement in every part, and its null from shuffled velocities.

    Raises
    ------
    TrainingError
        When a part has too few cells or too few genes carry velocity.
    """
    layers, roles = dataset.adata.layers, dataset.roles
    spliced = gene_choice.as_counts(layers[roles.spliced])
    unspliced = gene_choice.as_counts(layers[roles.unspliced])
    learned = _learn(spliced[split.train], unspliced[split.train], config, seed)
    parts: dict[Part, AnnData] = {}
    for done, part in enumerate(PARTS):
        raise_if_cancelled(reporter)
        reporter.progress("velocity", done, 2 * len(PARTS), f"neighbours and moments: {part}")
        cells = split.part_of(part)
        parts[part] = _moments(spliced[cells], unspliced[cells], learned, config, part)
    names = _velocities(parts, np.asarray(dataset.adata.var_names)[learned.genes])
    rng = np.random.default_rng(seed)
    real: dict[Part, Moving] = {}
    null: dict[Part, Moving] = {}
    for done, part in enumerate(PARTS):
        raise_if_cancelled(reporter)
        reporter.progress("velocity", 3 + done, 2 * len(PARTS), f"velocity graph: {part}")
        adata, positions = parts[part], split.part_of(part)
        expression = np.asarray(adata.layers["Ms"], dtype=np.float64)
        real[part] = Moving(expression, _displacement(adata), positions)
        adata.layers["velocity"] = adata.layers["velocity"][rng.permutation(adata.n_obs)]
        null[part] = Moving(expression, _displacement(adata), positions)
    return SourceData("velocity graph", tuple(names), real, null)


def _learn(
    spliced: gene_choice.Counts, unspliced: gene_choice.Counts, config: CleraConfig, seed: int
) -> _Learned:
    target = gene_choice.median_total(spliced)
    kept = gene_choice.shared_count_genes(spliced, unspliced, config.min_shared_counts)
    if kept.sum() < MIN_VELOCITY_GENES:
        raise TrainingError(
            "velocity",
            found=f"{int(kept.sum())} genes with {config.min_shared_counts} shared spliced and "
            "unspliced counts in the training cells",
            needed=f"at least {MIN_VELOCITY_GENES}",
            fix="Lower min_shared_counts, or check that the roles spliced and unspliced are right.",
        )
    log_expression = gene_choice.size_normalise(spliced, target).log1p()[:, kept]
    kept[kept] = gene_choice.most_variable(log_expression, config.genes)
    log_expression = gene_choice.size_normalise(spliced, target).log1p()[:, kept]
    count = min(NEIGHBOUR_COMPONENTS, *(size - 1 for size in log_expression.shape))
    components = PCA(count, random_state=seed).fit(log_expression.toarray())
    return _Learned(kept, target, gene_choice.median_total(unspliced), components)


def _moments(
    spliced: gene_choice.Counts,
    unspliced: gene_choice.Counts,
    learned: _Learned,
    config: CleraConfig,
    part: Part,
) -> AnnData:
    """Return one part with neighbours and the moments ``Ms`` and ``Mu``."""
    import anndata
    import scanpy as sc
    from scvelo.preprocessing.moments import get_connectivities

    if spliced.shape[0] <= config.neighbours:
        raise TrainingError(
            f"velocity, {part} part",
            found=f"{spliced.shape[0]} cells",
            needed=f"more than the {config.neighbours} neighbours that are averaged",
            fix="Use more cells, or lower neighbours.",
        )
    normal = gene_choice.size_normalise(spliced, learned.spliced_target)[:, learned.genes]
    adata = anndata.AnnData(normal.copy())
    adata.layers["spliced"] = normal
    adata.layers["unspliced"] = gene_choice.size_normalise(unspliced, learned.unspliced_target)[
        :, learned.genes
    ]
    adata.obsm["X_pca"] = learned.components.transform(normal.log1p().toarray())
    with _quiet():
        # Only who is whose neighbour is used. The weights that "gauss" leaves on them are not,
        # and it spares compiling UMAP in every worker.
        sc.pp.neighbors(adata, n_neighbors=config.neighbours, use_rep="X_pca", method="gauss")
        averaging = get_connectivities(adata, n_neighbors=config.neighbours)
    # Averaged here, because scVelo's moments normalise again what looks like whole numbers.
    for smoothed, layer in (("Ms", "spliced"), ("Mu", "unspliced")):
        adata.layers[smoothed] = (averaging @ adata.layers[layer]).toarray()
    return adata


def _velocities(parts: dict[Part, AnnData], names: NDArray[np.str_]) -> NDArray[np.str_]:
    """Fit degradation rates on the training part, apply them everywhere, keep velocity genes."""
    import scvelo as scv

    train = parts["train"]
    with _quiet():
        scv.tl.velocity(train, mode="stochastic")
    # scVelo leaves a column out whose values are all alike: every gene passed.
    believable = np.asarray(train.var.get("velocity_genes", np.ones(len(names))), dtype=bool)
    if believable.sum() < MIN_VELOCITY_GENES:
        raise TrainingError(
            "velocity",
            found=f"{int(believable.sum())} genes whose unspliced counts predict their change",
            needed=f"at least {MIN_VELOCITY_GENES}",
            fix="Check the roles spliced and unspliced, or choose another derivative.",
        )
    gamma = train.var["velocity_gamma"].to_numpy()
    for part, adata in parts.items():
        adata.layers["velocity"] = adata.layers["Mu"] - gamma * adata.layers["Ms"]
        adata.var["velocity_genes"] = believable
        parts[part] = adata[:, believable].copy()
    chosen: NDArray[np.str_] = names[believable]
    return chosen


def _displacement(adata: AnnData) -> Matrix:
    """Return the expected displacement on the velocity graph, shape ``(n, G)``, mean square 1."""
    import scvelo as scv

    for key in ("velocity_graph", "velocity_graph_neg"):
        adata.uns.pop(key, None)
    with _quiet():
        # Said here, because scVelo otherwise chooses by how the velocity was made: only the
        # training part's was made by scVelo, and the parts would follow different rules.
        scv.tl.velocity_graph(adata, sqrt_transform=True, n_jobs=1, show_progress_bar=False)
        # A cell's chance to stay depends on the part's most confident cells, so it is left out.
        stay_free = scv.utils.get_transition_matrix(adata, self_transitions=False)
    transitions = sparse.csr_matrix(stay_free)
    transitions.setdiag(0)
    transitions.eliminate_zeros()
    expression = np.asarray(adata.layers["Ms"], dtype=np.float64)
    # Taking off the uniform walk over the same neighbours leaves what velocity adds to density.
    neighbours = transitions.astype(bool).astype(np.float64)
    counts = np.asarray(neighbours.sum(axis=1)).ravel()
    uniform = sparse.diags(np.divide(1.0, counts, out=np.zeros_like(counts), where=counts > 0))
    weights = transitions - sparse.diags(np.asarray(transitions.sum(axis=1)).ravel()) @ (
        uniform @ neighbours
    )
    displacement = np.asarray(weights @ expression)
    # The graph has no clock: neighbours of a smaller part are farther away, so every part's
    # typical step is the unit of its time.
    typical = float(np.sqrt(np.square(displacement).mean()))
    return displacement / typical if typical > 0 else displacement


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Silence scVelo, which prints, and its use of what numpy and anndata deprecate."""
    level = logging.getLogger("scvelo").level
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
    logging.getLogger("scvelo").setLevel(level)
