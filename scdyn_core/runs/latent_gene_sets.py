"""Gene sets in the latents of a finished run, kept with the run."""

from __future__ import annotations

import pandas as pd

from scdyn_core.data.gene_sets import GeneSets
from scdyn_core.evaluation.latent_gene_sets import COLUMNS, latent_gene_sets
from scdyn_core.methods.method import Table
from scdyn_core.runs.run import Run
from scdyn_core.runs.tables import write_closer_look

TABLE = "latent_gene_sets"


def sets_of_latents(run: Run, sets: GeneSets) -> pd.DataFrame:
    """Test gene sets in the genes each latent moves most, and store the table with the run.

    Returns
    -------
    DataFrame
        As ``latent_gene_sets``, with ``source``.

    Raises
    ------
    RunError
        When the run has no table of the genes of latents.
    """
    found = latent_gene_sets(run.table("latent_genes"), sets.sets)
    found["source"] = sets.name
    meanings = {**COLUMNS, "source": "where the gene sets come from"}
    return write_closer_look(run.path, TABLE, Table(found, meanings))
