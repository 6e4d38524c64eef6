"""What runs were asked for and made with, a column a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.compare_data import differences_of, settings_of_runs
from dashboard._ui.compare_words import difference_words
from dashboard._ui.downloads import table

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

_COLUMNS = {
    "of": "data, recipe, method, training, or the versions it was made with",
    "setting": "name of the setting; steps of a recipe by their kind",
}


def different_settings(picked: dict[str, Run]) -> pd.DataFrame:
    """Return the settings that are not the same in all runs."""
    rows = settings_of_runs(picked)
    return rows[rows["differs"]].drop(columns="differs")


def show_settings(picked: dict[str, Run]) -> None:
    """Draw the settings that differ, or all of them."""
    for sentence in difference_words(differences_of(picked), next(iter(picked))):
        st.warning(sentence, icon=":material/warning:")
    every = st.toggle("Show settings that are the same too", key="compare/every_setting",
                      persist_state="session")  # fmt: skip
    rows = settings_of_runs(picked)
    differing = int(rows["differs"].sum())
    st.caption(f"{differing} of {len(rows)} settings differ.")
    shown = (rows if every else rows[rows["differs"]]).drop(columns="differs")
    if shown.empty:
        st.info("Nothing differs: these runs were asked to do the same.", icon=":material/info:")
    else:
        table(shown, name="compared_settings", key="compare/settings", columns=_COLUMNS)
