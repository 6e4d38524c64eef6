"""Data: bring data in, read what checking found, say what is what, look at it."""

import streamlit as st

from dashboard._ui.data_manage import show_manage, show_undo
from dashboard._ui.data_overview import show_columns, show_composition, show_quality
from dashboard._ui.data_panel import show_add
from dashboard._ui.data_roles import show_roles
from dashboard._ui.errors import errors_shown
from dashboard._ui.findings import show_report
from dashboard._ui.navigation import continue_button
from dashboard._ui.preview_jobs import start_preview
from dashboard._ui.selection import current_dataset
from dashboard._ui.text import count, plain

record = current_dataset()

show_undo()
if record is not None:
    title, actions = st.columns([3, 2], vertical_alignment="bottom")
    title.title(plain(record.name), anchor=False)
    with actions.container(horizontal=True, horizontal_alignment="right"):
        show_manage(record)
        continue_button(
            "Continue to Preprocess", "preprocess", key="to_preprocess", dataset=record.id
        )
    st.markdown(
        f"**{count(record.n_cells, 'cell')}** × **{count(record.n_genes, 'gene')}** "
        f":gray[·] {count(len(record.obs), 'column')} about cells "
        f":gray[·] {count(len(record.layers), 'layer')}"
    )
else:
    st.title("Data", anchor=False)
    st.markdown("Bring your own measurements, or open a sample to look around.")

show_add(needed=record is None)

if record is not None:
    checks, quality, composition, columns = st.tabs(
        ["Check and roles", "Quality", "Composition", "Columns and layers"],
        key="view",
        bind="query-params",
    )
    if checks.open:
        with checks:
            show_report(record.report)
            st.subheader("Roles", anchor=False)
            show_roles(record)
    if quality.open:
        with quality, errors_shown():
            show_quality(record)
    if composition.open:
        with composition, errors_shown():
            show_composition(record)
    if columns.open:
        with columns:
            show_columns(record)
    # Readied while the report is read, so that the next page has something to show.
    start_preview(record)
