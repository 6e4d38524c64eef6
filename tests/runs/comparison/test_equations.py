"""Runs whose equations cannot be compared are refused in words."""

from __future__ import annotations

import pandas as pd
import pytest

from scdyn_core.errors import RunError
from scdyn_core.runs.comparison.equations import compared_equations
from scdyn_core.runs.comparison.side import Side

EQUATIONS = pd.DataFrame(
    {"replicate": [0], "equation": [1], "term": ["z1"], "coefficient": [1.0], "active": [True]}
)
LATENT = pd.DataFrame({"replicate": [0] * 4, "cell": list("abcd"), "z1": [0.0, 1.0, 2.0, 4.0]})


@pytest.mark.parametrize("equations", [None, EQUATIONS.iloc[:0], EQUATIONS.assign(replicate=1)])
def test_a_replicate_without_equations_is_said(equations: pd.DataFrame | None) -> None:
    # Tables are given, so that no run is read.
    sides = [Side(name, None) for name in ("one", "other")]  # type: ignore[arg-type]
    there = {"equations": EQUATIONS, "latent": LATENT}
    lacking = {"equations": equations, "latent": LATENT}
    assert len(compared_equations(sides, dict.fromkeys(("one", "other"), there.get)).coefficients)
    for tables in (
        {"one": there.get, "other": lacking.get},
        {"one": lacking.get, "other": there.get},
    ):
        with pytest.raises(RunError, match="without equations"):
            compared_equations(sides, tables)
