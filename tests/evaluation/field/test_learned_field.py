"""The learned equations as a function, and their slopes."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.errors import InputError
from scdyn_core.evaluation.field.learned_field import LearnedField
from tests.evaluation.field.systems import field_of
from tests.plots.synthetic_run import equations_table, velocity


def one_equation(*terms: tuple[str, float]) -> pd.DataFrame:
    names, coefficients = zip(*terms, strict=True)
    return pd.DataFrame(
        {"replicate": 0, "equation": 1, "term": names, "coefficient": coefficients, "active": True}
    )


def test_the_field_is_the_table() -> None:
    z = np.random.default_rng(0).normal(size=(50, 3))
    field = LearnedField.of(equations_table(2), replicate=0)
    np.testing.assert_allclose(field(z), velocity(z), atol=1e-12)


def test_replicates_have_fields_of_their_own() -> None:
    z = np.array([[0.3, 0.2, 1.0]])
    table = equations_table(2)
    difference = LearnedField.of(table, 1)(z) - LearnedField.of(table, 0)(z)
    np.testing.assert_allclose(difference, [[0, 0, 0.02 * np.sin(1.0)]], atol=1e-12)


def test_inactive_terms_do_not_count() -> None:
    table = one_equation(("z1", 1.0), ("1", 5.0))
    table.loc[1, "active"] = False
    assert LearnedField.of(table, 0)(np.array([[2.0]]))[0, 0] == 2.0


def test_without_active_terms_nothing_moves() -> None:
    field = LearnedField.of(one_equation(("z1", 1.0)).assign(active=False), 0)
    assert field(np.array([[2.0]])).tolist() == [[0.0]]
    assert field.jacobian(np.array([[2.0]])).tolist() == [[[0.0]]]


@pytest.mark.parametrize(
    "term",
    ["1", "z1", "z2^3", "z1*z2*z2", "sin(z1)", "cos(z2)", "tan(z1)", "exp(z1)", "log(z2)",
     "tanh(z1)", "1/(1+z2^2)", "sin(z1)*exp(z2)", "z1*sin(z1)"],
)  # fmt: skip
def test_the_jacobian_is_the_slope_of_the_field(term: str) -> None:
    field = field_of({(1, term): 1.7, (2, "z1"): -0.5}, 2)
    z = np.random.default_rng(0).uniform(0.2, 1.2, (20, 2))
    step = 1e-6
    slopes = [(field(z + step * e) - field(z - step * e)) / (2 * step) for e in np.eye(2)]
    np.testing.assert_allclose(field.jacobian(z), np.stack(slopes, axis=2), rtol=1e-6, atol=1e-8)


def test_a_term_without_its_equation_is_refused() -> None:
    with pytest.raises(InputError, match="more latents than the 1 equations"):
        LearnedField.of(one_equation(("z2", 1.0)), 0)
