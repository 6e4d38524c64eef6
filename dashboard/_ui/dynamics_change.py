"""The choice of a change: one coefficient, one latent held, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.dynamics_tables import latent_name
from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from dashboard._ui.dynamics_model import LearnedModel
    from scdyn_core.evaluation.field.change import Change
    from scdyn_core.runs.run import Run

#: The slider of a coefficient goes to this many times its size, or that of the largest one.
REACH = 3.0
NONE = -1
STEPS = 120


def choose_change(
    run: Run, replicate: int, model: LearnedModel, left: DeltaGenerator, right: DeltaGenerator
) -> Change:
    """Draw the choice and return the change; an empty one where nothing is changed."""
    from scdyn_core.evaluation.field.change import Change

    with left.container(border=True, height="stretch"):
        coefficients = _coefficient(run, replicate, model)
    with right.container(border=True, height="stretch"):
        held = _held(model)
    return Change(coefficients, held)


def change_key(change: Change) -> str:
    """Return a text that names the change, for caches."""
    return repr((sorted(change.coefficients.items()), sorted(change.held.items())))


def _coefficient(run: Run, replicate: int, model: LearnedModel) -> dict[tuple[int, str], float]:
    equations = table_of(run, "equations")
    assert equations is not None
    rows = equations[equations["replicate"] == replicate]
    first, second = st.columns([1, 2])
    equation = first.selectbox(
        "In the equation of",
        sorted(int(number) for number in rows["equation"].unique()),
        key=f"what_if/equation/{model.field.dimension}",
        format_func=lambda number: latent_name(number - 1),
    )
    own = rows[rows["equation"] == equation].set_index("term")
    learned = own["coefficient"].where(own["active"].astype(bool), 0.0)
    active = own["active"].astype(bool)
    terms = [*learned[active].abs().sort_values(ascending=False).index, *own.index[~active]]
    term = second.selectbox(
        "change the coefficient of",
        terms,
        key=f"what_if/term/{model.key}/{equation}",
        format_func=lambda name: _readable(name, learned[name], bool(active[name])),
    )
    value = float(learned[term])
    largest = float(learned.abs().max()) or 1.0
    reach = REACH * abs(value) if value else largest
    chosen = st.slider(
        "Coefficient (0 removes the term)",
        min_value=-reach,
        max_value=reach,
        value=value,
        step=reach / STEPS,
        format="%.3f",
        key=f"what_if/value/{model.key}/{equation}/{term}",
    )
    # The slider rounds to its steps: what was not moved must stay exact.
    if abs(chosen - value) < 0.6 * reach / STEPS:
        st.caption(f"As learned: {value:.3g}.")
        return {}
    if abs(chosen) < 0.6 * reach / STEPS:
        st.caption(f"Learned {value:.3g}, now removed.")
        return {(equation, term): 0.0}
    st.caption(f"Learned {value:.3g}, now {chosen:.3g}.")
    return {(equation, term): chosen}


def _held(model: LearnedModel) -> dict[int, float]:
    choices = [NONE, *range(model.field.dimension)]
    latent = st.selectbox(
        "Hold a latent at a value",
        choices,
        key=f"what_if/held/{model.field.dimension}",
        format_func=lambda number: "none" if number == NONE else latent_name(number),
        help="As a knock-out (low) or over-expression (high) of the program behind it: its "
        "equation is switched off and its value set, from the start on.",
    )
    if latent == NONE:
        st.caption("All latents move by their equations.")
        return {}
    column = model.z[:, latent]
    low, high = (float(np.round(value, 2)) for value in np.quantile(column, [0.005, 0.995]))
    value = st.slider(
        f"Value of {latent_name(latent)} (sd); the slider spans the cells",
        min_value=low,
        max_value=max(high, low + 0.01),
        value=float(np.round(np.quantile(column, 0.05), 2)),
        step=0.01,
        key=f"what_if/at/{model.key}/{latent}",
    )
    rank = float((column <= value).mean())
    st.caption(f"{rank:.0%} of the cells are at or below this value.")
    return {latent: value}


def _readable(term: str, coefficient: float, active: bool) -> str:
    name = term.replace("*", " · ")
    for digit, lower in zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True):
        name = name.replace(f"z{digit}", f"z{lower}")
    return f"{name}   ({coefficient:.3g})" if active else f"{name}   (not in the equation)"
