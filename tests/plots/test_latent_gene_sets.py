"""Gene sets of the latents: rising and falling genes stand side by side."""

import numpy as np
import pandas as pd

from scdyn_core.evaluation.latent_gene_sets import latent_gene_sets
from scdyn_core.plots.latent_gene_sets import latent_gene_sets_figure
from scdyn_core.plots.palette import DARK

GENES = [f"G{number}" for number in range(60)]
ATTACK = "<img src=x onerror=alert(1)>$x$"


def found(name: str = "FIRST") -> pd.DataFrame:
    effect = np.zeros(60)
    effect[:8], effect[8:16] = 1.0, -1.0
    rank = np.argsort(np.argsort(-np.abs(effect), kind="stable"), kind="stable") + 1
    frame = pd.DataFrame({"gene": GENES, "effect": effect, "rank": rank})
    frames = [frame.assign(latent=2), frame.assign(latent=10, effect=-effect)]
    sets = {name: frozenset(GENES[:8]), "SECOND": frozenset(GENES[8:16])}
    return latent_gene_sets(pd.concat(frames), sets, most=16)


def test_a_set_stands_in_the_direction_in_which_its_genes_move() -> None:
    figure = latent_gene_sets_figure(found(), palette=DARK)
    across = figure.layout.xaxis.ticktext
    assert list(across) == ["2 ↑", "2 ↓", "10 ↑", "10 ↓"]
    (points,) = figure.data
    drawn = {
        (str(figure.layout.yaxis.ticktext[int(y)]), across[int(x)])
        for x, y in zip(points.x, points.y, strict=True)
    }
    assert drawn == {("First", "2 ↑"), ("First", "10 ↓"), ("Second", "2 ↓"), ("Second", "10 ↑")}


def test_hostile_names_of_sets_are_text() -> None:
    figure = latent_gene_sets_figure(found(ATTACK))
    assert "<img" not in figure.to_json()
    assert "$x$" not in figure.to_json()
