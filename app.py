"""The dashboard: page configuration, navigation and what stands beside every page."""

from pathlib import Path

import streamlit as st

from dashboard._ui.navigation import all_pages
from dashboard._ui.services import supervisor
from dashboard._ui.sidebar import show_sidebar
from dashboard._ui.warm import warm_up

st.set_page_config(page_title="scdyn", page_icon=":material/line_axis:", layout="wide")
st.logo(Path(__file__).with_name("assets") / "logo.svg", size="large")
page = st.navigation(all_pages())
supervisor()
warm_up()
show_sidebar()
page.run()
