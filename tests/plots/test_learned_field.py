"""The learned equations as a function, and bounded paths through it."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.errors import InputError
from scdyn_core.plots.learned_field import LearnedField
from tests.plots.synthetic_run import equations_table, velocity

FAR = np.full(3, 10.0)


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
    table = one_equation(("z1", 1.0)).assign(active=False)
    assert LearnedField.of(table, 0)(np.array([[2.0]])).tolist() == [[0.0]]


def test_paths_reach_the_limit_cycle() -> None:
    field = LearnedField.of(equations_table(1), 0)
    path = field.path([0.1, 0.0, 1.0], np.linspace(0, 60, 200), FAR)
    assert np.hypot(*path[-1, :2]) == pytest.approx(1.0, abs=0.01)
    assert path[-1, 2] == pytest.approx(0.0, abs=1e-3)


def test_a_path_ends_where_it_leaves_the_box() -> None:
    field = LearnedField.of(one_equation(("z1", 1.0)), 0)
    path = field.path([1.0], np.linspace(0, 100, 500), np.array([5.0]))
    followed = path[np.isfinite(path[:, 0])]
    assert 4.5 < followed.max() <= 5.0
    assert np.isnan(path[-1, 0])


@pytest.mark.parametrize("term", ["z1*z1*z1", "exp(z1)", "1"])
def test_exploding_equations_come_to_an_end(term: str) -> None:
    field = LearnedField.of(one_equation((term, 1e12)), 0)
    path = field.path([1.0], np.linspace(0, 1e6, 50), np.array([1e300]))
    assert path.shape == (50, 1)
    assert path[0, 0] == 1.0


def test_a_term_without_its_equation_is_refused() -> None:
    with pytest.raises(InputError, match="more latents than the 1 equations"):
        LearnedField.of(one_equation(("z2", 1.0)), 0)
