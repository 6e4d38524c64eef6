"""Folders are there whole or not at all, whoever else makes them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scdyn_core.data.appearing import ABANDONED_SECONDS, appearing, remove_abandoned


def test_a_folder_gets_its_place_when_it_is_filled(tmp_path: Path) -> None:
    place = tmp_path / "new" / "place"
    with appearing(place) as scratch:
        (scratch / "file").write_text("whole")
        assert not place.exists()
    assert (place / "file").read_text() == "whole"
    assert list(place.parent.iterdir()) == [place]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def fill() -> None:
        with appearing(tmp_path / "place") as scratch:
            (scratch / "file").write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_the_faster_of_two_keeps_the_place(tmp_path: Path) -> None:
    with appearing(tmp_path / "place") as slow, appearing(tmp_path / "place") as fast:
        (slow / "file").write_text("slow")
        (fast / "file").write_text("fast")
    assert (tmp_path / "place" / "file").read_text() == "fast"
    assert [path.name for path in tmp_path.iterdir()] == ["place"]


def test_a_place_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    (tmp_path / "place").write_text("a file")
    with pytest.raises(OSError, match="place"), appearing(tmp_path / "place"):
        pass


def test_what_killed_processes_left_goes_and_what_is_being_filled_stays(tmp_path: Path) -> None:
    left, filling, whole = (tmp_path / name for name in (".new-0", ".new-1", "place"))
    for folder in (left, filling, whole):
        (folder / "deep").mkdir(parents=True)
    long_ago = left.stat().st_mtime - ABANDONED_SECONDS - 60
    for folder in (left, whole):
        os.utime(folder, (long_ago, long_ago))
    remove_abandoned(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".new-1", "place"]
