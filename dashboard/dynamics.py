"""Dynamics: what a trained run learned about how the cells move."""

import streamlit as st

from dashboard._ui.dynamics_choice import titled_choice
from dashboard._ui.dynamics_classifier import show_classifier
from dashboard._ui.dynamics_direction import show_direction
from dashboard._ui.dynamics_equations import show_equations
from dashboard._ui.dynamics_field import show_field
from dashboard._ui.dynamics_maps import show_latent_map, show_umap
from dashboard._ui.dynamics_reports import show_sources
from dashboard._ui.dynamics_time_error import show_time_error
from dashboard._ui.dynamics_trajectories import show_trajectories
from dashboard._ui.dynamics_views import choose_view
from dashboard._ui.dynamics_what_if import show_what_if
from dashboard._ui.network_choice import Shown
from dashboard._ui.network_view import show_network
from dashboard._ui.programs_view import show_programs
from dashboard._ui.run_stale import show_stale
from dashboard._ui.run_tables import table_of
from dashboard._ui.run_verdict import show_cautions, show_verdict, verdict
from dashboard._ui.runs_detail import show_losses, show_scores

#: Views of the equations at work.
FIELD_VIEWS = {
    "Vector field": show_field,
    "Trajectories": show_trajectories,
    "What if": show_what_if,
}

run, replicate = titled_choice("Dynamics")
show_stale(run)
show_verdict(verdict(run.scores()))
show_cautions(table_of(run, "cautions"))
equations, latent, cells = (table_of(run, name) for name in ("equations", "latent", "cells"))
view = choose_view(run)

if view == "Equations" and equations is not None:
    show_equations(run, equations, replicate)
elif view == "Latent map" and latent is not None and cells is not None:
    show_latent_map(run, latent, cells, replicate)
elif view in FIELD_VIEWS and equations is not None and cells is not None:
    st.fragment(FIELD_VIEWS[view])(run, replicate)
elif view == "UMAP" and cells is not None:
    show_umap(cells)
elif view == "Gene programs":
    show_programs(run, replicate)
elif view == "Network":
    show_network(Shown(run, replicate))
elif view == "Cell types":
    show_classifier(table_of(run, "classifier"), replicate)
elif view == "Scores":
    show_scores(run)
    if (steps := table_of(run, "time_error")) is not None:
        show_time_error(steps)
    if (direction := table_of(run, "direction")) is not None:
        show_direction(direction)
    sources = table_of(run, "derivative_sources")
    if sources is not None:
        st.subheader("What the data had to tell", anchor=False)
        show_sources(sources)
elif view == "Training":
    show_losses(run)
