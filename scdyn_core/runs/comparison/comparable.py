"""Whether scores of two runs compare: the same data, prepared alike, and the same test cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run


@dataclass(frozen=True)
class Difference:
    """What keeps the scores of a run from being compared with those of the first.

    Attributes
    ----------
    same_data, same_recipe
        Whether both read the same data, prepared in the same way.
    shared_test
        Share of the test samples of either that both were tested on (Jaccard index); ``None``
        where one of the two has no split.
    same_target
        Whether both were scored on the same derivative (CLERA); true for other methods.
    """

    same_data: bool
    same_recipe: bool
    shared_test: float | None
    same_target: bool

    @property
    def scores_compare(self) -> bool:
        """Whether nothing is known that speaks against it."""
        same_test = self.shared_test is None or self.shared_test == 1.0
        return self.same_data and self.same_recipe and same_test and self.same_target


def differences_to_first(runs: Mapping[str, Run]) -> dict[str, Difference]:
    """Return for every run but the first how its question differs from that of the first."""
    names = list(runs)
    tested = {name: _test_samples(run) for name, run in runs.items()}
    first = runs[names[0]]
    return {
        name: Difference(
            same_data=runs[name].spec.dataset.fingerprint == first.spec.dataset.fingerprint,
            same_recipe=runs[name].spec.recipe.digest() == first.spec.recipe.digest(),
            shared_test=_shared(tested[names[0]], tested[name]),
            same_target=_target(runs[name]) == _target(first),
        )
        for name in names[1:]
    }


def rankable(differences: Mapping[str, Difference], names: Iterable[str]) -> list[str]:
    """Return those of the names whose scores rank against those of the first: itself, and such."""
    return [name for name in names if name not in differences or differences[name].scores_compare]


def _target(run: Run) -> object:
    return run.spec.config.get("derivative") if run.spec.method == "clera" else None


def _test_samples(run: Run) -> pd.Index | None:
    import pandas as pd

    split = run.split()
    return None if split is None else pd.Index(split.loc[split["part"] == "test", "sample"])


def _shared(first: pd.Index | None, second: pd.Index | None) -> float | None:
    if first is None or second is None:
        return None
    either = len(first.union(second))
    return len(first.intersection(second)) / either if either else None
