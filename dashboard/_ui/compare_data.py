"""What runs have in common: worked out once for each choice, and shared by all who look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.comparison.comparable import Difference
    from scdyn_core.runs.comparison.embeddings import Embeddings
    from scdyn_core.runs.comparison.equations import ComparedEquations
    from scdyn_core.runs.comparison.labels import ComparedLabels, Labels
    from scdyn_core.runs.comparison.side import Side, Tables
    from scdyn_core.runs.run import Run

#: Tells what was compared, as it was then: name, folder, replicate, and when it was written.
Stamp = tuple[object, ...]


def tables_of(side: Side) -> Tables:
    """Return a reader of the tables of a side that keeps what it read."""
    return partial(table_of, side.run)


def embeddings_of(sides: Sequence[Side]) -> Embeddings:
    """Return the embeddings of all sides in the frame of the first (never change it)."""
    return _embeddings(_stamps(sides, "latent"), list(sides))


def equations_of(sides: Sequence[Side]) -> ComparedEquations:
    """Return the equations of all sides in the latents of the first (never change it)."""
    return _equations(_stamps(sides, "latent", "equations"), list(sides))


def labels_compared(first: tuple[Side, Labels], second: tuple[Side, Labels]) -> ComparedLabels:
    """Return how two divisions agree (never change it)."""
    pair = (first, second)
    stamps = tuple(_stamp(side, labels.table) for side, labels in pair)
    return _labels(stamps, (first[1], second[1]), pair)


def differences_of(runs: Mapping[str, Run]) -> dict[str, Difference]:
    """Return what keeps the scores of the runs from being compared (never change it)."""
    stamps = tuple((name, str(run.path), run.state.ended) for name, run in runs.items())
    return _differences(stamps, dict(runs))


def settings_of_runs(runs: Mapping[str, Run]) -> pd.DataFrame:
    """Return one row a setting and a column a run (never change it)."""
    stamps = tuple((name, str(run.path), run.state.ended) for name, run in runs.items())
    return _settings(stamps, dict(runs))


def metrics_of(run: Run) -> pd.DataFrame:
    """Return the training metrics of a run (never change them)."""
    file = run.path / "metrics.jsonl"
    stamp = file.stat().st_mtime_ns if file.exists() else 0
    return _metrics((str(run.path), stamp), run)


def _stamps(sides: Sequence[Side], *tables: str) -> Stamp:
    return tuple(_stamp(side, *tables) for side in sides)


def _stamp(side: Side, *tables: str) -> Stamp:
    own = [name for name in tables if name in side.run.tables]
    written = tuple(side.run.table_file(name).stat().st_mtime_ns for name in own)
    return (side.name, str(side.run.path), side.replicate, *written)


@st.cache_resource(max_entries=10, show_spinner="Laying the embeddings over each other…")
def _embeddings(stamps: Stamp, _sides: list[Side]) -> Embeddings:
    from scdyn_core.runs.comparison.embeddings import compared_embeddings

    return compared_embeddings(_sides, {side.name: tables_of(side) for side in _sides})


@st.cache_resource(max_entries=10, show_spinner="Matching the latents…")
def _equations(stamps: Stamp, _sides: list[Side]) -> ComparedEquations:
    from scdyn_core.runs.comparison.equations import compared_equations

    return compared_equations(_sides, {side.name: tables_of(side) for side in _sides})


@st.cache_resource(max_entries=20, show_spinner="Comparing the groups…")
def _labels(
    stamps: Stamp, labels: tuple[Labels, Labels], _pair: tuple[tuple[Side, Labels], ...]
) -> ComparedLabels:
    from scdyn_core.runs.comparison.labels import compared_labels

    first, second = (each.read(tables_of(side), side.replicate) for side, each in _pair)
    return compared_labels(first, second)


@st.cache_resource(max_entries=20, show_spinner=False)
def _differences(stamps: Stamp, _runs: dict[str, Run]) -> dict[str, Difference]:
    from scdyn_core.runs.comparison.comparable import differences_to_first

    return differences_to_first(_runs)


@st.cache_resource(max_entries=20, show_spinner=False)
def _settings(stamps: Stamp, _runs: dict[str, Run]) -> pd.DataFrame:
    from scdyn_core.runs.comparison.settings import compared_settings

    return compared_settings(_runs)


@st.cache_resource(max_entries=20, show_spinner=False)
def _metrics(stamp: Stamp, _run: Run) -> pd.DataFrame:
    return _run.metrics()
