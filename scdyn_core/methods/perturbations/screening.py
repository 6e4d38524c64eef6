"""What is known of every perturbation without a model: cells, hits, effects, responses."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.split import Part
from scdyn_core.evaluation.screen.averages import average_effects
from scdyn_core.evaluation.screen.moments import moments
from scdyn_core.evaluation.screen.responses import responses
from scdyn_core.evaluation.screen.table import perturbation_table
from scdyn_core.methods.perturbations.values import ScreenCells

Matrix = NDArray[np.float64]
#: Fewer cells have no mean worth comparing with.
FEWEST = 2
PERTURBATIONS = {
    "perturbation": "name of the perturbation",
    "kind": "control, null control (control cells under a label of their own), single or "
    "combination",
    "held_out": "whether the model did not learn from it",
    "targets": "number of targets",
    "cells": "cells that carry it",
    "cells_train": "of these, cells that were learned from",
    "cells_test": "of these, cells that scores are of",
    "measured": "whether all genes it is aimed at are among the genes used",
    "knock_down": "log2 fold change of the targeted gene itself; empty if it is not measured",
    "knock_down_p": "p of that change (Wilcoxon)",
    "guides": "guides it was made with; empty if not known",
    "guide_agreement": "mean correlation of the changes made by different guides",
    "e_distance": "energy distance to the control in principal components; about 0 without effect",
    "e_distance_p": "p of that distance (permutation)",
    "e_distance_p_adjusted": "the same, adjusted over perturbations",
    "visible": "whether the adjusted p is below .05: no visible effect otherwise",
    "changed_genes": "genes with an adjusted p below .05",
}
RESPONSES = {
    "perturbation": "name of the perturbation",
    "gene": "name of the gene",
    "control": "mean log-normalised expression of the control cells",
    "log2_fold_change": "of mean normalised counts against the control, all cells",
    "se": "standard error of the log2 fold change",
    "p": "p of Welch's t test on log-normalised expression, all cells",
    "p_adjusted": "the same, adjusted over the genes of the perturbation",
    "change_train": "difference of mean log-normalised expression to control, training cells",
    "change_test": "the same among test cells",
    "change_test_se": "standard error of that difference",
}


def response_table(cells: ScreenCells) -> pd.DataFrame:
    """Return the response of every gene to every perturbation, all cells and part by part."""
    table = responses(cells.whole())
    learned = _changes(cells, "train")
    # What was held out is not in the training cells: it is shown by what was adapted to.
    adapted = _changes(cells, "adapt")
    for name in cells.labelled.held_out:
        if name in adapted:
            learned[name] = adapted[name]
    scored = _changes(cells, "test")
    nothing = np.full(len(cells.genes), np.nan)
    order = table["perturbation"].unique()

    def column(found: dict[str, tuple[Matrix, Matrix]], which: int) -> Matrix:
        return np.concatenate([np.broadcast_to(found.get(name, (nothing, nothing))[which],
                                               nothing.shape) for name in order])  # fmt: skip

    table["change_train"] = column(learned, 0)
    table["change_test"] = column(scored, 0)
    table["change_test_se"] = column(scored, 1)
    return table


def _changes(cells: ScreenCells, part: Part) -> dict[str, tuple[Matrix, Matrix]]:
    """Return change and standard error of every perturbation among the cells of a part."""
    screen = cells.whole()
    control = screen.labels == screen.control
    own = cells.part == part
    if part == "adapt":
        # Perturbations that were held out have cells to adapt to, their control has not.
        own = own | ((cells.part == "train") & control)
    if own.sum() < FEWEST or (screen.control is not None and (own & control).sum() < FEWEST):
        return {}
    found = average_effects(screen.of(own))
    return {
        name: (found.effect[row], found.se[row]) for row, name in enumerate(found.perturbations)
    }


def screen_table(cells: ScreenCells, found: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return one row a perturbation; principal components are those of the training cells."""
    known = cells.labelled
    learned = cells.part == "train"
    table = perturbation_table(
        cells.whole(), found, known.genes, learned, guides=known.guides, seed=seed
    )
    names = table["perturbation"]
    table.insert(1, "kind", [known.kinds[name] for name in names])
    table.insert(2, "held_out", [name in known.held_out for name in names])
    place = list(table).index("cells") + 1
    for number, part in enumerate(("train", "test")):
        own = pd.Series(known.perturbation[cells.part == part]).value_counts()
        counted = [int(own.get(name, 0)) for name in names]
        table.insert(place + number, f"cells_{part}", counted)
    return table


def response_matrix(cells: ScreenCells) -> pd.DataFrame:
    """Return changes in units of the spread between cells, perturbations × genes.

    What perturbations are compared by: every gene counts by how sure its change can be.
    """
    screen = cells.whole()
    found = average_effects(screen)
    groups = [screen.rows[name] for name in screen.names]
    pooled = moments(screen.values, [screen.reference, *groups])
    spread = np.sqrt(np.nanmean(pooled.squared_error * pooled.cells, axis=0))
    return pd.DataFrame(
        found.effect / np.maximum(spread, 1e-6), index=found.perturbations, columns=found.genes
    )
