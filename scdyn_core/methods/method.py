"""The contract of a trainable method, and the plain list of methods.

Adding a method is one folder with an object of this class and one entry in
``scdyn_core.methods.registry``: the loop, the form, the command line, the run store and the
comparison page need no change.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import RoleName
from scdyn_core.data.split import Part, Split
from scdyn_core.evaluation.score import Score
from scdyn_core.reporter import Reporter
from scdyn_core.training.options import TrainingOptions

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule
    from scdyn_core.training.phase import Phase


#: A fitted model: everything it learned, by name.
Arrays = Mapping[str, NDArray[Any]]


class MethodConfig(BaseModel):
    """Base of every method's configuration: the form, the CLI, the saved run and the docs.

    Every field has bounds, a default, a ``description`` (one plain sentence) and, through
    ``json_schema_extra``, ``unit``, ``term`` (the paper's name), ``group`` and ``advanced``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


def show(group: str, *, advanced: bool = False, term: str = "", unit: str = "") -> dict[str, Any]:
    """Return where the form puts a field of a configuration, and the paper's name for it."""
    return {"group": group, "advanced": advanced, "term": term, "unit": unit}


@dataclass(frozen=True)
class Tensors:
    """Arrays a method trains on, part by part; nothing crosses from one part to another.

    Attributes
    ----------
    parts
        Part -> name -> array; the first axis of every array is the sample axis.
    samples
        Part -> positions of the samples in the dataset: of cells, or of genes.
    reference
        Arrays of the same form that no training step sees, for reading the model out.
    constants
        Arrays without a sample axis that were learned on the training part.
    info
        Facts for people and for ``results``: names, counts, measured nulls.
    """

    parts: Mapping[Part, Mapping[str, NDArray[np.floating]]]
    samples: Mapping[Part, NDArray[np.int64]]
    reference: Mapping[Part, Mapping[str, NDArray[np.floating]]] = field(default_factory=dict)
    constants: Mapping[str, NDArray[np.floating]] = field(default_factory=dict)
    info: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A named result with one line of meaning (and unit) for every column."""

    frame: pd.DataFrame
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Results:
    """What a trained method says: tables for the pages, scores beside baselines."""

    tables: Mapping[str, Table]
    scores: Sequence[Score]


@dataclass(frozen=True)
class RoleNeeds:
    """Roles a method cannot do without.

    ``required`` must all be played; of every tuple in ``one_of`` at least one group of roles
    must be played completely.
    """

    required: tuple[RoleName, ...] = ()
    one_of: tuple[tuple[RoleName, ...], ...] = ()
    optional: tuple[RoleName, ...] = ()

    def missing(self, assigned: Mapping[str, str]) -> str | None:
        """Return why the roles do not suffice, or ``None`` when they do."""
        absent = [role for role in self.required if role not in assigned]
        if absent:
            return "needs a column or layer with the role " + ", ".join(absent)
        if self.one_of and not any(
            all(role in assigned for role in group) for group in self.one_of
        ):
            return "needs " + ", or ".join(" and ".join(group) for group in self.one_of)
        return None


class Method(ABC):
    """What every method shares. Stateless: everything learned lives in the models it returns.

    A method is either a ``TrainedMethod``, whose models the one training loop trains, or a
    ``FittedMethod``, which finds its models itself.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    citation: ClassVar[str]
    roles: ClassVar[RoleNeeds]
    #: What a training step is given some of.
    samples: ClassVar[Literal["cells", "genes"]] = "cells"
    #: Import of the config never imports torch.
    Config: ClassVar[type[MethodConfig]]
    #: Named configurations; ``scdyn`` is the default, ``published`` the paper's.
    presets: ClassVar[Mapping[str, MethodConfig]]
    #: What the form and the shell start from: how many replicates a method needs to be stable.
    options: ClassVar[TrainingOptions] = TrainingOptions()
    #: What a closer look at a trained run can be asked for; ``None`` where there is none.
    Explanation: ClassVar[type[MethodConfig] | None] = None

    def split(self, dataset: Dataset, config: MethodConfig, seed: int) -> Split:
        """Draw the split before anything is learned; stratified by cell type where known."""
        column = dataset.roles.cell_type
        strata = None if column is None else np.asarray(dataset.adata.obs[column].astype(str))
        return Split.draw(dataset.adata.n_obs, seed=seed, strata=strata)

    def sample_names(self, dataset: Dataset, config: MethodConfig) -> Sequence[str]:
        """Return the names of what the split divides, in its order; cells if not said otherwise."""
        return [str(name) for name in dataset.adata.obs_names]

    @abstractmethod
    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        """Turn a prepared dataset into arrays, learning only on the training part."""

    def check(
        self, dataset: Dataset, config: MethodConfig, seed: int, reporter: Reporter
    ) -> Mapping[str, Table]:
        """Say what the data can tell this method, before anything is trained."""
        raise NotImplementedError

    @abstractmethod
    def results(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        dataset: Dataset,
        config: MethodConfig,
        reporter: Reporter,
    ) -> Results:
        """Read the replicates (settled modules, or fitted arrays) out into tables and scores."""

    def edges(
        self, table: Callable[[str], pd.DataFrame | None], replicate: int
    ) -> pd.DataFrame | None:
        """Return the interaction network that the tables of a run hold (``networks.edges``).

        ``table`` gives a table of the run by name, or ``None``; so does this, without a network.
        """
        return None

    def explain(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        config: MethodConfig,
        request: MethodConfig,
        reporter: Reporter,
    ) -> Mapping[str, Table]:
        """Look closer at trained replicates, as ``request`` (of ``Explanation``) asks."""
        raise NotImplementedError


class TrainedMethod(Method):
    """A method whose modules the training loop trains by gradient."""

    @abstractmethod
    def build(self, tensors: Tensors, config: MethodConfig, seed: int) -> TrainableModule:
        """Return an untrained module whose start depends on ``seed`` alone."""

    @abstractmethod
    def phases(self, config: MethodConfig) -> Sequence[Phase]:
        """Return what is trained, in order."""

    def settle(
        self, modules: Sequence[TrainableModule], tensors: Tensors, config: MethodConfig
    ) -> Sequence[TrainableModule]:
        """Bring trained replicates into one frame before they are stored and read out.

        Must not change what any of them computes beyond naming, nor look at test samples.
        """
        return modules


class FittedMethod(Method):
    """A method that finds its models itself, without gradients and epochs."""

    @abstractmethod
    def fit(
        self,
        tensors: Tensors,
        config: MethodConfig,
        seeds: Sequence[int],
        reporter: Reporter,
    ) -> Sequence[Arrays]:
        """Return one model per seed: named arrays, all that ``results`` needs to know of it.

        Raises
        ------
        Cancelled
            When the reporter says so.
        """
