"""Screens of a regulatory network: linear, saturating, cyclic, of few cells, of few counts."""

from __future__ import annotations

from scdyn_core.data.simulators.kinetics import Kinetics
from scdyn_core.data.simulators.regulation import Regulation

REGULATION_PRESETS: dict[str, Regulation | Kinetics] = {
    "regulation": Regulation(),
    "regulation_tanh": Regulation(form="tanh"),
    "regulation_cyclic": Regulation(form="cyclic"),
    "regulation_few_cells": Regulation(cells_per_perturbation=30),
    "regulation_shallow": Regulation(depth=300),
    # Not of the family of models that add up in log rates.
    "kinetics": Kinetics(),
    # Small, with everything a real screen has: the sample that ships with scdyn.
    "network": Regulation(
        nodes=20,
        downstream=40,
        edges=50,
        cells_per_perturbation=60,
        control_cells=300,
        combinations=6,
        guides=3,
        unmeasured=1,
    ),
}
