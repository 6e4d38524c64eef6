"""Figures of rare cells are exported with a run."""

from scdyn_core.plots.rare_catalogue import rare_figures
from tests.plots.synthetic_rare import (
    TYPES,
    sampling_frames,
    unseen_experiment_frames,
    unseen_frames,
)


def test_what_was_drawn_is_exported_unless_all_weights_are_equal():
    assert list(rare_figures(sampling_frames())) == ["weights", "type_mass", "never_drawn"]
    assert rare_figures(sampling_frames(scheme="uniform")) == {}


def test_every_held_out_type_has_its_genes():
    figures = rare_figures(unseen_experiment_frames())
    assert sum(name.startswith("unseen_response") for name in figures) == len(TYPES)
    alone = rare_figures(unseen_frames(held_out=("B cells",), observed=False))
    assert list(alone) == ["unseen_response_1"]
    assert alone["unseen_response_1"].data[0].type == "bar"


def test_other_runs_have_none_of_these():
    assert rare_figures({}) == {}
