"""Systems whose fixed points are known, as tables of equations."""

import numpy as np
import pandas as pd

from scdyn_core.data.simulators.polynomial import PolynomialSystem
from scdyn_core.evaluation.field.learned_field import LearnedField


def table_of(terms: dict[tuple[int, str], float], dimension: int) -> pd.DataFrame:
    rows = [
        (0, equation, term, coefficient, coefficient != 0)
        for (equation, term), coefficient in terms.items()
    ]
    # An equation without terms still is one.
    rows += [(0, equation, "1", 0.0, False) for equation in range(1, dimension + 1)]
    columns = ["replicate", "equation", "term", "coefficient", "active"]
    return pd.DataFrame(rows, columns=columns)


def field_of(terms: dict[tuple[int, str], float], dimension: int) -> LearnedField:
    return LearnedField.of(table_of(terms, dimension), 0)


def simulated(system: PolynomialSystem, dimension: int = 2) -> LearnedField:
    """The equations of a simulator as if they had been learned."""
    return field_of({(t.equation, t.name): t.coefficient for t in system.terms}, dimension)


def disc(radius: float, n: int = 1500, dimension: int = 2) -> np.ndarray:
    """Cells that fill a ball."""
    rng = np.random.default_rng(0)
    direction = rng.normal(size=(n, dimension))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return radius * direction * rng.random((n, 1)) ** (1 / dimension)
