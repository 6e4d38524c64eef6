"""The experiment "unseen response": every type is held out in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.rare_subjects import UNSEEN
from dashboard._ui.rare_wizard_parts import (
    Asked,
    choose_method,
    choose_settings,
    choose_ways,
    number_of,
    show_data,
    show_start,
)
from dashboard._ui.text import count

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord

METHODS = ("scgen",)
KEY = "rare/hold_out"


def show_wizard() -> None:
    """Draw the form of a new experiment on the current dataset."""
    from scdyn_core.experiments.config import UnseenExperiment

    record = show_data(
        "The treated cells of one type after the other are kept from the model, which predicts "
        "them; what it predicts is compared with what was measured, beside baselines that need no "
        "model. So you learn how far predictions for a type that was never treated can be believed."
    )
    if record is None:
        return
    method = choose_method(record, METHODS, KEY, needs_types=False)
    if method is None:
        return
    fields = UnseenExperiment.model_fields
    types = _choose_types(record)
    ways = choose_ways(f"{KEY}/arms", fields["arms"], "Ways of drawing cells", uniform=True)
    place, _ = st.columns([1, 3])
    with place:
        models = number_of("Models of every type", fields["seeds"], f"{KEY}/models")
    settings = choose_settings(record, method, KEY, without=("held_out",))
    if not ways:
        st.info("Choose at least one way of drawing cells.", icon=":material/info:")
        return
    if settings is None:
        return
    asked = UnseenExperiment(types=tuple(types), arms=tuple(ways), seeds=models)
    number = len(types) or len(_levels(record))
    show_start(
        record,
        Asked(method, settings, asked.model_dump(mode="json")),
        f"{count(number, 'type')} × {count(len(ways), 'way')} of drawing × "
        f"{count(models, 'model')}",
        number * len(ways) * models,
        question=UNSEEN,
        key=KEY,
    )


def _choose_types(record: DatasetRecord) -> list[str]:
    chosen: list[str] = st.multiselect(
        "Types held out, one after another",
        _levels(record),
        key=f"{KEY}/types/{record.id}",
        placeholder="all that have treated and control cells",
        persist_state="session",
    )
    return chosen


def _levels(record: DatasetRecord) -> list[str]:
    column = next((one for one in record.obs if one.name == record.roles.cell_type), None)
    return [] if column is None else list(column.levels)
