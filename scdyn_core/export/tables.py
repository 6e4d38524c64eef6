"""Result tables as CSV, with the meaning of every column beside them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from scdyn_core.data.csv_safe import to_csv
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.runs.atomic import write_text
from scdyn_core.runs.run import Run


def export_tables(run: Run, folder: Path, reporter: Reporter) -> list[Path]:
    """Write every table of a run, its scores and the list of columns; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    frames = {name: run.table(name) for name in run.tables}
    frames["scores"] = score_table(run)
    columns = [
        {"table": name, "column": column, "meaning": meaning}
        for name, frame in frames.items()
        for column, meaning in frame.attrs.get("columns", {}).items()
    ]
    frames["columns"] = pd.DataFrame(columns, columns=["table", "column", "meaning"])
    written = []
    for done, (name, frame) in enumerate(frames.items()):
        raise_if_cancelled(reporter)
        reporter.progress("tables", done, len(frames), name)
        written.append(folder / f"{name}.csv")
        write_text(written[-1], to_csv(frame))
    reporter.progress("tables", len(frames), len(frames))
    return written


def score_table(run: Run) -> pd.DataFrame:
    """Return one row per score of the model and per baseline."""
    rows = []
    for score in run.scores():
        common = {"metric": score.metric, "split": score.split, "better": score.better}
        spread = score.replicate_sd
        rows.append({**common, "of": "model", "value": score.value, "replicate_sd": spread})
        rows += [{**common, "of": name, "value": value} for name, value in score.baselines.items()]
    names = ["metric", "split", "better", "of", "value", "replicate_sd"]
    return pd.DataFrame(rows, columns=names)
