"""Answers of experiments: which side is better, what is sure, and what is only predicted."""

import numpy as np
import pytest

from scdyn_core.plots.forest import Panel, forest_figure, tick_step
from scdyn_core.plots.palette import LIGHT
from scdyn_core.plots.rare_arms import (
    arm_forest_figure,
    arm_mass_figure,
    arm_order,
    type_forest_figure,
)
from scdyn_core.plots.rare_response import (
    correlation,
    gene_changes,
    predicted_genes_figure,
    response_figure,
)
from scdyn_core.plots.rare_unseen import METRICS, NO_CHANGE, predictor_means, predictors_figure
from tests.plots.synthetic_rare import (
    GENES,
    TYPES,
    experiment_frames,
    unseen_experiment_frames,
    unseen_frames,
)
from tests.plots.test_escaping import ATTACK, assert_inert

FRAMES, UNSEEN = experiment_frames(), unseen_experiment_frames()
COMPARISON = FRAMES["arm_comparison"]


def genes_of(frames, held_out="T cells"):
    rows = frames["unseen_genes"]
    return gene_changes(
        rows[(rows["held_out"] == held_out) & (rows["predictor"] == "nearest types")]
    )


def shaded(figure):
    """The side of every panel that is better."""
    boxes = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    return ["right" if box.x1 > 0 else "left" for box in boxes]


def test_the_better_side_is_shaded_and_named():
    figure = arm_forest_figure(COMPARISON)
    assert shaded(figure) == ["left", "left", "right", "right"]
    said = [note.text for note in figure.layout.annotations if "better" in note.text]
    assert said == ["← better", "← better", "better →", "better →"]


def test_a_verdict_has_a_colour_and_a_shape():
    figure = arm_forest_figure(COMPARISON)
    recall = [trace for trace in figure.data if trace.xaxis == "x4"]
    looks = {trace.marker.symbol: (trace.marker.color, list(trace.y)) for trace in recall}
    assert looks["circle"] == (LIGHT.model, [0, 2])
    assert looks["circle-open"] == (LIGHT.baseline, [1, 3])
    f1 = [trace for trace in figure.data if trace.xaxis == "x3"]
    assert "x" in {trace.marker.symbol for trace in f1}


def test_intervals_are_the_bars():
    recall = next(t for t in arm_forest_figure(COMPARISON).data if t.xaxis == "x4")
    asked = "arm == 'balanced' and metric == 'recall' and cell_type == 'rare'"
    row = COMPARISON.query(asked).iloc[0]
    assert recall.x[0] + recall.error_x.array[0] == pytest.approx(row["high"])
    assert recall.x[0] - recall.error_x.arrayminus[0] == pytest.approx(row["low"])


@pytest.mark.parametrize("reach", [3e-7, 0.11, 0.4, 0.99, 1.0, 2.4, 6.0, 4e5])
def test_a_difference_can_be_read_off_on_both_sides(reach):
    step = tick_step(reach)
    assert 0.4 * reach < step < 0.9 * reach
    assert float(f"{step:.1g}") == step


def test_zero_is_in_the_middle_of_every_panel():
    layout = arm_forest_figure(COMPARISON).layout
    for axis in (layout.xaxis, layout.xaxis2, layout.xaxis3, layout.xaxis4):
        assert axis.range[0] == -axis.range[1]


def test_panels_that_measure_the_same_share_their_axis():
    figure = type_forest_figure(COMPARISON, "recall", list(TYPES))
    assert len({figure.layout[f"xaxis{k}"].range for k in ("", 2, 3, 4)}) == 1
    assert list(figure.layout.yaxis.ticktext) == list(TYPES)


def test_a_measure_that_is_missing_has_no_panel():
    figure = arm_forest_figure(COMPARISON[COMPARISON["metric"] != "recall"])
    assert len(shaded(figure)) == 3
    assert forest_figure([], ["a"], against="uniform").layout.height > 0


def test_one_pair_has_points_without_bars():
    own = COMPARISON.assign(low=np.nan, high=np.nan, verdict="no difference seen")
    for trace in arm_forest_figure(own).data:
        assert list(trace.error_x.array) == [0.0] * len(trace.x)


def test_arms_stand_in_their_usual_order_without_uniform():
    assert arm_order(["clusters", "uniform", "newer", "balanced"]) == [
        "balanced", "clusters", "newer",
    ]  # fmt: skip


def test_what_each_way_draws_stands_beside_the_share():
    figure = arm_mass_figure(FRAMES["arm_mass"])
    assert [trace.name for trace in figure.data][:2] == [
        "share of the cells (uniform)", "balanced by type",
    ]  # fmt: skip
    assert np.asarray(figure.data[0].x)[0] == pytest.approx(100 * 12 / 417)


def test_the_best_predictor_stands_on_top_and_models_are_bold():
    rows = predictors_figure(UNSEEN["unseen_scores"], METRICS).layout.yaxis.ticktext
    assert rows[0] == "<b>nearest types, uniform</b>"
    assert rows[-1] == NO_CHANGE
    assert "nearest type's shift" in rows


def test_no_change_stands_at_the_edge_where_it_is_far():
    figure = predictors_figure(UNSEEN["unseen_scores"], METRICS)
    low, _ = figure.layout.xaxis.range
    assert low > 0.5
    assert any(note.text.startswith("◀") for note in figure.layout.annotations)
    near = UNSEEN["unseen_scores"].assign(
        value=UNSEEN["unseen_scores"]["value"].where(lambda value: value > 0.7, 0.7)
    )
    assert predictors_figure(near, METRICS[:1]).layout.xaxis.range is None


def test_a_mean_over_types_counts_every_type_once():
    scores = UNSEEN["unseen_scores"].query("metric == 'MSE' and predictor == 'mean shift'")
    uneven = scores[(scores["held_out"] != "T cells") | (scores["seed"] == 0)]
    told = predictor_means(uneven)
    types = told[told["held_out"] != ""].groupby("arm")["value"].mean()
    over = told[told["held_out"] == ""].set_index("arm")["value"]
    assert over.to_dict() == pytest.approx(types.to_dict())


def test_one_held_out_type_has_no_dots_beside_its_values():
    own = unseen_frames(held_out=("NK cells",))["unseen_scores"]
    figure = predictors_figure(own, METRICS)
    assert {trace.name for trace in figure.data} == {"model", "baseline"}


def test_changes_are_means_over_models_the_largest_first():
    changes = genes_of(UNSEEN)
    assert len(changes) == GENES
    assert changes["observed_change"].abs().is_monotonic_decreasing
    assert correlation(changes) > 0.95


def test_the_scatter_says_how_well_and_names_what_changes():
    figure = response_figure(genes_of(UNSEEN), labelled=5, genes=["GENE40"])
    notes = [note.text for note in figure.layout.annotations]
    r = correlation(genes_of(UNSEEN))
    assert any(f"r = {r:.3f}" in note for note in notes)
    assert "<b>GENE40</b>" in notes
    assert len(notes) == 1 + 5 + 1
    line = figure.data[0]
    assert list(line.x) == list(line.y)


def test_what_was_not_measured_is_only_ranked():
    changes = genes_of(unseen_frames(observed=False))
    assert changes["observed_change"].isna().all()
    assert np.isnan(correlation(changes))
    bars = predicted_genes_figure(changes, most=4, genes=["GENE40"]).data[0]
    values = np.asarray(bars.x)
    assert (np.diff(values) <= 0).all()
    assert len(values) == 9
    assert values[0] == changes["predicted_change"].max()


def test_names_are_shown_letter_by_letter():
    frames = experiment_frames(prefix=ATTACK)
    own = unseen_frames(held_out=(ATTACK, "B"), gene=ATTACK)
    changes = genes_of(own, ATTACK)
    types = [f"{ATTACK}{name}" for name in TYPES]
    hostile = frames["arm_comparison"].assign(arm=ATTACK, verdict="better")
    for figure in (
        arm_forest_figure(hostile),
        type_forest_figure(frames["arm_comparison"], "recall", types),
        arm_mass_figure(frames["arm_mass"]),
        predictors_figure(own["unseen_scores"].assign(predictor=ATTACK, arm=ATTACK), METRICS),
        response_figure(changes, genes=list(changes["gene"][:3])),
        predicted_genes_figure(changes, genes=list(changes["gene"][:3])),
        forest_figure([Panel(hostile.assign(row=ATTACK), ATTACK, ATTACK)], [ATTACK],
                      against=ATTACK),
    ):  # fmt: skip
        assert_inert(figure)
