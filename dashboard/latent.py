"""Latent space: the cells on any map, coloured by anything; sets of them, and what differs."""

import streamlit as st

from dashboard._ui.empty import empty_state
from dashboard._ui.errors import errors_shown
from dashboard._ui.latent_address import keep_address, leave_other
from dashboard._ui.latent_compare import show_compare
from dashboard._ui.latent_explore import show_explore
from dashboard._ui.latent_genes import show_genes
from dashboard._ui.latent_sets_choice import sets_of
from dashboard._ui.latent_source import choose_source
from dashboard._ui.latent_state import open_view
from dashboard._ui.run_stale import show_stale
from dashboard._ui.selection import current_dataset
from dashboard._ui.view_choice import choose_view

MAP, COMPARE, GENES = "Map", "Compare sets", "Genes"

record = current_dataset()
if record is None:
    st.title("Latent space", anchor=False)
    empty_state(
        "No data yet",
        "Every cell on a map, coloured by what is known, measured or learned of it.",
        action="Bring data, or open a sample",
        page="data",
        icon="scatter_plot",
    )
    st.stop()

leave_other(record)
title, source = st.columns([3, 5], vertical_alignment="bottom")
title.title("Latent space", anchor=False)
with source, errors_shown():
    run = choose_source(record)
if run is not None:
    show_stale(run)
row = st.container(horizontal=True, vertical_alignment="center")
with row:
    shown = choose_view({name: (name,) for name in (MAP, COMPARE, GENES)}, "latent/show")
with errors_shown():
    view = open_view(record, run, key="latent")
    if view is not None:
        if shown == MAP:
            show_explore(view, row)
        elif shown == COMPARE:
            show_compare(view, sets_of(view))
        else:
            show_genes(view, sets_of(view))
keep_address()
