"""How active every latent is in every cell type, in cells that were not trained on."""

from __future__ import annotations

import pandas as pd

MEANINGS = {
    "replicate": "seed number",
    "latent": "number of the latent",
    "cell_type": "cell type",
    "cells": "test cells of the type",
    "mean": "mean of the latent over them, units of its sd over training cells",
    "sd": "standard deviation of the latent over them, same units",
}
ALL = "all cells"


def program_activity(latent: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return mean and sd of each latent over the test cells of each type.

    Parameters
    ----------
    latent
        A run's table: replicate, cell, part, z1 … zd.
    cells
        A run's table: cell and, where known, cell_type.
    """
    names = [name for name in latent if str(name)[:1] == "z" and str(name)[1:].isdigit()]
    test = latent.loc[latent["part"] == "test", ["replicate", "cell", *names]]
    if "cell_type" in cells:
        typed = test.merge(cells[["cell", "cell_type"]].dropna(), on="cell")
        typed["cell_type"] = typed["cell_type"].astype(str)
    else:
        typed = test.assign(cell_type=ALL)
    long = typed.melt(["replicate", "cell", "cell_type"], names, "latent", "value")
    long["latent"] = long["latent"].str[1:].astype(int)
    grouped = long.groupby(["replicate", "latent", "cell_type"])["value"]
    found = grouped.agg(cells="size", mean="mean", sd=lambda values: values.std(ddof=0))
    return found.reset_index()[list(MEANINGS)]
