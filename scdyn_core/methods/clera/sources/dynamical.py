"""RNA velocity from scVelo's dynamical model, fitted on the training part.

Bergen et al. 2020 (doi:10.1038/s41587-020-0591-3): rates of transcription, splicing and
degradation and a switching time of every gene, found with the time of every cell by
expectation maximisation. The rates of the training part are applied to the other parts, whose
cells find their own times.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.split import Part
from scdyn_core.methods.clera.sources.moving import Matrix
from scdyn_core.methods.clera.sources.quiet import quiet
from scdyn_core.methods.clera.sources.steady_state import fit_rates, raise_if_few
from scdyn_core.reporter import Reporter, raise_if_cancelled

if TYPE_CHECKING:
    from anndata import AnnData

#: Genes that are fitted: those whose unspliced counts follow the spliced best.
MOST_GENES = 300
#: Genes fitted between two looks at whether to stop.
BATCH = 5

Kinetics = Callable[["AnnData", Matrix], Matrix]


def fit_dynamics(parts: dict[Part, AnnData], reporter: Reporter) -> Kinetics:
    """Fit the rates of the best genes on the training part, and keep these genes everywhere.

    Parameters
    ----------
    parts
        Parts with moments; each is replaced by one with the fitted genes only.

    Returns
    -------
    A function from one part and its unspliced moments, shape ``(n, G)``, to its velocities.

    Raises
    ------
    TrainingError
        When too few genes could be fitted.
    Cancelled
        When the reporter says so.
    """
    fit_rates(parts, "stochastic")
    _keep(parts, _best(parts["train"].var["velocity_r2"].to_numpy(dtype=np.float64)))
    train = parts["train"]
    _recover(train, reporter)
    rates = train.var.filter(like="fit_")
    for adata in parts.values():
        adata.var[rates.columns] = rates
        adata.uns["recover_dynamics"] = train.uns["recover_dynamics"]
    fitted = _trusted(train)
    raise_if_few(fitted)
    _keep(parts, fitted)
    return _dynamical_velocity


def _best(r2: NDArray[np.float64]) -> NDArray[np.bool_]:
    chosen = np.zeros(len(r2), dtype=bool)
    chosen[np.argsort(-np.nan_to_num(r2, nan=-np.inf), kind="stable")[:MOST_GENES]] = True
    return chosen


def _keep(parts: dict[Part, AnnData], genes: NDArray[np.bool_]) -> None:
    for part, adata in parts.items():
        parts[part] = adata[:, genes].copy()


def _recover(train: AnnData, reporter: Reporter) -> None:
    """Fit gene after gene, which takes about half a second each."""
    import scvelo as scv

    names = list(train.var_names)
    for start in range(0, len(names), BATCH):
        raise_if_cancelled(reporter)
        reporter.progress("splicing kinetics", start, len(names), "fitting genes")
        with quiet():
            # Time is made common to all genes at the end: scVelo fails on a batch of none.
            scv.tl.recover_dynamics(
                train,
                var_names=names[start : start + BATCH],
                t_max=False,
                return_model=False,
                n_jobs=1,
                show_progress_bar=False,
            )
    reporter.progress("splicing kinetics", len(names), len(names), "fitting genes")
    raise_if_few(np.isfinite(train.var["fit_alpha"].to_numpy(dtype=np.float64)))
    with quiet():
        scv.tl.align_dynamics(train)
    for times in ("fit_t", "fit_tau", "fit_tau_"):
        # Cells of every part find their times anew, so that all parts follow one rule.
        del train.layers[times]


def _trusted(train: AnnData) -> NDArray[np.bool_]:
    """Mark genes that scVelo fitted and whose fit it believes."""
    velocity = _dynamical_velocity(train, np.asarray(train.layers["Mu"]))
    believed = np.asarray(train.var["velocity_genes"], dtype=bool)
    trusted: NDArray[np.bool_] = believed & np.isfinite(velocity).all(axis=0)
    return trusted


def _dynamical_velocity(adata: AnnData, unspliced: Matrix) -> Matrix:
    """Return the velocity of one part under the fitted rates, shape ``(n, G)``."""
    import scvelo as scv

    kept, adata.layers["Mu"] = adata.layers["Mu"], unspliced
    with quiet():
        scv.tl.velocity(adata, mode="dynamical")
    adata.layers["Mu"] = kept
    return np.asarray(adata.layers["velocity"], dtype=np.float64)
