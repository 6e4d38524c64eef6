"""Roles guessed from the names and the contents of columns and layers, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scdyn_core.data.checks.values import are_counts, smallest
from scdyn_core.data.readers.table_layout import tokens
from scdyn_core.data.roles import RoleGuess, RoleName, Roles
from scdyn_core.data.text import shown
from scdyn_core.data.times import TIME_WORDS

if TYPE_CHECKING:
    from anndata import AnnData

#: Names as published data use them, joined without separators, best first.
_NAMES: dict[RoleName, tuple[str, ...]] = {
    "cell_type": (
        "celltype", "celltypes", "majorcelltype", "annotation", "cellannotation", "celllabel",
        "clusters", "cluster", "clustername", "labels", "label", "bulklabels", "paul15clusters",
        "seuratannotations", "celltypeoriginal", "clusterscoarse", "celltypel1", "celltypel2",
        "lineage", "leiden", "louvain", "seuratclusters",
    ),
    "condition": (
        "condition", "treatment", "stim", "stimulation", "stimulus", "group", "status",
        "diseasestatus", "disease", "exposure", "drug", "label",
    ),
    "perturbation": (
        "targetgene", "genetarget", "perturbation", "perturbedgene", "perturbationname", "target",
        "perturbed", "knockout", "ko", "gene", "guidetarget", "guideidentity", "guideid", "guide",
        "sgrna", "grna", "condition",
    ),
    "sample": (
        "sample", "sampleid", "donor", "donorid", "patient", "patientid", "individual", "subject",
        "mouse", "biorep", "replicate", "rep", "origident", "samplename",
    ),
    "batch": (
        "batch", "batchid", "lane", "plate", "library", "libraryid", "chip", "run", "channel",
        "experiment", "sequencingbatch", "tech", "assay",
    ),
}  # fmt: skip
_CONTROL_CONDITION = (
    "ctrl", "control", "unstim", "unstimulated", "untreated", "vehicle", "dmso", "pbs", "mock",
    "baseline", "healthy", "normal", "wt", "wildtype", "resting", "none", "nt", "no", "0",
)  # fmt: skip
_CONTROL_PERTURBATION = (
    "nt", "nontargeting", "nontarget", "nontargetingcontrol", "negativecontrol", "negctrl",
    "control", "ctrl", "safetargeting", "scramble", "scrambled", "unperturbed", "wt", "wildtype",
    "mock", "none", "neg", "intergenic",
)  # fmt: skip
_COUNT_LAYERS = ("counts", "raw_counts", "count", "raw", "umi", "matrix")
_FEWEST_PERTURBATIONS = 3
_MOST_SAMPLING_TIMES = 100


def guess_roles(adata: AnnData) -> tuple[RoleGuess, ...]:
    """Guess which column and layer plays which role.

    Parameters
    ----------
    adata
        Checked data: plain columns, ``X`` present.

    Returns
    -------
    tuple of RoleGuess
        At most one for each role; a column plays one role only.
    """
    guesses: list[RoleGuess] = []
    taken: set[str] = set()
    finders: tuple[Callable[[AnnData, set[str]], list[RoleGuess]], ...] = (
        _times, _cell_type, _perturbation, _condition, _sample, _batch,
    )  # fmt: skip
    for find in finders:
        for guess in find(adata, taken):
            guesses.append(guess)
            taken.add(guess.value)
    return (*guesses, *_layers(adata))


def as_roles(guesses: Iterable[RoleGuess]) -> Roles:
    """Return guesses as an assignment."""
    return Roles().replace({guess.role: guess.value for guess in guesses})


def _joined(name: object) -> str:
    return "".join(tokens(str(name)))


def _grouping(adata: AnnData, role: RoleName, taken: set[str], most: int) -> list[str]:
    """Return the columns named for a role that split the cells into 2 to ``most`` groups."""
    ranks = {name: rank for rank, name in enumerate(_NAMES[role])}
    found = []
    for name in adata.obs.columns:
        column = adata.obs[name]
        grouped = isinstance(column.dtype, pd.CategoricalDtype)
        if (
            grouped
            and name not in taken
            and _joined(name) in ranks
            and 2 <= column.nunique() <= most
        ):
            found.append(str(name))
    return sorted(found, key=lambda name: ranks[_joined(name)])


def _groups(adata: AnnData, name: str) -> str:
    return f"named {shown(name)}, {adata.obs[name].nunique()} groups"


def _cell_type(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    most = min(200, max(5, adata.n_obs // 2))
    found = _grouping(adata, "cell_type", taken, most)
    return [RoleGuess(role="cell_type", value=n, reason=_groups(adata, n)) for n in found[:1]]


def _perturbation(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    genes = set(adata.var_names)
    for name in _grouping(adata, "perturbation", taken, max(2, adata.n_obs // 2)):
        levels = [str(level) for level in adata.obs[name].cat.categories]
        control = _level(levels, _CONTROL_PERTURBATION)
        measured = sum(level in genes for level in levels)
        # Columns called "condition" or "gene" are many things; knocked-out genes settle it.
        plain_name = _joined(name) in ("condition", "gene", "label")
        if len(levels) < _FEWEST_PERTURBATIONS or (plain_name and not (control and measured)):
            continue
        reason = f"named {shown(name)}, {len(levels)} levels"
        reason += f", {measured} of them genes measured here" if measured else ""
        guesses = [RoleGuess(role="perturbation", value=name, reason=reason)]
        if control:
            guesses.append(_control("control_perturbation", control, name))
        return guesses
    return []


def _condition(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    for name in _grouping(adata, "condition", taken, 30):
        if any(_same_groups(adata, name, other) for other in taken if other in adata.obs):
            continue
        levels = [str(level) for level in adata.obs[name].cat.categories]
        control = _level(levels, _CONTROL_CONDITION)
        # Other names than "condition" are also used for other things: a control settles it.
        if control is None and _joined(name) not in ("condition", "treatment", "stim"):
            continue
        guesses = [RoleGuess(role="condition", value=name, reason=_groups(adata, name))]
        if control:
            guesses.append(_control("control_condition", control, name))
        return guesses
    return []


def _sample(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    found = _grouping(adata, "sample", taken, max(2, adata.n_obs // 5))
    return [RoleGuess(role="sample", value=n, reason=_groups(adata, n)) for n in found[:1]]


def _batch(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    found = _grouping(adata, "batch", taken, max(2, adata.n_obs // 5))
    return [RoleGuess(role="batch", value=n, reason=_groups(adata, n)) for n in found[:1]]


def _times(adata: AnnData, taken: set[str]) -> list[RoleGuess]:
    guesses: dict[RoleName, RoleGuess] = {}
    for name in map(str, adata.obs.columns):
        column = adata.obs[name]
        if not pd.api.types.is_numeric_dtype(column) or column.dtype == bool:
            continue
        words = set(tokens(name))
        distinct = column.nunique()
        few = distinct <= min(_MOST_SAMPLING_TIMES, max(5, adata.n_obs // 2))
        ordering = "pseudotime" in _joined(name) or {"latent", "time"} <= words or "dpt" in words
        # What a simulation knows to be true is for scoring, not for learning.
        if distinct < 2 or words & {"true", "truth"}:
            continue
        role: RoleName
        if ordering or (TIME_WORDS & words and "time" in words and not few):
            role, what = "pseudotime", f"{distinct} distinct values"
        elif TIME_WORDS & words and few:
            role, what = "time", f"{distinct} times from {column.min():g} to {column.max():g}"
        else:
            continue
        guesses.setdefault(
            role, RoleGuess(role=role, value=name, reason=f"named {shown(name)}, {what}")
        )
    return list(guesses.values())


def _layers(adata: AnnData) -> list[RoleGuess]:
    guesses: list[RoleGuess] = []
    for role in ("spliced", "unspliced"):
        if role in adata.layers:
            whole = are_counts(adata.layers[role])
            what = "whole numbers" if whole else "not whole numbers, so already normalised"
            guesses.append(RoleGuess(role=role, value=role, reason=f"layer of this name, {what}"))
    if "velocity" in adata.layers and smallest(adata.layers["velocity"]) < 0:
        reason = "layer of this name, with values of both signs"
        guesses.append(RoleGuess(role="velocity", value="velocity", reason=reason))
    named = [n for n in adata.layers if n.lower() in _COUNT_LAYERS and are_counts(adata.layers[n])]
    if named:
        reason = f"layer named {shown(named[0])} of whole numbers"
        return [*guesses, RoleGuess(role="counts", value=named[0], reason=reason)]
    if "spliced" in adata.layers and are_counts(adata.layers["spliced"]):
        reason = "whole numbers, and no layer named counts"
        return [*guesses, RoleGuess(role="counts", value="spliced", reason=reason)]
    if are_counts(adata.X):
        guesses.append(RoleGuess(role="counts", value="X", reason="X holds whole numbers"))
    return guesses


def _level(levels: list[str], known: tuple[str, ...]) -> str | None:
    """Return the level that reads like a control, the surest first."""
    ranks = {name: rank for rank, name in enumerate(known)}
    matches = [level for level in levels if _joined(level) in ranks]
    return min(matches, key=lambda level: ranks[_joined(level)], default=None)


def _control(role: RoleName, level: str, column: str) -> RoleGuess:
    reason = f"level of {shown(column)} that reads like a control"
    return RoleGuess(role=role, value=level, reason=reason)


def _same_groups(adata: AnnData, one: str, other: str) -> bool:
    """Whether two columns split the cells alike under different names."""
    first, second = (pd.factorize(adata.obs[name])[0] for name in (one, other))
    return bool(np.array_equal(first, second))
