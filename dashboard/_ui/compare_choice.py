"""Which runs stand beside each other: chosen in a list, kept in the URL as ``compare``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.runs_label import run_label
from dashboard._ui.selection import chosen_dataset, remember

if TYPE_CHECKING:
    from scdyn_core.runs.comparison.side import Side
    from scdyn_core.runs.run import Run

MOST = 12
_KEY, _WRITTEN, _URL = "compare/runs", "compare/written", "compare"
#: Runs that are chosen at first.
_AT_FIRST = 4


def choose_runs(trained: Mapping[str, Run]) -> list[Run]:
    """Draw the choice of runs and return those chosen, the first one first.

    Parameters
    ----------
    trained
        Runs that may be chosen, by id.
    """
    asked = st.query_params.get(_URL)
    if asked is not None and asked != st.session_state.get(_WRITTEN):
        st.session_state[_KEY] = _named_in(asked, trained)
    before = st.session_state.get(_KEY, _suggested(trained))
    st.session_state[_KEY] = [run_id for run_id in before if run_id in trained]
    chosen = st.multiselect(
        "Runs to compare",
        list(trained),
        key=_KEY,
        format_func=lambda run_id: run_label(trained[run_id]),
        max_selections=MOST,
        help="The first one is what the others are compared with.",
        persist_state="session",
    )
    st.session_state[_WRITTEN] = ",".join(chosen)
    remember(_URL, st.session_state[_WRITTEN])
    return [trained[run_id] for run_id in chosen]


def _suggested(trained: Mapping[str, Run]) -> list[str]:
    """Return the newest runs that can be compared: those of one dataset, the current one's if any.

    Of two datasets hardly anything can be compared.
    """
    done = [run for run in trained.values() if run.state.status == "done"]
    own = [run for run in done if run.spec.dataset.fingerprint.startswith(chosen_dataset() or "?")]
    first = next(iter(own or done), None)
    return [run.id for run in done
            if first is not None and run.spec.dataset.fingerprint == first.spec.dataset.fingerprint
            ][:_AT_FIRST]  # fmt: skip


def choose_sides(sides: Mapping[str, Side], key: str, *, most: int) -> list[Side]:
    """Draw the choice of replicates, two at least; return them, the first one first."""
    from scdyn_core.runs.comparison.side import first_of_each

    names = list(sides)
    suggested = first_of_each(sides)[:most]
    if len(names) == 2:
        return [sides[name] for name in suggested]
    offered = f"{key}/{'|'.join(names)}"
    chosen = st.multiselect(
        "Side by side",
        names,
        default=suggested,
        key=offered,
        max_selections=most,
        help="Replicates are models of one run from other seeds. The first is the reference.",
    )
    if len(chosen) < 2:
        st.caption("Choose two at least.")
        return []
    return [sides[name] for name in chosen]


def choose_pair(sides: Mapping[str, Side], key: str) -> tuple[Side, Side]:
    """Draw the choice of two replicates, by default the first of the first two runs."""
    from scdyn_core.runs.comparison.side import first_of_each

    names, (first, second) = list(sides), first_of_each(sides)[:2]
    if len(names) == 2:
        return sides[first], sides[second]
    offered = "|".join(names)
    left, right = st.columns(2)
    one = left.selectbox("First", names, index=names.index(first), key=f"{key}/first/{offered}")
    rest = [name for name in names if name != one]
    start = rest.index(second) if second in rest else 0
    other = right.selectbox("Second", rest, index=start, key=f"{key}/second/{offered}")
    return sides[one], sides[other]


def _named_in(asked: str, trained: Mapping[str, Run]) -> Sequence[str]:
    wanted = list(dict.fromkeys(asked.split(",")))[:MOST]
    there = [run_id for run_id in wanted if run_id in trained]
    if missing := len([run_id for run_id in wanted if run_id]) - len(there):
        st.toast(f"{missing} of the runs in the link are not here any more.",
                 icon=":material/info:")  # fmt: skip
    return there
