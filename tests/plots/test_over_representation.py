"""Gene sets × clusters: what is drawn is what was found, and names stay text."""

import numpy as np
import pandas as pd

from scdyn_core.evaluation.over_representation import over_representation
from scdyn_core.plots.over_representation import over_representation_figure
from scdyn_core.plots.palette import LIGHT

ATTACK = "<img src=x onerror=alert(1)>$\\alert$"
CLUSTERS = pd.DataFrame({
    "gene": [f"G{number}" for number in range(60)], "cluster": np.repeat([1, 2, 3], 20),
})  # fmt: skip


def found(name: str = "planted") -> pd.DataFrame:
    sets = {name: frozenset(f"G{n}" for n in range(25, 35)),
            "spread": frozenset(f"G{n}" for n in range(0, 60, 7))}  # fmt: skip
    return over_representation(CLUSTERS, sets)


def test_only_what_is_sure_is_ringed_and_pairs_without_genes_are_not_drawn() -> None:
    trace = over_representation_figure(found()).data[0]
    ringed = np.asarray(trace.marker.line.color) == LIGHT.ink
    assert ringed.sum() == 1
    at = int(np.flatnonzero(ringed)[0])
    assert trace.x[at] == 1
    assert "planted in Cluster 2" in trace.text[at]
    assert len(trace.x) == 4


def test_as_many_sets_as_asked_for() -> None:
    figure = over_representation_figure(found(), most=1)
    assert list(figure.layout.yaxis.ticktext) == ["Planted"]


def test_hostile_names_stay_text() -> None:
    written = over_representation_figure(found(ATTACK)).to_json()
    assert "<img" not in written
    assert "$\\\\alert$" not in written
