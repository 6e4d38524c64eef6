"""The label of every cell that takes part, and the targets behind every label.

A label is a perturbation, or the control, within one group of cells (its context). Its effect is
the sum of its targets: those of the perturbation; the context, where it is not the largest one;
and what the perturbation does in that context beyond what it does elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.perturbations import Perturbations
from scdyn_core.errors import ConfigError
from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.training.seeding import derive_seed

Kind = Literal["control", "null control", "single", "combination"]
Labels = NDArray[np.object_]
Integers = NDArray[np.int64]
#: What may shift a latent: a target, a context (no target), or what a target does in a context.
Source = tuple[str | None, str | None]

#: Label of the control cells that stand for a perturbation without effect.
NULL = "control (null)"
#: Stands for the control where there is none: all cells alike.
EVERYBODY = "all cells"
#: Fewer control cells are not divided.
FEWEST_FOR_NULL = 60


@dataclass(frozen=True)
class Labelled:
    """The cells of a screen that take part.

    Attributes
    ----------
    cells
        Positions in the dataset, ascending, shape ``(n,)``.
    perturbation
        Perturbation of each, the control and the null control among them, shape ``(n,)``.
    context
        Group of each in which perturbations may act differently, shape ``(n,)``; all alike where
        none is asked for.
    kinds
        Kind of every perturbation, by name: the control first, then the null control.
    parts
        Targets of every perturbation, by name; empty for controls.
    genes
        Genes that every perturbation is aimed at, by name; its targets, or those of its guides.
    guides
        Guide of each cell, shape ``(n,)``, or ``None`` where they are not known.
    own
        Whether a combination is a target of its own rather than the sum of its targets.
    control
        Name of the control, or ``None``.
    held_out
        Perturbations that are not learned from.
    cautions
        What was left out, in words.
    """

    cells: Integers
    perturbation: Labels
    context: Labels
    kinds: dict[str, Kind]
    parts: dict[str, tuple[str, ...]]
    genes: dict[str, tuple[str, ...]]
    guides: Labels | None
    own: bool
    control: str | None
    held_out: frozenset[str]
    cautions: tuple[str, ...]

    @cached_property
    def contexts(self) -> tuple[str, ...]:
        """Groups of cells, the largest first."""
        return tuple(map(str, pd.Series(self.context).value_counts().index))

    @cached_property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """Every label: perturbation and context."""
        return tuple((name, group) for group in self.contexts for name in self.kinds)

    @cached_property
    def label(self) -> Integers:
        """Number of each cell's label, shape ``(n,)``."""
        number = {label: row for row, label in enumerate(self.labels)}
        pairs = zip(self.perturbation, self.context, strict=True)
        return np.array([number[pair] for pair in pairs], dtype=np.int64)

    @cached_property
    def single(self) -> tuple[str, ...]:
        """Targets of perturbations, in order."""
        return tuple(sorted({t for name in self.parts for t in self._parts_of(name)}))

    @cached_property
    def targets(self) -> tuple[Source, ...]:
        """Everything that may shift a latent, without the control."""
        null = [NULL] if NULL in self.kinds else []
        found: list[Source] = [(target, None) for target in (*null, *self.single)]
        for group in self.contexts[1:]:
            found += [(target, group) for target in (None, *self.single)]
        return tuple(found)

    @cached_property
    def members(self) -> Integers:
        """Targets of every label, padded with their number, shape ``(A, P)``."""
        number = {target: row for row, target in enumerate(self.targets)}
        rows = [[number[target] for target in self._targets_of(*label)] for label in self.labels]
        width = max(1, *map(len, rows))
        padded = [row + [len(number)] * (width - len(row)) for row in rows]
        return np.array(padded, dtype=np.int64)

    def label_of(self, perturbation: str) -> int:
        """Return the number of the label of a perturbation in the largest context."""
        return self.labels.index((perturbation, self.contexts[0]))

    def _parts_of(self, perturbation: str) -> tuple[str, ...]:
        parts = self.parts[perturbation]
        return (perturbation,) if self.own and parts else parts

    def _targets_of(self, perturbation: str, group: str) -> list[Source]:
        own = self._parts_of(perturbation)
        everywhere: list[Source] = [(NULL, None)] if perturbation == NULL else []
        everywhere += [(target, None) for target in own]
        if group == self.contexts[0]:
            return everywhere
        return [*everywhere, (None, group), *((target, group) for target in own)]


def labelled(dataset: Dataset, config: PerturbationConfig, seed: int) -> Labelled:
    """Read the labels of a dataset.

    Raises
    ------
    ConfigError
        When a role is missing, nothing is left, or a perturbation to be held out is not there.
    """
    found = Perturbations.of(dataset, config.level)
    names = found.labels.copy()
    _refuse_taken(names)
    context = _context(dataset, config)
    counts = pd.Series(names[names != ""]).value_counts()
    rare = sorted(name for name in counts.index if counts[name] < config.fewest_cells)
    names[np.isin(names, np.array(rare, dtype=object))] = ""
    control = found.control if found.control not in rare else None
    names = _with_null(names, control, config, seed)
    cells = np.flatnonzero(names != "")
    present = sorted(set(names[cells]) - {control, NULL})
    if len(present) < 2:
        raise ConfigError(
            "perturbations",
            found=f"{len(present)} with at least {config.fewest_cells} cells",
            needed="at least two",
            fix="Lower fewest_cells, or choose another column for the role perturbation.",
        )
    first: dict[str, Kind] = {} if control is None else {control: "control"}
    if NULL in names[cells]:
        first[NULL] = "null control"
    kinds: dict[str, Kind] = {
        **first,
        **{n: "combination" if found.kind(n) == "combination" else "single" for n in present},
    }
    return Labelled(
        cells=cells,
        perturbation=names[cells],
        context=context[cells],
        kinds=kinds,
        parts={**dict.fromkeys(first, ()), **{name: found.parts[name] for name in present}},
        genes={**dict.fromkeys(first, ()), **{name: found.genes(name) for name in present}},
        guides=None if found.guides is None else found.guides[cells],
        own=config.combinations == "own",
        control=control,
        held_out=_held_out(present, config, seed),
        cautions=_cautions(names, counts, rare, found, config),
    )


def _refuse_taken(names: Labels) -> None:
    for taken in (NULL, EVERYBODY):
        if (names == taken).any():
            raise ConfigError(
                "perturbations",
                found=f"cells labelled {taken!r}",
                needed="another name: results give this one to cells without a perturbation",
                fix="Rename it in the file, and add the file again.",
            )


def _context(dataset: Dataset, config: PerturbationConfig) -> Labels:
    if config.context == "none":
        return np.full(dataset.adata.n_obs, "", dtype=object)
    column = getattr(dataset.roles, config.context)
    if column is None:
        raise ConfigError(
            "context",
            found=f"no column with the role {config.context}",
            needed="the column that tells the groups of cells",
            fix="Set the role on the Data page, or set context to none.",
        )
    return np.asarray(dataset.adata.obs[column].astype(str), dtype=object)


def _with_null(names: Labels, control: str | None, config: PerturbationConfig, seed: int) -> Labels:
    """Give a random share of the control cells a label of their own."""
    rows = np.flatnonzero(names == control)
    if control is None or not config.null_control or len(rows) < FEWEST_FOR_NULL:
        return names
    rng = np.random.default_rng(derive_seed(seed, "null control"))
    chosen = rng.choice(rows, int(config.null_control * len(rows)), replace=False)
    changed = names.copy()
    changed[chosen] = NULL
    return changed


def _held_out(present: list[str], config: PerturbationConfig, seed: int) -> frozenset[str]:
    unknown = sorted(set(config.held_out) - set(present))
    if unknown:
        raise ConfigError(
            "held_out",
            found=f"{unknown[0]!r}, which is no perturbation with enough cells",
            needed="names of perturbations of these data",
            fix="Correct the name; the Data page lists them.",
        )
    rng = np.random.default_rng(derive_seed(seed, "held out"))
    # Whoever asks for a share, however small, asks for one at least.
    wanted = max(round(config.held_out_share * len(present)), int(config.held_out_share > 0))
    drawn = rng.choice(present, wanted, replace=False)
    held_out = frozenset([*config.held_out, *map(str, drawn)])
    if len(present) - len(held_out) < 2:
        raise ConfigError(
            "held_out",
            found=f"{len(held_out)} of {len(present)} perturbations",
            needed="at least two to learn from",
            fix="Hold out fewer.",
        )
    return held_out


def _cautions(
    names: Labels,
    counts: pd.Series,
    rare: list[str],
    found: Perturbations,
    config: PerturbationConfig,
) -> tuple[str, ...]:
    said = []
    if rare:
        few = ", ".join(f"{name} ({counts[name]})" for name in rare[:10])
        more = f" and {len(rare) - 10} more" if len(rare) > 10 else ""
        said.append(f"left out, with fewer than {config.fewest_cells} cells each: {few}{more}")
    unlabelled = int(found.left_out.sum())
    if unlabelled:
        said.append(f"left out: {unlabelled} cells without a perturbation label")
    if found.control is None:
        said.append("no control cells: changes are against all cells, and shifts against most")
    elif NULL not in names and config.null_control:
        said.append("too few control cells for a null control: nothing tests for false targets")
    return tuple(said)
