"""One replicate of a run as the views of the Dynamics page use it, read once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.dynamics_tables import latent_values
from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from scdyn_core.evaluation.field.fixed_points import FixedPoint
    from scdyn_core.evaluation.field.learned_field import LearnedField
    from scdyn_core.evaluation.field.plane import Plane
    from scdyn_core.evaluation.field.simulate import Paths
    from scdyn_core.evaluation.field.support import Support
    from scdyn_core.methods.clera.decoding import GeneDecoder
    from scdyn_core.runs.run import Run

    Values = NDArray[np.float64]

#: Columns that can group cells, the most telling first, and the most groups of a list.
GROUPINGS, MOST_GROUPS, FEWEST_CELLS = ("cell_type", "time", "part"), 40, 3
#: A cell of typical speed goes this far (sd) in the time that is simulated at first.
TYPICAL_DISTANCE = 3.0
#: Times a path is recorded at.
TIMES = 240
#: Above the median plane and the cell types, what the latents left out can be.
AS_NEARBY, AT_MEDIAN = "as in nearby cells", "at the median cell"


@dataclass(frozen=True)
class LearnedModel:
    """What a replicate learned, with the cells it is looked at with.

    Attributes
    ----------
    key
        Names run and replicate, for caches and widgets.
    field
        The equations.
    support
        All cells in latent space, shape ``(n, d)``.
    cells
        One row a cell in the same order: name, part, annotations, places on maps.
    grouping
        Column of ``cells`` that groups them.
    """

    key: str
    field: LearnedField
    support: Support
    cells: pd.DataFrame
    grouping: str

    @property
    def z(self) -> Values:
        """Cells in latent space, shape ``(n, d)``."""
        return self.support.cells

    @property
    def groups(self) -> list[str]:
        """Group of every cell."""
        return self.cells[self.grouping].astype(str).tolist()

    @property
    def types(self) -> list[str] | None:
        """Cell type of every cell; ``None`` where unknown."""
        return self.groups if self.grouping == "cell_type" else None

    @property
    def umap(self) -> Values | None:
        """Place of every cell on the UMAP, shape ``(n, 2)``."""
        if "umap_1" not in self.cells:
            return None
        return self.cells[["umap_1", "umap_2"]].to_numpy(dtype=np.float64)

    @property
    def typical_time(self) -> float:
        """Time in which a cell of median speed goes three sd, rounded."""
        speed = float(np.median(np.linalg.norm(self.field(self.z), axis=1)))
        return float(f"{TYPICAL_DISTANCE / speed:.1g}") if speed > 0 else 1.0

    def middle_cells(self) -> dict[str, int]:
        """Return the cell nearest to the median of each group large enough to have a middle."""
        groups = np.asarray(self.groups)
        middles = {}
        for name, size in zip(*np.unique(groups, return_counts=True), strict=True):
            if size >= FEWEST_CELLS and len(middles) < MOST_GROUPS:
                middles[str(name)] = self.middle_of(np.flatnonzero(groups == name))
        return middles

    def middle_of(self, members: NDArray[np.int64]) -> int:
        """Return the member nearest to the median of ``members``."""
        places = self.z[members]
        distance = ((places - np.median(places, axis=0)) ** 2).sum(axis=1)
        return int(members[distance.argmin()])

    def plane(self, first: int, second: int, others: str) -> Plane:
        """Return the plane of two latents; ``others`` says where the rest are held."""
        from scdyn_core.evaluation.field.plane import Plane, Sheet

        if others == AS_NEARBY:
            return Sheet.through(self.z, first, second)
        members = np.asarray(self.groups) == others
        return Plane.through_median(self.z[members] if members.any() else self.z, first, second)


def learned_model(run: Run, replicate: int) -> LearnedModel:
    """Return a replicate of a run.

    Raises
    ------
    InputError
        When the table of equations cannot be read.
    """
    return _model(run.path, replicate, run.table_file("equations").stat().st_mtime_ns)


@st.cache_resource(max_entries=12, show_spinner=False)
def _model(path: Path, replicate: int, changed: int) -> LearnedModel:
    from scdyn_core.evaluation.field.learned_field import LearnedField
    from scdyn_core.evaluation.field.support import Support
    from scdyn_core.runs.run import Run

    run = Run.open(path)
    latent, cells = run.table("latent"), run.table("cells")
    of_replicate = latent[latent["replicate"] == replicate]
    return LearnedModel(
        key=f"{run.id}/{replicate}/{changed}",
        field=LearnedField.of(run.table("equations"), replicate),
        support=Support(latent_values(latent, replicate)),
        cells=cells.set_index("cell").reindex(of_replicate["cell"]).reset_index(),
        grouping=next(name for name in GROUPINGS if name in cells),
    )


def simulated(model: LearnedModel, starts: tuple[int, ...], duration: float) -> Paths:
    """Return the paths of the learned equations from some cells, kept between visits."""
    return _simulated(model.key, starts, duration, model)


@st.cache_resource(max_entries=60, show_spinner=False)
def _simulated(key: str, starts: tuple[int, ...], duration: float, _model: LearnedModel) -> Paths:
    from scdyn_core.evaluation.field.simulate import simulate

    times = np.linspace(0.0, duration, TIMES)
    return simulate(_model.field, _model.z[list(starts)], times, _model.support)


def furthest_first(model: LearnedModel) -> list[str]:
    """Return the groups with a middle cell, those first from where paths go furthest."""
    middles = model.middle_cells()
    paths = simulated(model, tuple(middles.values()), model.typical_time).states
    lengths = np.nansum(np.linalg.norm(np.diff(paths, axis=0), axis=2), axis=0)
    names = list(middles)
    return [names[number] for number in np.argsort(-lengths, kind="stable")]


def replicates_of(run: Run) -> list[int]:
    """Return the numbers of the replicates."""
    equations = table_of(run, "equations")
    return [] if equations is None else sorted(int(n) for n in equations["replicate"].unique())


def fixed_points(run: Run, replicate: int) -> list[FixedPoint]:
    """Return the fixed points of a replicate."""
    model = learned_model(run, replicate)
    return _fixed_points(model.key, model)


@st.cache_resource(max_entries=40, show_spinner=False)
def _fixed_points(key: str, _model: LearnedModel) -> list[FixedPoint]:
    from scdyn_core.evaluation.field.fixed_points import find_fixed_points

    return find_fixed_points(_model.field, _model.support)


def has_model(run: Run) -> bool:
    """Return whether a run keeps its trained networks."""
    return (run.path / "model" / "weights.safetensors").exists()


def gene_decoder(run: Run, replicate: int) -> GeneDecoder | None:
    """Return the decoder of a replicate; ``None`` where the run keeps no model it could read."""
    if not has_model(run):
        return None
    return _decoder(run.path, replicate, run.table_file("equations").stat().st_mtime_ns)


@st.cache_resource(max_entries=12, show_spinner=False)
def _decoder(path: Path, replicate: int, changed: int) -> GeneDecoder | None:
    from scdyn_core.errors import ScdynError
    from scdyn_core.methods.clera.config import CleraConfig
    from scdyn_core.methods.clera.decoding import GeneDecoder
    from scdyn_core.runs.model import read_tensors, read_weights
    from scdyn_core.runs.run import Run

    try:
        # Only two fields are read: runs of other versions may have others besides.
        config = {**CleraConfig().model_dump(), **Run.open(path).spec.config}
        tensors = read_tensors(path)
        return GeneDecoder.of(
            read_weights(path)[replicate],
            tensors.constants,
            tuple(map(str, tensors.info["genes"])),  # type: ignore[call-overload]
            activation=str(config["activation"]),
            components=bool(config["components"]),
        )
    except (ScdynError, ValueError):
        return None


@st.cache_resource(max_entries=4, show_spinner=False)
def gene_range(key: str, _decoder: GeneDecoder, _model: LearnedModel) -> tuple[Values, Values]:
    """Return what 95% of the cells decode to, gene by gene: two arrays of shape ``(G,)``."""
    some = _model.z[:: -(-len(_model.z) // 2000)]
    low, high = np.quantile(_decoder(some), [0.025, 0.975], axis=0)
    return low, high
