"""Gene-set enrichment of the programs of a finished run, kept with the run."""

from __future__ import annotations

import pandas as pd

from scdyn_core.data.gene_sets import GeneSets
from scdyn_core.errors import RunError
from scdyn_core.evaluation.enrichment import COLUMNS, enrichment
from scdyn_core.evaluation.gene_units import known_sds
from scdyn_core.methods.clera.explain.axes import random_axes
from scdyn_core.methods.method import Table
from scdyn_core.runs.model import read_training_tensors
from scdyn_core.runs.run import Run
from scdyn_core.runs.tables import write_closer_look

#: Column of signed scores -> table it is in, the better first.
SOURCES = {"slope": "shap_decoder", "effect": "programs"}
TABLE = "enrichment"


def program_scores(run: Run, replicate: int) -> tuple[pd.DataFrame, str]:
    """Return signed scores, latents × genes, and the table they come from.

    Scores are in sds of the genes, lest the few most abundant genes decide alone.

    Raises
    ------
    RunError
        When the run has no programs of this replicate.
    """
    for column, name in SOURCES.items():
        if name in run.tables:
            rows = run.table(name)
            rows = rows[rows["replicate"] == replicate]
            if len(rows):
                order = rows["gene"].unique()
                scores = rows.pivot(index="latent", columns="gene", values=column)
                sds = known_sds(run.table("genes"))
                scores = scores[order] if sds is None else scores[order] / sds[order]
                return scores.rename(index="z{}".format), name
    raise RunError(
        f"run {run.path.name}",
        found=f"no gene programs of replicate {replicate + 1}",
        needed="a finished run with the table programs",
        fix="Choose another replicate, or train again.",
    )


def enrich_run(run: Run, replicate: int, sets: GeneSets) -> pd.DataFrame:
    """Score gene sets in the programs of one replicate and store the table with the run.

    Returns
    -------
    DataFrame
        As ``enrichment``, with ``replicate``, ``scores`` and ``source``.

    Raises
    ------
    RunError
        When the run has no programs or no stored model.
    """
    scores, table = program_scores(run, replicate)
    axes = random_axes(read_training_tensors(run.path))
    found = enrichment(scores, sets.sets, axes)
    found.insert(0, "replicate", replicate)
    found["scores"] = table
    found["source"] = sets.name
    meanings = {
        "replicate": "seed number",
        **COLUMNS,
        "scores": "table the signed effects of the programs come from",
        "source": "where the gene sets come from",
    }
    return write_closer_look(run.path, TABLE, Table(found, meanings))
