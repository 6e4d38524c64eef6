"""What every model of responses can be asked, so that all are read out the same way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from scdyn_core.methods.responses.pseudobulk import Curves, Matrix
from scdyn_core.reporter import Reporter


class ResponseModel(ABC):
    """A trained or fitted model of how genes respond.

    Genes it is asked about need not be those it learned from. Times of a gene with an infinite
    standard error count as not measured. ``k`` is the number of clusters that is looked at; models
    that know no clusters ignore it where they can.
    """

    #: Ways of making clusters, the first of them shown by default.
    algorithms: ClassVar[tuple[str, ...]]

    @abstractmethod
    def offset(self, k: int) -> Matrix:
        """Return what all genes share at each time, log2, shape ``(T,)``."""

    @abstractmethod
    def memberships(self, found: Curves, algorithm: str, k: int, seed: int) -> Matrix:
        """Return the probability of each of ``k`` clusters for every gene, shape ``(G, k)``."""

    @abstractmethod
    def again(
        self, found: Curves, learned: Curves, algorithm: str, k: int, seed: int, reporter: Reporter
    ) -> Matrix:
        """Return memberships found anew in curves of other cells, shape ``(G, k)``.

        ``learned`` are the curves of those cells for the genes the model learned from.
        """

    @abstractmethod
    def criterion(self, found: Curves, algorithm: str, k: int, seed: int) -> float:
        """Return the Bayesian information criterion (lower is better), NaN where there is none."""

    @abstractmethod
    def latent(self, found: Curves, k: int) -> Matrix:
        """Return coordinates in which genes that respond alike are near, shape ``(G, d)``."""

    @abstractmethod
    def predicted(self, found: Curves, k: int) -> tuple[Matrix, Matrix]:
        """Return mean and standard deviation of every gene's true mean at all times, ``(G, T)``."""
