"""Work a page waits for: its result, its errors, and what it hears when nobody waits any more."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def slow_page() -> None:
    import time

    import streamlit as st

    from dashboard._ui.stoppable import stoppable
    from scdyn_core.errors import InputError
    from scdyn_core.reporter import Reporter

    broken = st.session_state.get("broken", False)

    def told(reporter: Reporter) -> str:
        reporter.progress("Counting", 1, 2)
        time.sleep(0.8)
        if broken:
            raise InputError("cells", found="none", needed="some", fix="Bring some.")
        return "counted"

    try:
        st.write(stoppable("Counting…", told))
    except InputError as error:
        st.write(error.fix)


def test_the_result_comes_back_and_the_button_goes() -> None:
    page = AppTest.from_function(slow_page).run()
    assert not page.exception
    assert page.markdown[0].value == "counted"
    assert not page.button


def test_what_the_work_raises_is_raised_on_the_page() -> None:
    page = AppTest.from_function(slow_page)
    page.session_state["broken"] = True
    assert page.run().markdown[0].value == "Bring some."
