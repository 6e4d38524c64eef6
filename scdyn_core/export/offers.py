"""What can be taken away from a run, in which form, and why not where it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scdyn_core.runs.run import Run

What = Literal["tables", "figures", "network", "h5ad", "report", "script", "bundle"]


@dataclass(frozen=True)
class Offer:
    """One form results leave in.

    Attributes
    ----------
    suffix
        Of its file; empty for a folder of files.
    missing
        Says why a run cannot be had in this form; ``None`` where it can.
    """

    what: What
    title: str
    about: str
    suffix: str
    missing: Callable[[Run], str | None]

    def file_name(self, run: Run) -> str:
        """Return a name for the file, from the method and the data of the run."""
        words = f"{run.spec.method or run.spec.kind}_{run.spec.dataset.name}_{self.what}"
        return re.sub(r"[^A-Za-z0-9_.-]+", "_", words).strip("._") + (self.suffix or ".zip")


def _always(run: Run) -> str | None:
    return None


def _no_tables(run: Run) -> str | None:
    return None if run.tables or run.scores() else "This run has no tables."


def _no_network(run: Run) -> str | None:
    there = {"network", "equations"} & set(run.tables)
    return None if there else "This run has no interaction network."


def _no_data(run: Run) -> str | None:
    if run.spec.kind == "explain":
        return "Its tables are with the training it looked at."
    if run.spec.dataset.path.exists():
        return None
    return "The data of this run are not on this computer: add the file on the Data page first."


def _no_script(run: Run) -> str | None:
    if run.spec.kind in ("train", "experiment", "prepare"):
        return None
    return "Only trainings, experiments and preparations are repeated by a script."


def _no_bundle(run: Run) -> str | None:
    if run.spec.kind in ("train", "experiment", "check"):
        return None
    return "Only trainings and experiments are packed; of prepared data take the .h5ad."


#: In the order a page shows them.
OFFERS: tuple[Offer, ...] = (
    Offer("report", "Report",
          "One page to read and send: methods, scores beside baselines, figures.", ".html",
          _always),
    Offer("tables", "Tables", "Every table as CSV, with the meaning of every column.", "",
          _no_tables),
    Offer("figures", "Figures", "Every figure as SVG, PNG and page, with its data as CSV.", "",
          _no_tables),
    Offer("h5ad", "Data with results", "An .h5ad that scanpy opens: latents in obsm, results in "
          "obs, var, varm and uns.", ".h5ad", _no_data),
    Offer("network", "Network", "Edges and nodes as CSV, GraphML for Cytoscape and Gephi, and a "
          "page.", "", _no_network),
    Offer("script", "Script", "Python that repeats the run and compares what it finds.", ".py",
          _no_script),
    Offer("bundle", "Run", "The run as one file, which another scdyn imports. Without the data.",
          ".zip", _no_bundle),
)  # fmt: skip


def offer(what: str) -> Offer:
    """Return the form called ``what``."""
    return next(each for each in OFFERS if each.what == what)
