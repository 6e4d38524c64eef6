"""Splits: which cells a model learns from, is chosen on, and is scored on once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError

Part = Literal["train", "validation", "test", "adapt"]
#: The parts of every split.
PARTS: tuple[Part, ...] = ("train", "validation", "test")


@dataclass(frozen=True)
class Split:
    """Disjoint sorted positions along one axis, drawn before anything is learned.

    Attributes
    ----------
    train, validation, test
        Positions, shape ``(n_part,)``; together every position once.
    adapt
        Positions that a trained model may adjust to but not learn from: samples of a kind that
        was held out of training. Usually empty.
    """

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]
    adapt: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @classmethod
    def draw(
        cls,
        n: int,
        *,
        seed: int,
        validation: float = 0.2,
        test: float = 0.2,
        strata: NDArray[np.generic] | None = None,
    ) -> Split:
        """Draw a split of ``n`` positions, in proportion within each stratum.

        Raises
        ------
        ConfigError
            When a part would be empty.
        """
        rng = np.random.default_rng(seed)
        groups = np.zeros(n, dtype=np.int64) if strata is None else pd.factorize(strata)[0]
        # One random order, then a stable sort by stratum: taking every cell's rank within
        # its stratum as its quantile keeps the proportions in every stratum.
        order = rng.permutation(n)
        order = order[np.argsort(groups[order], kind="stable")]
        sizes = np.bincount(groups[order] - groups.min())
        starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
        offsets = np.repeat(rng.random(len(sizes)), sizes)
        quantile = (np.arange(n) - starts + offsets) / np.repeat(sizes, sizes)
        in_test = quantile < test
        in_validation = ~in_test & (quantile < test + validation)
        parts = {
            "test": np.sort(order[in_test]),
            "validation": np.sort(order[in_validation]),
            "train": np.sort(order[~in_test & ~in_validation]),
        }
        for part, members in parts.items():
            if len(members) == 0:
                raise ConfigError(
                    "split",
                    found=f"an empty {part} part from {n} cells",
                    needed="at least one cell in train, validation and test",
                    fix="Use more cells or larger fractions.",
                )
        return cls(**parts)

    def part_of(self, part: Part) -> NDArray[np.int64]:
        """Return the positions of one part."""
        members: NDArray[np.int64] = getattr(self, part)
        return members

    def labels(self) -> NDArray[np.str_]:
        """Return the part of every position, shape ``(n,)``."""
        parts = {part: self.part_of(part) for part in get_args(Part)}
        labels = np.empty(sum(map(len, parts.values())), dtype="<U10")
        for part, members in parts.items():
            labels[members] = part
        return labels
