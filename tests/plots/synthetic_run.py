"""A finished CLERA run with small tables that fit together: a limit cycle and a decaying latent.

dz1/dt = m z1 - w z2 - m z1 (z1² + z2²),  dz2/dt = w z1 + m z2 - m z2 (z1² + z2²),
dz3/dt = -0.5 z3.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from scdyn_core.data.roles import Roles
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.clera.stability import stability_table
from scdyn_core.methods.clera.term_agreement import agreement_table, term_agreement
from scdyn_core.methods.method import Table
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.runs.metrics import encode_row
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.runs.state import RunState
from scdyn_core.runs.tables import write_table
from scdyn_core.runs.writer import RunWriter
from scdyn_core.training.options import TrainingOptions

ATTRACTION, FREQUENCY, DECAY = 0.15, 0.35, 0.5
LATEX = {
    "1": "1",
    "z1": "z_{1}",
    "z2": "z_{2}",
    "z3": "z_{3}",
    "z1*z1*z1": "z_{1}^{3}",
    "z1*z2*z2": "z_{1} z_{2}^{2}",
    "z1*z1*z2": "z_{1}^{2} z_{2}",
    "z2*z2*z2": "z_{2}^{3}",
    "sin(z3)": r"\sin z_{3}",
}
TRUTH = {
    (1, "z1"): ATTRACTION,
    (1, "z2"): -FREQUENCY,
    (1, "z1*z1*z1"): -ATTRACTION,
    (1, "z1*z2*z2"): -ATTRACTION,
    (2, "z1"): FREQUENCY,
    (2, "z2"): ATTRACTION,
    (2, "z1*z1*z2"): -ATTRACTION,
    (2, "z2*z2*z2"): -ATTRACTION,
    (3, "z3"): -DECAY,
}


def velocity(z: np.ndarray) -> np.ndarray:
    x, y, w = z.T
    pull = ATTRACTION * (1 - x**2 - y**2)
    return np.column_stack([pull * x - FREQUENCY * y, FREQUENCY * x + pull * y, -DECAY * w])


def equations_table(replicates: int) -> pd.DataFrame:
    rows = []
    for replicate in range(replicates):
        for equation in (1, 2, 3):
            for term, latex in LATEX.items():
                truth = TRUTH.get((equation, term), 0.0)
                extra = replicate == 1 and (equation, term) == (3, "sin(z3)")
                active = truth != 0.0 or extra
                inclusion = 1.0 if truth else 1 / replicates if term == "sin(z3)" else 0.0
                rows.append(
                    (replicate, equation, term, latex, truth + 0.02 * extra, active, inclusion)
                )
    names = ["replicate", "equation", "term", "latex", "coefficient", "active", "inclusion"]
    return pd.DataFrame(rows, columns=names)


def tables(
    *, cells: int = 400, replicates: int = 2, gene: str = "Gene", cell_type: str = "phase "
) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(0)
    phase, radius = rng.uniform(0, 2 * np.pi, cells), rng.uniform(0.2, 1.8, cells)
    z = np.column_stack([radius * np.cos(phase), radius * np.sin(phase), rng.normal(0, 1, cells)])
    names = np.array([f"cell{i:05d}" for i in range(cells)])
    part = rng.choice(["train", "validation", "test"], cells, p=[0.6, 0.2, 0.2])
    kinds = np.array([f"{cell_type}{1 + int(4 * angle / (2 * np.pi))}" for angle in phase])
    dz = velocity(z)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    frames = {
        "cells": pd.DataFrame(
            {
                "cell": names,
                "part": part,
                "cell_type": kinds,
                "time": np.round(phase),
                **dict(zip(("umap_1", "umap_2"), (4 * z[:, :2] @ turn).T, strict=True)),
                **dict(
                    zip(
                        ("velocity_umap_1", "velocity_umap_2"),
                        (4 * dz[:, :2] @ turn).T,
                        strict=True,
                    )
                ),
                "pca_1": z[:, 0],
                "pca_2": z[:, 1],
            }
        ),
        "equations": equations_table(replicates),
        "genes": pd.DataFrame({"gene": [f"{gene}{i}" for i in range(40)], "sd": 1.0}),
    }
    latent, classifier, programs = [], [], []
    for replicate in range(replicates):
        noise = rng.normal(0, 0.15, (cells, 3))
        columns = {"replicate": replicate, "cell": names, "part": part}
        for axis in range(3):
            columns[f"z{axis + 1}"] = z[:, axis]
            columns[f"dz{axis + 1}"] = dz[:, axis] + noise[:, axis]
            columns[f"dzhat{axis + 1}"] = dz[:, axis]
        latent.append(pd.DataFrame(columns))
        guessed = np.where(rng.random(cells) < 0.9, kinds, rng.permutation(kinds))
        frame = pd.DataFrame({"part": part, "true": kinds, "predicted": guessed})
        counted = frame.value_counts().rename("cells").reset_index()
        classifier.append(counted.assign(replicate=replicate))
        for axis in (1, 2, 3):
            programs.append(
                pd.DataFrame(
                    {
                        "replicate": replicate,
                        "latent": axis,
                        "gene": frames["genes"]["gene"],
                        "effect": rng.normal(0, 0.4, 40),
                    }
                )
            )
    frames.update(replicate_tables(frames["equations"], replicates))
    frames["latent"] = pd.concat(latent, ignore_index=True)
    frames["classifier"] = pd.concat(classifier, ignore_index=True)
    frames["programs"] = pd.concat(programs, ignore_index=True)
    frames["derivative_sources"] = derivative_sources()
    return frames


def derivative_sources(part: str = "test") -> pd.DataFrame:
    """Baselines of two sources; the second has no null and leaves the space of the cells."""
    rows = []
    for source, level, tangent, null in (("graph", 0.42, 0.8, 0.03), ("layer", 0.05, 0.3, None)):
        baselines = (("no change", 0.0), ("mean", 0.01), ("PCA + STLSQ", level), ("kNN", -0.7))
        for data, known in (("real", True), ("null", null is not None)):
            for baseline, share in baselines if known else ():
                value = share if data == "real" else min(share, null or 0.0)
                rows.append((source, baseline, part, data, value, value - 0.01, tangent))
    columns = ["source", "baseline", "part", "data", "share", "centred_share", "tangent_share"]
    return pd.DataFrame(rows, columns=columns)


def replicate_tables(equations: pd.DataFrame, replicates: int) -> dict[str, pd.DataFrame]:
    """Replicates that agree, the second a little worse; the last one is the best."""
    numbers = np.arange(replicates)
    share = 0.40 + 0.01 * numbers - 0.03 * (numbers == 1)
    unknown = np.nan if replicates == 1 else 1.0
    agreement = pd.DataFrame({"replicate": np.repeat(numbers, 3)})
    found = {
        "stability": stability_table(equations).frame,
        "replicates": pd.DataFrame(
            {
                "replicate": numbers,
                "validation_derivative_share": share,
                "active_terms": equations.groupby("replicate")["active"].sum().to_numpy(),
                "term_stability": 0.9 * unknown,
                "field_stability": (0.8 - 0.1 * (numbers == 1)) * unknown,
                "test_derivative_share": share - 0.02,
                "chosen": numbers == share.argmax(),
            }
        ),
        "alignment": agreement.assign(
            reference=0, latent=np.tile([1, 2, 3], replicates), matched_latent=1, sign=1,
            correlation=0.9, affine_r2=0.95, field_share=0.8, field_cosine=0.85,
        ),
    }  # fmt: skip
    if replicates > 1:
        kept = equations["active"].to_numpy().reshape(replicates, 3, -1).swapaxes(1, 2)
        found["term_agreement"] = agreement_table(term_agreement(kept)).frame
    return found


def metrics(replicates: int = 2, epochs: int = 120) -> list[dict[str, float | int | str]]:
    rows: list[dict[str, float | int | str]] = []
    for epoch in range(0, epochs, 5):
        for replicate in range(replicates):
            for part, gap in (("train", 1.0), ("validation", 1.2)):
                decay = gap * np.exp(-epoch / 40) + 0.05 * (1 + 0.1 * replicate)
                rows.append(
                    {
                        "phase": "fit" if epoch < 80 else "refine",
                        "epoch": epoch % 80,
                        "epoch_total": epoch,
                        "part": part,
                        "replicate": replicate,
                        "loss": 3 * decay,
                        "reconstruction": decay,
                        "derivative": 1.5 * decay,
                        "latent_derivative": 0.5 * decay,
                        "active_terms": 27 - epoch // 8,
                    }
                )
    return rows


SCORES = [
    Score(
        metric="derivative share",
        value=0.42,
        split="test",
        better="higher",
        replicate_sd=0.02,
        baselines={"mean": 0.0, "PCA + STLSQ": 0.31, "rebuilt graph null": 0.03},
    ),
    Score(
        metric="reconstruction R2",
        value=0.28,
        split="test",
        better="higher",
        replicate_sd=0.01,
        baselines={"mean": 0.0, "PCA": 0.33},
    ),
    Score(
        metric="accuracy",
        value=0.91,
        split="test",
        better="higher",
        baselines={"majority": 0.27, "PCA + logistic": 0.9},
    ),
]


def write_run(
    root: Path,
    *,
    status: str = "done",
    replicates: int = 2,
    scores: list[Score] = SCORES,
    frames: dict[str, pd.DataFrame] | None = None,
    config: dict[str, object] | None = None,
    method: str = "clera",
    losses: bool = True,
) -> Run:
    """Write a run folder below ``root`` through the library's own writer."""
    spec = RunSpec(
        kind="train",
        dataset=DatasetRef(
            path=root / "absent.h5ad", name="synthetic cycle", fingerprint="0" * 16, roles=Roles()
        ),
        recipe=Recipe(name="none"),
        method=method,
        preset="scdyn",
        config=config or ({"latents": 3} if method == "clera" else {}),
        options=TrainingOptions(replicates=replicates),
    )
    run = Run.create(root, spec)
    writer = RunWriter(run)
    lines = [encode_row(row) for row in (metrics(replicates) if losses else [])]
    (run.path / "metrics.jsonl").write_text("".join(lines))
    (run.path / "log.txt").write_text("prepared 400 cells\nfit began\n")
    if status == "done":
        for name, frame in (frames or tables(replicates=replicates)).items():
            meanings = dict.fromkeys(frame.columns, "made for a test")
            write_table(run.path / "tables" / f"{name}.parquet", Table(frame, meanings))
        writer.scores(scores)
    error = {"kind": "TrainingError", "place": "fit", "found": "loss is not finite",
             "needed": "finite terms", "fix": "Lower the learning rate."}  # fmt: skip
    created = run.state.created
    writer.set_state(
        RunState(
            status=status,
            created=created,
            started=created,
            ended=created + 60,
            error=error if status == "failed" else None,
        )
    )
    return run
