"""Samples of responding genes, from one that most methods can solve to one that none can.

Each sets one difficulty; ``hard`` sets several. Classes are as large as each other unless said.
"""

from __future__ import annotations

from scdyn_core.data.simulators.responses import Responses

PRESETS: dict[str, Responses] = {
    # Small and deep: the sample that ships with scdyn.
    "responses": Responses(n_cells=900, n_genes=300, baseline=2.0),
    # The level of a gene says nothing about its class, and varies far more than its response.
    "levels": Responses(baseline=0.6),
    "lowdepth": Responses(baseline=0.17, n_cells=900),
    # Half of the genes do not respond, and the smallest class is 4 % of all.
    "unequal": Responses(baseline=0.6, class_sizes=(500, 60, 40, 200, 120, 80)),
    # Genes of one class do not keep the same time.
    "delay": Responses(baseline=0.65, stretch_sd=0.3),
    # From responses that drown in noise to strong ones.
    "graded": Responses(baseline=0.55, fold_least=1.15, fold_most=4.0),
    "hard": Responses(
        baseline=0.5,
        n_cells=1500,
        class_sizes=(350, 100, 80, 200, 150, 120),
        stretch_sd=0.2,
        fold_least=1.25,
        fold_most=4.0,
    ),
}
