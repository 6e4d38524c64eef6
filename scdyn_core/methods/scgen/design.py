"""Which cells take part, which of them are treated, and which types are predicted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Split
from scdyn_core.errors import ConfigError
from scdyn_core.methods.scgen.config import ScgenConfig


@dataclass(frozen=True)
class Design:
    """The cells of the control and of the treated condition whose type is known.

    Attributes
    ----------
    cells
        Their positions in the dataset, shape ``(n,)``.
    types, treated
        Type of every one, and whether it was treated, shape ``(n,)``.
    control_level, treated_level
        The two conditions.
    held_out
        Types that are predicted: none of their treated cells is learned from.
    """

    cells: NDArray[np.int64]
    types: NDArray[np.str_]
    treated: NDArray[np.bool_]
    control_level: str
    treated_level: str
    held_out: tuple[str, ...]

    @property
    def unseen(self) -> NDArray[np.bool_]:
        """Treated cells of types that are predicted: they are for testing only."""
        return self.treated & np.isin(self.types, self.held_out)

    def split(self, config: ScgenConfig, seed: int) -> Split:
        """Divide the cells in proportion within every type and condition.

        Raises
        ------
        ConfigError
            When a part would have none of the cells that may be learned from.
        """
        strata = np.char.add(self.types, np.where(self.treated, "/1", "/0"))
        drawn = Split.draw(
            len(self.cells),
            seed=seed,
            validation=config.validation,
            test=config.test,
            strata=strata,
        )
        labels = drawn.labels()
        for part in PARTS:
            if not (labels[~self.unseen] == part).any():
                raise ConfigError(
                    "split",
                    found=f"no {part} cells beside the treated ones of held-out types",
                    needed="at least one in train, validation and test",
                    fix="Use more cells, or larger shares of validation and test.",
                )
        labels[self.unseen] = "test"
        train, validation, test = (
            np.flatnonzero(labels == part) for part in ("train", "validation", "test")
        )
        return Split(train=train, validation=validation, test=test)


def design_of(dataset: Dataset, config: ScgenConfig) -> Design:
    """Read types and conditions.

    Raises
    ------
    ConfigError
        When a role is missing, a type or condition is not in the data, types are unknown in a
        condition, or the held-out type has no control cells to predict from.
    """
    condition = _column(dataset, "condition")
    types = _column(dataset, "cell_type")
    control = _control(dataset, condition)
    treated = _treated(condition, control, config.treated)
    takes_part = condition.isin([control, treated]) & types.notna()
    cells = np.flatnonzero(takes_part)
    names = types.to_numpy()[cells].astype(str)
    is_treated = np.asarray(condition.to_numpy()[cells].astype(str) == treated)
    if is_treated.all() or not is_treated.any():
        level = control if is_treated.all() else treated
        raise ConfigError(
            "cell types",
            found=f"no cell of {level!r} whose type is known",
            needed="cells of known type in both conditions",
            fix="Check the roles cell_type and condition.",
        )
    held_out = _held_out(names, is_treated, config.held_out)
    return Design(cells, names, is_treated, control, treated, held_out)


def _column(dataset: Dataset, role: str) -> pd.Series:
    name = getattr(dataset.roles, role)
    if name is None:
        raise ConfigError(
            f"role {role}",
            found="no column with this role",
            needed="the type and the condition of the cells",
            fix=f"Set the role {role} on the page Data, or with --role {role}=COLUMN.",
        )
    column = dataset.adata.obs[name]
    named: pd.Series = column.astype(str).where(column.notna()).astype(object)
    return named


def _control(dataset: Dataset, condition: pd.Series) -> str:
    level = dataset.roles.control_condition
    if level is None or not (condition == level).any():
        raise ConfigError(
            "role control_condition",
            found="no such role" if level is None else f"no cells of {level!r}",
            needed="the level of the condition that is untreated",
            fix="Set the role control_condition to one of "
            + ", ".join(map(repr, sorted(condition.dropna().unique())[:10])),
        )
    return level


def _treated(condition: pd.Series, control: str, wanted: str) -> str:
    """Return the treated level: the one asked for, or the commonest beside the control."""
    counts = condition[condition != control].value_counts()
    if wanted and wanted in counts.index:
        return wanted
    if wanted or not len(counts):
        raise ConfigError(
            "treated",
            found=f"no cells of {wanted!r}" if wanted else "no condition beside the control",
            needed="one of " + ", ".join(map(repr, counts.index[:10])) if len(counts) else
            "two conditions",
            fix="Choose another condition, or leave treated empty for the commonest.",
        )  # fmt: skip
    return str(min(counts.index[counts == counts.max()]))


def _held_out(types: NDArray[np.str_], treated: NDArray[np.bool_], wanted: str) -> tuple[str, ...]:
    with_control = set(types[~treated].tolist())
    if not wanted:
        return tuple(sorted(with_control - set(types[treated].tolist())))
    if wanted not in with_control:
        raise ConfigError(
            "held_out",
            found=f"no control cells of a type {wanted!r}",
            needed="one of " + ", ".join(map(repr, sorted(with_control)[:20])),
            fix="Hold out one of these, or none.",
        )
    return (wanted,)
