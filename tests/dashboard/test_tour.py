"""The tour: shown once to a first visitor, and to anybody who asks."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard._ui.tour_seen import forget_seen, was_seen
from scdyn_core.data.store import DatasetStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, words
from tests.dashboard.quiet import still_previews

PROMISE = "Every result stands beside simple baselines"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    still_previews(monkeypatch)


def first_visit(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, page: str) -> AppTest:
    opened = open_page(monkeypatch, workspace, page)
    forget_seen(workspace)
    return opened.run()


def test_a_first_visitor_of_home_sees_it_until_it_is_closed(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = first_visit(monkeypatch, workspace, "home")
    assert not page.exception
    assert PROMISE in words(page)
    page.button(key="tour_close").click().run()
    assert was_seen(workspace)
    assert PROMISE not in words(page.run())


def test_a_link_to_another_page_is_not_interrupted(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    assert PROMISE not in words(first_visit(monkeypatch, workspace, "runs"))


def test_it_opens_a_sample(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    page = first_visit(monkeypatch, workspace, "home")
    page.button(key="tour_sample").click().run()
    assert not page.exception
    (record,) = DatasetStore(workspace).records()
    assert page.query_params["dataset"] == record.id
    assert was_seen(workspace)


def test_it_can_be_seen_again(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    page = open_page(monkeypatch, workspace, "data")
    assert PROMISE not in words(page)
    page.button(key="tour_open").click().run()
    assert PROMISE in words(page)
