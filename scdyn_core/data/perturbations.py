"""Which cells of a screen carry which perturbation, and which targets a perturbation has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.guide_targets import majority_targets
from scdyn_core.data.perturbation_labels import plain_label, read_labels
from scdyn_core.data.roles import RoleName
from scdyn_core.data.text import shown
from scdyn_core.errors import ConfigError

if TYPE_CHECKING:
    from scdyn_core.data.dataset import Dataset

Level = Literal["target", "guide"]
Kind = Literal["control", "single", "combination"]
Labels = NDArray[np.object_]
Targets = tuple[str, ...] | None


@dataclass(frozen=True)
class Perturbations:
    """The perturbation of every cell, as targets or as guides.

    Attributes
    ----------
    level
        Whether a perturbation is the targets of a cell or the guides it carries.
    labels
        Perturbation of every cell, shape ``(n_cells,)``; empty where the label says nothing.
        Targets of a combination come in alphabetical order, controls in it are dropped.
    control
        Label of cells without a perturbation, or ``None`` where there are none.
    parts
        Targets (or guides) of every perturbation, by name; the control is not among them.
    guides
        Guides of every cell, or ``None`` where they are not known; control guides are named only
        where a cell has no others.
    guide_target
        Target that most cells of a guide have, by guide; the control for a guide without target.
    """

    level: Level
    labels: Labels
    control: str | None
    parts: Mapping[str, tuple[str, ...]]
    guides: Labels | None
    guide_target: Mapping[str, str]

    @classmethod
    def of(cls, dataset: Dataset, level: Level = "target", separator: str = "+") -> Perturbations:
        """Read the perturbations of a dataset from its roles.

        Parameters
        ----------
        dataset
            Data with the role perturbation and, for the level of guides, the role guide.
        level
            What counts as one perturbation.
        separator
            What stands between two targets, or two guides, of one cell.

        Raises
        ------
        ConfigError
            When a role is missing, the control has no cells, or there is no perturbation.
        """
        control = dataset.roles.control_perturbation
        control = None if control is None else plain_label(control)
        raw = _column(dataset, "perturbation")
        genes = set(dataset.adata.var_names)
        targets = read_labels(_distinct(raw), control=control, genes=genes, separator=separator)
        if control is not None and control not in targets:
            raise ConfigError(
                "role control_perturbation",
                found=f"no cell labelled {shown(control)}",
                needed="a label of the role perturbation",
                fix="Choose the control in the roles of the dataset.",
            )
        read = targets
        guides: Labels | None = None
        guide_target: dict[str, str] = {}
        if level == "guide" or dataset.roles.guide is not None:
            raw_guides = _column(dataset, "guide")
            read_guides, guide_target = _read_guides(raw_guides, raw, targets, control, separator)
            carried = {
                guide: "" if parts is None else separator.join(parts) or guide
                for guide, parts in read_guides.items()
            }
            guides = _renamed(raw_guides, carried)
            if level == "guide":
                raw, read = raw_guides, read_guides
        names = {
            label: "" if found is None else separator.join(found) or control or ""
            for label, found in read.items()
        }
        parts = {names[label]: found for label, found in read.items() if found}
        if not parts:
            raise ConfigError(
                f"role {'guide' if level == 'guide' else 'perturbation'}",
                found="no label besides the control",
                needed="at least one perturbation",
                fix="Choose the column of perturbations in the roles of the dataset.",
            )
        return cls(
            level=level,
            labels=_renamed(raw, names),
            control=control,
            parts=dict(sorted(parts.items())),
            guides=guides,
            guide_target=guide_target,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Every perturbation in alphabetical order, the control left out."""
        return tuple(self.parts)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Every single target (or guide) in alphabetical order."""
        return tuple(sorted({target for targets in self.parts.values() for target in targets}))

    @cached_property
    def is_control(self) -> NDArray[np.bool_]:
        """Whether a cell carries no perturbation, shape ``(n_cells,)``."""
        if self.control is None:
            return np.zeros(len(self.labels), dtype=bool)
        return np.asarray(self.labels == self.control, dtype=bool)

    @cached_property
    def left_out(self) -> NDArray[np.bool_]:
        """Whether the label of a cell says nothing, shape ``(n_cells,)``."""
        return np.asarray(self.labels == "", dtype=bool)

    @cached_property
    def design(self) -> NDArray[np.bool_]:
        """Which targets a perturbation has, shape ``(len(names), len(targets))``."""
        number = {target: column for column, target in enumerate(self.targets)}
        design = np.zeros((len(self.parts), len(number)), dtype=bool)
        for row, found in enumerate(self.parts.values()):
            design[row, [number[target] for target in found]] = True
        return design

    def kind(self, name: str) -> Kind:
        """Return whether a perturbation is the control, single or a combination."""
        if name == self.control:
            return "control"
        return "single" if len(self.parts[name]) == 1 else "combination"

    def genes(self, name: str) -> tuple[str, ...]:
        """Return the targets of a perturbation, also where it is named by its guides."""
        if name == self.control:
            return ()
        if self.level == "target":
            return self.parts[name]
        known = (guide for guide in self.parts[name] if guide in self.guide_target)
        return tuple(sorted({self.guide_target[guide] for guide in known}))


def _column(dataset: Dataset, role: RoleName) -> Labels:
    """Return the labels of a role's column, plain; empty where they are missing."""
    column = getattr(dataset.roles, role)
    if column is None:
        raise ConfigError(
            f"role {role}",
            found="no column of obs",
            needed="the column that names the perturbation of each cell"
            if role == "perturbation"
            else "the column that names the guide of each cell",
            fix="Choose it in the roles of the dataset.",
        )
    codes, values = pd.factorize(dataset.adata.obs[column], use_na_sentinel=True)
    # The last entry is for code -1: missing.
    names = np.array([*(plain_label(value) for value in values), ""], dtype=object)
    return names[codes]


def _distinct(labels: Labels) -> list[str]:
    return [str(label) for label in pd.unique(labels)]


def _read_guides(
    guides: Labels,
    labels: Labels,
    targets: Mapping[str, Targets],
    control: str | None,
    separator: str,
) -> tuple[dict[str, Targets], dict[str, str]]:
    """Return the guides in every guide label, and the target of every single guide."""
    target = majority_targets(guides, labels, targets, control=control, separator=separator)
    free = {guide for guide, found in target.items() if found == control}
    read = read_labels(
        _distinct(guides), control=control, genes=(), separator=separator, controls=free
    )
    single = {guide for parts in read.values() for guide in parts or ()}
    single |= {guide for guide in free if separator not in guide}
    return read, {guide: target[guide] for guide in sorted(single & set(target))}


def _renamed(raw: Labels, names: Mapping[str, str]) -> Labels:
    """Return the new name of every cell's label."""
    codes, values = pd.factorize(raw)
    return np.array([names[str(value)] for value in values], dtype=object)[codes]
