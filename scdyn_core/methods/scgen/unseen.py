"""Types that were held out: predicted cells beside observed ones, for one trained network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.energy_distance import energy_distance
from scdyn_core.evaluation.response.changed_genes import changed_genes
from scdyn_core.evaluation.response.metrics import measure
from scdyn_core.evaluation.response.seen_types import Cells, Values
from scdyn_core.methods.method import Table
from scdyn_core.methods.scgen.cells import RunCells
from scdyn_core.methods.scgen.network import ScgenNetwork
from scdyn_core.methods.scgen.predictors import (
    MODELS,
    LearnedTypes,
    changes_of,
    predicted_cells,
    some_cells,
)
from scdyn_core.training.seeding import derive_seed

#: Arm of a run that is no experiment.
THIS_RUN = "this run"
#: Cells of each cloud that are compared, and the components that span their space.
MOST_CELLS, COMPONENTS = 1000, 15

#: What is measured of one type.
MEASURED = ("predictor", "metric", "value", "better")
Measurement = tuple[str, str, float, str]
SCORES = {
    "held_out": "type whose treated cells were not learned from",
    "arm": "way of drawing cells",
    "predictor": "what predicts the response",
    "kind": "model: asks the network; baseline: does without",
    "seed": "seed number",
    "metric": "what is measured; DE genes: the 50 genes that differ most surely, up or down",
    "value": "value of the metric; expression in natural log units",
    "better": "whether more or less is better",
}
GENES = {
    "held_out": "type whose treated cells were not learned from",
    "arm": "way of drawing cells",
    "predictor": "what predicts the response",
    "seed": "seed number",
    "gene": "gene",
    "control": "mean log-normalised expression of control cells",
    "observed": "mean log-normalised expression of treated cells; missing where there are none",
    "predicted": "mean log-normalised expression that is predicted of treated cells",
    "de": "one of the 50 genes that differ most surely between observed conditions",
}


@dataclass(frozen=True)
class UnseenTables:
    """Scores and genes of one network, all held-out types; see ``SCORES`` and ``GENES``."""

    scores: pd.DataFrame
    genes: pd.DataFrame


def unseen_tables(
    network: ScgenNetwork,
    cells: RunCells,
    width: float,
    *,
    seed: int,
    number: int = 0,
    arm: str = THIS_RUN,
) -> UnseenTables:
    """Predict the held-out types and score what can be scored.

    Parameters
    ----------
    width
        Of the similarity of types.
    seed
        Draws the cells whose clouds are compared.
    number, arm
        What stands in the columns ``seed`` and ``arm``.

    Raises
    ------
    ConfigError
        When no type was seen in both conditions.
    """
    train = cells.train()
    learned = LearnedTypes.of(network, *train)
    space = _components(train[0], seed)
    scores, genes = [], []
    for name in cells.held_out:
        control = cells.of_type(name, treated=False)
        treated = cells.of_type(name, treated=True)
        given = some_cells(control)
        predicted = predicted_cells(network, learned, given, width)
        changes = changes_of(predicted, given)
        observed = treated.mean(axis=0) if len(treated) else np.full(len(cells.genes), np.nan)
        changed = np.zeros(len(cells.genes), dtype=bool)
        if len(treated):
            changed = changed_genes(control, treated)
            truth = observed - control.mean(axis=0)
            rows = [
                *_scores(changes, truth, changed), *_distances(predicted, treated, space, seed)
            ]  # fmt: skip
            scores.append(pd.DataFrame(rows, columns=list(MEASURED)).assign(held_out=name))
        common = {
            "gene": list(cells.genes),
            "control": control.mean(axis=0),
            "observed": observed,
            "de": changed,
        }
        for predictor, change in changes.items():
            own = {"predicted": common["control"] + change, "predictor": predictor}
            genes.append(pd.DataFrame({**common, **own, "held_out": name}))
    return UnseenTables(_joined(scores, SCORES, arm, number), _joined(genes, GENES, arm, number))


def _scores(
    changes: Mapping[str, Values], truth: Values, changed: NDArray[np.bool_]
) -> list[Measurement]:
    return [
        (predictor, each.metric, each.value, each.better)
        for predictor, change in changes.items()
        for each in measure(truth, change, changed)
    ]


def _distances(
    predicted: Mapping[str, Values], treated: Values, space: Values, seed: int
) -> list[Measurement]:
    """Return how far the clouds of predicted cells are from that of the treated ones.

    Clouds of a single cell have no distance.
    """
    drawn = _some(treated, derive_seed(seed, "treated")) @ space
    rows: list[Measurement] = []
    for predictor, cells in predicted.items():
        cloud = _some(cells, derive_seed(seed, "predicted")) @ space
        if min(len(drawn), len(cloud)) > 1:
            rows.append((predictor, "E-distance", energy_distance(drawn, cloud), "lower"))
    return rows


def _components(values: Cells, seed: int) -> Values:
    """Return the axes along which training cells vary most, shape ``(G, d)``."""
    from sklearn.decomposition import PCA

    components = min(COMPONENTS, len(values) - 1, values.shape[1])
    some = _some(values, derive_seed(seed, "space"), 5 * MOST_CELLS)
    return np.asarray(PCA(components, random_state=seed % 2**32).fit(some).components_.T)


def _some(values: Cells, seed: int, most: int = MOST_CELLS) -> Cells:
    if len(values) <= most:
        return values
    drawn = np.random.default_rng(seed).choice(len(values), most, replace=False)
    return values[np.sort(drawn)]


def _joined(
    frames: list[pd.DataFrame], columns: Mapping[str, str], arm: str, number: int
) -> pd.DataFrame:
    """Return frames below each other with the columns that all rows share."""
    if not frames:
        return pd.DataFrame(columns=list(columns))
    frame = pd.concat(frames, ignore_index=True).assign(arm=arm, seed=number)
    frame["kind"] = np.where(frame["predictor"].isin(MODELS), "model", "baseline")
    return frame[list(columns)]


def tables_of(found: list[UnseenTables]) -> dict[str, Table]:
    """Return the tables of a run from those of its networks; scores only where there are any."""
    scores = pd.concat([each.scores for each in found], ignore_index=True)
    genes = pd.concat([each.genes for each in found], ignore_index=True)
    tables = {"unseen_genes": Table(genes, GENES)} if len(genes) else {}
    return {**tables, "unseen_scores": Table(scores, SCORES)} if len(scores) else tables
