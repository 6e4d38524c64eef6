"""The experiment "does resampling help?": what it asks, what it costs, and its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.rare_subjects import HELPS
from dashboard._ui.rare_wizard_parts import (
    Asked,
    choose_method,
    choose_settings,
    choose_ways,
    number_of,
    show_data,
    show_start,
)
from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord

#: Methods that learn from cells and rebuild them.
METHODS = ("scvi", "scgen", "svae", "gpo_vae")
KEY = "rare/new"
MOST_NAMES = 6


def show_wizard() -> None:
    """Draw the form of a new experiment on the current dataset."""
    from scdyn_core.experiments.config import ResamplingExperiment

    record = show_data(
        "Every way of drawing cells trains the same model from the same starts, with equally many "
        "steps, and is compared with uniform on cells that nothing was learned from. The answer is "
        "one sentence, with intervals; that nothing helps is an answer too."
    )
    if record is None:
        return
    method = choose_method(record, METHODS, KEY, needs_types=True)
    if method is None:
        return
    fields = ResamplingExperiment.model_fields
    ways = choose_ways(f"{KEY}/arms", fields["arms"], "Ways set beside uniform", uniform=False)
    pairs_place, share_place, _ = st.columns([1, 1, 2], vertical_alignment="bottom")
    with pairs_place:
        pairs = number_of("Pairs", fields["seeds"], f"{KEY}/pairs")
    with share_place:
        percent = st.slider("Rare below (% of the cells)", 0.5, 30.0, 100 * _usual_share(), 0.5,
                            format="%.1f",
                            key=f"{KEY}/rare", help=fields["rare_share"].description,
                            persist_state="session")  # fmt: skip
    cells = cells_by_type(record)
    rare = {name: n for name, n in cells.items() if n < percent / 100 * sum(cells.values())}
    _say_rare(rare, cells)
    settings = choose_settings(record, method, KEY)
    if not ways:
        st.info("Choose at least one way of drawing to set beside uniform.",
                icon=":material/info:")  # fmt: skip
        return
    if settings is None:
        return
    asked = ResamplingExperiment(arms=tuple(ways), seeds=pairs, rare_share=percent / 100)
    show_start(
        record,
        Asked(method, settings, asked.model_dump(mode="json")),
        f"{count(len(ways) + 1, 'way')} of drawing × {count(pairs, 'pair')}",
        (len(ways) + 1) * pairs,
        question=HELPS,
        key=KEY,
        why_not=None if rare else "No type of these data is so rare: raise the share above.",
    )


def cells_by_type(record: DatasetRecord) -> dict[str, int]:
    """Return the types of the data with their cells, the rarest first."""
    column = next((one for one in record.obs if one.name == record.roles.cell_type), None)
    if column is None:
        return {}
    found = {name: n for name, n in zip(column.levels, column.cells, strict=False) if n}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _usual_share() -> float:
    from scdyn_core.experiments.config import ResamplingExperiment

    return float(ResamplingExperiment.model_fields["rare_share"].default)


def _say_rare(rare: dict[str, int], cells: dict[str, int]) -> None:
    if not rare:
        least = ""
        if cells:
            name, number = next(iter(cells.items()))
            least = f" The rarest, **{plain(name, 60)}**, has {number / sum(cells.values()):.1%}."
        st.warning(f"No type is so rare: raise the share, or there is nothing to be found out."
                   f"{least}", icon=":material/warning:")  # fmt: skip
        return
    names = [f"**{plain(name, 60)}** ({count(cells, 'cell')})" for name, cells in rare.items()]
    more = len(names) - MOST_NAMES
    names = [*names[:MOST_NAMES], *([f"{more:,} more"] if more > 0 else [])]
    st.caption(f"Rare here: {listed(names)}. A share of the cells of each are test cells; "
               "the fewer they are, the more pairs it takes to see anything.")  # fmt: skip
