"""What tests of the page Rare cells share."""

from streamlit.testing.v1 import AppTest


def shown(page: AppTest) -> str:
    """The view in the URL."""
    view = page.query_params["show"]
    return view if isinstance(view, str) else view[0]
