"""A fitted family of mixtures, one for each number of clusters, as a model of responses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scdyn_core.methods.method import Arrays
from scdyn_core.methods.responses.mixture.model import Measured, Mixture
from scdyn_core.methods.responses.mixture.posterior import posterior
from scdyn_core.methods.responses.mixture.prediction import predicted
from scdyn_core.methods.responses.mixture.starting import fit_mixture
from scdyn_core.methods.responses.model import ResponseModel
from scdyn_core.methods.responses.pseudobulk import Curves, Matrix
from scdyn_core.methods.responses.scaling import shrunken
from scdyn_core.reporter import Reporter

ALGORITHM = "mixture"
#: A class costs its template but for the level (T - 1), its share, two numbers for the spread of
#: its amplitudes, and about two for how it bends, whose values are pulled to zero.
EXTRA_NUMBERS = 5
#: Starts and finalists where a mixture is fitted again to half of the cells.
_AGAIN = {"starts": 5, "finalists": 2}


@dataclass(frozen=True)
class MixtureFamily(ResponseModel):
    """Mixtures by their number of classes.

    Attributes
    ----------
    mixtures
        Number of classes -> mixture.
    likelihoods
        Number of classes -> log likelihood of the training genes.
    genes
        Number of training genes.
    shared
        Whether the offset was learned.
    """

    mixtures: Mapping[int, Mixture]
    likelihoods: Mapping[int, float]
    genes: int
    shared: bool

    algorithms: ClassVar[tuple[str, ...]] = (ALGORITHM,)

    @classmethod
    def from_arrays(cls, arrays: Arrays, shared: bool) -> MixtureFamily:
        """Return the family that ``arrays`` stored."""
        stored: dict[int, dict[str, Matrix]] = {}
        for key, value in arrays.items():
            if "/" in key:
                k, name = key.split("/")
                stored.setdefault(int(k), {})[name] = value
        return cls(
            {k: Mixture.from_arrays(each) for k, each in stored.items()},
            {k: float(each["likelihood"]) for k, each in stored.items()},
            int(arrays["genes"]),
            shared,
        )

    def arrays(self) -> dict[str, Matrix]:
        """Return everything by name, for storing."""
        stored = {
            f"{k}/{name}": value
            for k, mixture in self.mixtures.items()
            for name, value in mixture.arrays().items()
        }
        likelihoods = {f"{k}/likelihood": np.array(v) for k, v in self.likelihoods.items()}
        return stored | likelihoods | {"genes": np.array(self.genes)}

    def offset(self, k: int) -> Matrix:
        """Return what the flat class leaves over at each time."""
        return self.mixtures[k].o

    def memberships(self, found: Curves, algorithm: str, k: int, seed: int) -> Matrix:
        """Return the posterior probability of every class."""
        return _memberships(self.mixtures[k], found)

    def again(
        self, found: Curves, learned: Curves, algorithm: str, k: int, seed: int, reporter: Reporter
    ) -> Matrix:
        """Fit a mixture to the other cells, from its own starts."""
        mixture = self.mixtures[k]
        fitted, _ = fit_mixture(
            learned.mean, learned.se, learned.times, mixture.o, float(mixture.n), k, seed,
            reporter, shared=self.shared, **_AGAIN,
        )  # fmt: skip
        return _memberships(fitted, found)

    def criterion(self, found: Curves, algorithm: str, k: int, seed: int) -> float:
        """Return the Bayesian information criterion on the training genes."""
        numbers = (k - 1) * (len(found.times) - 1 + EXTRA_NUMBERS)
        return float(numbers * np.log(self.genes) - 2 * self.likelihoods[k])

    def latent(self, found: Curves, k: int) -> Matrix:
        """Return the scaled curves without their noise."""
        mean, _ = self.predicted(found, k)
        return shrunken(mean - self.offset(k), found.se)

    def predicted(self, found: Curves, k: int) -> tuple[Matrix, Matrix]:
        """Average over classes, amplitudes and bends."""
        return predicted(self.mixtures[k], found.mean, found.se)


def _memberships(mixture: Mixture, found: Curves) -> Matrix:
    measured = Measured.of(found.mean, found.se, float(mixture.n))
    return posterior(mixture, measured).membership
