"""The signed effect of every latent on every gene: attributions where computed, else slopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.run_tables import table_of
from scdyn_core.evaluation.gene_units import EXPRESSION, GENE_SD, in_gene_sds, known_sds

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run


@dataclass(frozen=True)
class ProgramScores:
    """Effects of one replicate.

    Attributes
    ----------
    rows
        The rows of the replicate: replicate, latent, gene, the value and what else is known.
    value
        Column with the signed effect per sd of the latent.
    unit
        Unit of the amounts.
    words
        What the value is, for people.
    """

    rows: pd.DataFrame
    value: str
    unit: str
    words: str


def choose_unit(run: Run) -> str:
    """Draw the choice of the unit of genes and return the chosen one."""
    if known_sds(table_of(run, "genes")) is None:
        return EXPRESSION
    unit = st.segmented_control(
        "Unit of genes",
        [GENE_SD, EXPRESSION],
        default=GENE_SD,
        required=True,
        key="programs/unit",
        help="In sds of each gene over training cells, genes of any abundance can lead; in units "
        "of the expression the most abundant ones do",
    )
    assert unit is not None
    return unit


def program_scores(run: Run, replicate: int, unit: str) -> ProgramScores:
    """Return the attributions of a replicate, or its average decoder slopes before there are."""
    attributed = attributions_of(run, "shap_decoder", replicate)
    if attributed is not None:
        return ProgramScores(
            in_unit(run, attributed, unit),
            "slope",
            unit,
            "Change of each gene per sd of the latent: the slope, over test cells, of what the "
            "latent adds to the gene (its **Shapley attribution**).",
        )
    programs = table_of(run, "programs")
    assert programs is not None
    return ProgramScores(
        in_unit(run, programs[programs["replicate"] == replicate], unit),
        "effect",
        unit,
        "Change of each gene per sd of the latent while the others stay: the **average slope of "
        "the decoder** over training cells. Compute attributions for the same on test cells, with "
        "its spread over cells.",
    )


def attributions_of(run: Run, name: str, replicate: int) -> pd.DataFrame | None:
    """Return the rows of a table of attributions, or ``None`` before they are computed."""
    table = table_of(run, name)
    if table is None:
        return None
    rows = table[table["replicate"] == replicate]
    return None if rows.empty else rows


def in_unit(run: Run, rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return effects on genes in another unit than the expression they are stored in."""
    sds = known_sds(table_of(run, "genes"))
    return rows if unit == EXPRESSION or sds is None else in_gene_sds(rows, sds)
