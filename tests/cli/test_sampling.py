"""``scdyn train --sampling``: which cells are drawn."""

import json

import pytest

from scdyn_core.export.methods_text import methods_text
from scdyn_core.runs.run import Run
from scdyn_core.training.resampling.options import SAMPLING


def test_a_named_way_is_taken_with_changes(scdyn, cells, tmp_path):
    out = tmp_path / "R"
    status, text, error = scdyn(
        "train", "line", cells, "--recipe", "none", "--out", out, "--role", "cell_type=cell_type",
        "--sampling", "balanced", "--set-sampling", "strength=.5",
        "--set-sampling", "draw=independent",
    )  # fmt: skip
    assert status == 0, error
    sampling = Run.open(out).spec.options.sampling
    changes = {"strength": 0.5, "draw": "independent"}
    assert sampling == SAMPLING["balanced"].model_copy(update=changes)
    assert "balanced by type, own settings" in text
    assert "strength 0.5" in methods_text(Run.open(out))


def test_uniform_is_what_is_drawn_if_nothing_is_said(scdyn, trained):
    assert Run.open(trained).spec.options.sampling == SAMPLING["uniform"]
    assert "cells drawn" not in scdyn("show", trained)[1]


@pytest.mark.parametrize(
    ("arguments", "place", "needed"),
    [
        (("--sampling", "cluster"), "--sampling cluster", "clusters"),
        (("--set-sampling", "flor=.3"), "--set-sampling flor", "floor"),
        (("--set-sampling", "floor=3"), "--set-sampling floor", "less than or equal to 1"),
        (("--set-sampling", "floor"), "--set-sampling floor", "FIELD=VALUE"),
        (("--sampling", "balanced", "--role", "cell_type="), "sampling", "cell_type"),
    ],
)
def test_what_does_not_fit_is_said_before_a_folder_is_made(
    scdyn, cells, tmp_path, arguments, place, needed
):
    out = tmp_path / "R"
    status, _, error = scdyn(
        "train", "line", cells, "--recipe", "none", "--out", out, *arguments, "--json"
    )
    told = json.loads(error)["error"]
    assert status == 1
    assert told["place"].startswith(place)
    assert needed in told["needed"]
    assert not out.exists()


def test_what_is_fitted_at_once_is_not_resampled(scdyn, cells, tmp_path):
    status, _, error = scdyn(
        "train", "association", cells, "--recipe", "none", "--out", tmp_path / "R",
        "--sampling", "clusters",
    )  # fmt: skip
    assert status == 1
    assert "fitted at once" in error
