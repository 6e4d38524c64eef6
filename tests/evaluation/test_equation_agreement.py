"""Equations of two runs in the same latents."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.errors import InputError
from scdyn_core.evaluation.disentanglement.matching import match_latents
from scdyn_core.evaluation.equation_agreement import (
    may_mirror,
    own_names,
    relabelled,
    side_by_side,
    term_agreement,
)
from scdyn_core.evaluation.field.terms import parse_term

TERMS = ("1", "z1", "z2", "z3", "z1*z2", "z3*z3*z1", "sin(z3)", "cos(z2)")


def equations(seed: int = 0, terms: tuple[str, ...] = TERMS) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [
        (number, term, rng.normal(), bool(rng.random() < 0.6))
        for number in (1, 2, 3)
        for term in terms
    ]
    return pd.DataFrame(rows, columns=["equation", "term", "coefficient", "active"])


def field(frame: pd.DataFrame, z: np.ndarray) -> np.ndarray:
    """The right-hand sides of active terms, shape ``(n, 3)``."""
    out = np.zeros((len(z), 3))
    for row in frame[frame["active"]].itertuples():
        out[:, row.equation - 1] += row.coefficient * parse_term(row.term).evaluate(z)
    return out


def test_relabelled_equations_say_the_same_of_relabelled_latents() -> None:
    z = np.random.default_rng(1).normal(size=(50, 3))
    order, sign = [2, 0, 1], np.array([-1.0, 1.0, -1.0])
    reference = z[:, order] * sign
    found = match_latents(reference, z)
    assert found.found.tolist() == order
    changed = relabelled(equations(), found, mirror=True)
    np.testing.assert_allclose(
        field(changed, reference), field(equations(), z)[:, order] * sign, atol=1e-12
    )


def test_a_relabelled_copy_shares_every_term_with_its_sign() -> None:
    z = np.random.default_rng(1).normal(size=(50, 3))
    reference = z[:, [1, 2, 0]] * [1.0, -1.0, -1.0]
    mine = relabelled(equations(), match_latents(reference, z), mirror=True)
    told = term_agreement(mine, relabelled(equations(), match_latents(reference, z), mirror=True))
    assert told.first == told.second == told.both
    assert told.same_sign == 1.0
    assert told.cosine == pytest.approx(1.0)
    assert told.expected < told.both


def test_the_terms_expected_by_chance_are_those_of_random_equations() -> None:
    """Of 8 terms one equation has 4 and the other 2: one of them is in both on average."""
    frames = [own_names(equations()).query("equation == 1").copy() for _ in range(2)]
    for frame, active in zip(frames, (4, 2), strict=True):
        frame["active"] = np.arange(len(TERMS)) < active
    told = term_agreement(*frames)
    assert (told.first, told.second, told.both) == (4, 2, 2)
    assert told.expected == pytest.approx(1.0)


def test_terms_that_only_one_library_has_are_never_shared_by_chance() -> None:
    """Libraries of 4 terms share 2; 2 of each are active: 2 · 2/4 · 2/4 are in both on average."""
    frames = [
        own_names(equations(terms=terms)).query("equation == 1").copy()
        for terms in (("1", "z1", "z2", "z3"), ("1", "z1", "sin(z1)", "cos(z1)"))
    ]
    for frame in frames:
        frame["active"] = np.arange(4) < 2
    assert term_agreement(*frames).expected == pytest.approx(0.5)


def test_terms_are_written_in_one_way() -> None:
    frame = own_names(equations(terms=("z3*z1*z3", "z1*z3^2")))
    assert set(frame["term"]) == {"z1*z3^2"}


def test_a_latent_without_a_match_gets_the_next_number() -> None:
    z = np.random.default_rng(1).normal(size=(50, 3))
    changed = relabelled(equations(), match_latents(z[:, [2, 1]], z), mirror=True)
    assert sorted(changed["equation"].unique()) == [1, 2, 3]
    told = term_agreement(own_names(equations()).query("equation < 3"), changed)
    assert told.second == int(changed[changed["equation"] < 3]["active"].sum())


def test_signs_stay_where_a_library_has_no_mirror_image() -> None:
    frame = equations(terms=("exp(z1)", "z1"))
    assert not may_mirror(frame)
    assert may_mirror(equations())
    z = np.random.default_rng(1).normal(size=(50, 3))
    changed = relabelled(frame, match_latents(-z, z), mirror=False)
    np.testing.assert_allclose(changed["coefficient"], frame["coefficient"])


def test_side_by_side_tells_what_is_left_out_from_what_is_not_there() -> None:
    first = own_names(equations(4))
    second = own_names(equations(5)).query("equation < 3")
    wide = side_by_side({"a": first, "b": second})
    assert wide.loc[wide["equation"] == 3, "b"].isna().all()
    assert wide.loc[wide["equation"] < 3, "b"].notna().all()
    assert ((wide[["a", "b"]].fillna(0) != 0).any(axis=1)).all()


def test_a_term_of_a_latent_that_is_not_there_is_refused() -> None:
    z = np.random.default_rng(1).normal(size=(50, 2))
    with pytest.raises(InputError):
        relabelled(equations(), match_latents(z, z), mirror=True)
