"""Finished runs and experiments on rare cells, for tests of what is made of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from scdyn_core.data.roles import Roles
from scdyn_core.experiments.config import ResamplingExperiment, UnseenExperiment
from scdyn_core.methods.method import Table
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.runs.metrics import encode_row
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.runs.state import RunState, Status
from scdyn_core.runs.tables import write_table
from scdyn_core.runs.writer import RunWriter
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.resampling.options import SAMPLING
from tests.plots.synthetic_rare import (
    ARMS,
    TYPES,
    experiment_frames,
    sampling_frames,
    sampling_rows,
    unseen_experiment_frames,
    unseen_frames,
)


def write_weighted_run(
    root: Path,
    *,
    scheme: str = "neighbours",
    frames: dict[str, pd.DataFrame] | None = None,
    status: Status = "done",
    upto: int = 0,
    replicates: int = 1,
) -> Run:
    """Write a run that drew its cells in some way.

    Parameters
    ----------
    upto
        Epoch to which its metrics go, for one that is running.
    """
    own = sampling_frames(scheme=scheme, replicates=replicates) if frames is None else frames
    options = TrainingOptions(sampling=SAMPLING[scheme], replicates=replicates)
    spec = _spec(root, "train", options=options, method="svae")
    run = _written(root, spec, own if status == "done" else {}, status)
    rows = "".join(encode_row(row) for row in (sampling_rows(own, upto) if upto else []))
    (run.path / "metrics.jsonl").write_text(rows)
    return run


def write_held_out_run(
    root: Path,
    *,
    observed: bool = True,
    gene: str = "GENE",
    held_out: str = "NK cells",
    fingerprint: str = "0" * 16,
) -> Run:
    """Write a run of scGen that predicts the treated cells of one type."""
    frames = unseen_frames(held_out=(held_out,), observed=observed, gene=gene)
    spec = _spec(root, "train", fingerprint=fingerprint)
    return _written(root, spec, frames | sampling_frames(scheme="uniform"), "done")


def write_experiment(
    root: Path,
    *,
    frames: dict[str, pd.DataFrame] | None = None,
    status: Status = "done",
    question: str = "resampling",
) -> Run:
    """Write an experiment with its answer, or one that has none yet."""
    if question == "resampling":
        asked, own = ResamplingExperiment(arms=ARMS, seeds=3), experiment_frames()
    else:
        asked = UnseenExperiment(types=tuple(TYPES), arms=("uniform", "clusters"))
        own = unseen_experiment_frames()
    spec = _spec(root, "experiment", experiment=asked.model_dump(mode="json"))
    return _written(root, spec, (frames or own) if status == "done" else {}, status)


def _spec(root: Path, kind: str, fingerprint: str = "0" * 16, **asked: object) -> RunSpec:
    return RunSpec(
        kind=kind,
        dataset=DatasetRef(
            path=root / "absent.h5ad",
            name="synthetic blood",
            fingerprint=fingerprint,
            roles=Roles(),
        ),
        recipe=Recipe(name="none"),
        preset="scdyn",
        config={"epochs": 60},
        **({"method": "scgen"} | asked),
    )


def _written(root: Path, spec: RunSpec, frames: dict[str, pd.DataFrame], status: Status) -> Run:
    run = Run.create(root, spec)
    for name, frame in frames.items():
        meanings = dict.fromkeys(frame.columns, "made for a test")
        write_table(run.path / "tables" / f"{name}.parquet", Table(frame, meanings))
    created = run.state.created
    error = {"kind": "TrainingError", "place": "pair 2", "found": "a loss that is not finite",
             "needed": "finite terms", "fix": "Lower the learning rate."}  # fmt: skip
    RunWriter(run).set_state(
        RunState(
            status=status,
            created=created,
            started=None if status == "queued" else created,
            ended=None if status in ("queued", "running") else created + 60,
            error=error if status == "failed" else None,
        )
    )
    return run
