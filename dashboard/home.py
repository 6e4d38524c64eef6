"""Home: what scdyn can do, a sample in one click, what is running, what to do next."""

import streamlit as st

from dashboard._ui.home_next import show_next
from dashboard._ui.home_runs import show_runs
from dashboard._ui.home_steps import show_steps
from dashboard._ui.sample_gallery import show_samples
from dashboard._ui.tour import show_first_visit

st.title("How cells change and what drives them", anchor=False)
st.markdown(
    "From single-cell measurements to equations of motion, on this computer, with every result "
    "beside its baselines."
)
show_steps()
show_next()
show_runs()
st.subheader("Open a sample", anchor=False)
show_samples()
show_first_visit()
