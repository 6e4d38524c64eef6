"""The dashboard: page configuration, navigation and what stands beside every page."""

from pathlib import Path

import streamlit as st

from dashboard._ui.navigation import all_pages
from dashboard._ui.services import supervisor
from dashboard._ui.sidebar import show_sidebar
from dashboard._ui.warm import warm_up

ASSETS = Path(__file__).with_name("assets")

# Files of our own: an icon by name would be fetched from a server elsewhere.
st.set_page_config(page_title="scdyn", page_icon=ASSETS / "icon.png", layout="wide")
st.logo(ASSETS / "logo.svg", size="large")
page = st.navigation(all_pages())
supervisor()
warm_up()
show_sidebar()
page.run()
