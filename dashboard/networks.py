"""Gene networks: what acts on what in a trained run, and what belongs together."""

import streamlit as st

from dashboard._ui.dynamics_choice import choose_replicate, choose_run, finished_runs
from dashboard._ui.network_view import show_network

title, chosen_run, chosen_replicate = st.columns([4, 7, 3], vertical_alignment="bottom")
title.title("Gene networks", anchor=False)
runs = finished_runs()
with chosen_run:
    run = choose_run(runs)
with chosen_replicate:
    replicate = choose_replicate(run)
show_network(run, replicate)
