"""Genes of a latent, genes that a perturbation changes, and genes whose change was predicted."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.palette import LIGHT
from scdyn_core.plots.perturbation_latent_genes import latent_genes_figure, strongest_genes
from scdyn_core.plots.perturbation_prediction import MOST_BARS, predicted_change_figure
from scdyn_core.plots.perturbation_shift import perturbation_shift_figure
from scdyn_core.plots.volcano import SIGNIFICANT, heights, volcano_figure
from tests.plots.synthetic_screen.planted import NULL, REPLICATES
from tests.plots.synthetic_screen.tables import screen_tables

TABLES = screen_tables()
RESPONSES, SCORES, TARGETS = (
    TABLES[name] for name in ("responses", "prediction_scores", "targets")
)
GENES = TABLES["latent_genes"]
OWN = RESPONSES[RESPONSES["perturbation"] == "G01"]


def labels(figure):
    return {note.text for note in figure.layout.annotations if note.showarrow}


def points(figure):
    return [trace for trace in figure.data if trace.customdata is not None]


def test_the_strongest_genes_of_a_latent_go_from_up_to_down_with_the_spread_of_replicates():
    (bars,) = latent_genes_figure(GENES, 1, each=4).data
    own = GENES[GENES["latent"] == 1].sort_values("effect", ascending=False)
    expected = pd.concat([own.head(4), own.tail(4)])
    np.testing.assert_allclose(bars.x, expected["effect"])
    np.testing.assert_allclose(bars.error_x.array, expected["effect_sd"])
    figure = latent_genes_figure(GENES, 1, each=4)
    assert figure.layout.yaxis.ticktext == tuple(f"<i>{gene}</i>" for gene in expected["gene"])
    up, down = bars.marker.color[0], bars.marker.color[-1]
    assert up != down


def test_a_direction_with_few_genes_is_short_and_one_replicate_has_no_bars():
    few = GENES[(GENES["latent"] == 1) & ((GENES["effect"] < 0) | (GENES["rank"] <= 2))]
    ups = (strongest_genes(few, 1, 10)["effect"] > 0).sum()
    assert ups == (few["effect"] > 0).sum() <= 2
    alone = latent_genes_figure(GENES.assign(effect_sd=np.nan), 1)
    assert not alone.data[0].error_x.visible


def test_the_shift_of_a_perturbation_is_the_mean_of_replicates_that_are_drawn_beside_it():
    name = TARGETS.loc[TARGETS["effect"].abs().idxmax(), "perturbation"]
    own = TARGETS[TARGETS["perturbation"] == name]
    figure = perturbation_shift_figure(TARGETS, name)
    means = own.groupby("latent")["effect"].mean()
    heads = [trace for trace in points(figure) if trace.name != "one replicate"]
    drawn = {latent[0]: x for trace in heads for latent, x in
             zip(trace.customdata, trace.x, strict=True)}  # fmt: skip
    assert drawn == pytest.approx(means.to_dict())
    on = own.groupby("latent")["on"].mean() > 0.5
    off = next(trace for trace in heads if trace.name == "off")
    assert {latent[0] for latent in off.customdata} == set(on.index[~on])
    every = next(trace for trace in figure.data if trace.name == "one replicate")
    assert len(every.x) == REPLICATES * len(means)
    low, high = figure.layout.xaxis.range
    assert low == -high
    assert high > own["effect"].abs().max()


def test_one_replicate_has_no_dots_of_replicates():
    figure = perturbation_shift_figure(TARGETS[TARGETS["replicate"] == 0], NULL)
    assert "one replicate" not in [trace.name for trace in figure.data]


def test_the_volcano_has_every_gene_once_at_its_change_and_how_sure_it_is():
    seen = {}
    for trace in points(volcano_figure(RESPONSES, "G01")):
        for (row,), x, y in zip(trace.customdata, trace.x, trace.y, strict=True):
            seen[row] = (x, y)
    assert set(seen) == set(np.flatnonzero(RESPONSES["perturbation"] == "G01"))
    for row, (x, y) in seen.items():
        gene = RESPONSES.iloc[row]
        assert x == gene["log2_fold_change"]
        assert y == pytest.approx(-np.log10(gene["p_adjusted"]))


def test_the_target_is_marked_and_changed_genes_have_the_colour_of_their_direction():
    traces = {trace.name.split(" (")[0]: trace for trace in points(volcano_figure(OWN, "G01"))}
    assert [OWN["gene"].iloc[row[0]] for row in traces["target gene"].customdata] == ["G01"]
    limit = -np.log10(SIGNIFICANT)
    assert min(*traces["up"].y, *traces["down"].y) > limit >= max(traces["not changed"].y)
    assert min(traces["up"].x) > 0 > max(traces["down"].x)
    assert traces["up"].marker.color != traces["down"].marker.color


def test_both_targets_of_a_combination_are_marked():
    pair = RESPONSES["perturbation"].unique()[-1]
    marked = next(t for t in points(volcano_figure(RESPONSES, pair)) if t.name == "target gene")
    genes = [RESPONSES["gene"].iloc[row[0]] for row in marked.customdata]
    assert set(genes) == set(pair.split("+"))


def test_a_p_value_of_zero_is_drawn_above_all_others_and_said_to_be_so():
    p = pd.Series([0.0, 1e-20, 0.5, np.nan])
    drawn, top = heights(p)
    assert top == drawn[0] > drawn[1] == pytest.approx(20)
    assert np.isnan(drawn[3])
    assert heights(p[1:])[1] is None
    assert heights(pd.Series([0.0, 0.0]))[0].nunique() == 1
    zero = OWN.assign(p_adjusted=OWN["p_adjusted"].where(OWN["gene"] != "G01", 0.0))
    figure = volcano_figure(zero, "G01")
    assert all(np.isfinite(trace.y).all() for trace in points(figure))
    assert any("too small" in note.text for note in figure.layout.annotations)
    star = next(trace for trace in points(figure) if trace.name == "target gene")
    assert star.y[0] == max(y for trace in points(figure) for y in trace.y)


def test_the_surest_genes_the_target_and_asked_ones_are_named_at_their_points():
    dull = OWN.loc[OWN["p_adjusted"].idxmax(), "gene"]
    figure = volcano_figure(OWN, "G01", labelled=3, genes=[dull, "absent"])
    surest = OWN.nsmallest(3, "p_adjusted")["gene"]
    assert labels(figure) == {f"<b>{gene}</b>" for gene in {*surest, "G01", dull}}
    places = OWN.set_index("gene")
    for note in figure.layout.annotations:
        if note.showarrow:
            gene = places.loc[note.text[3:-4]]
            assert note.x == pytest.approx(gene["log2_fold_change"])
            assert note.y == pytest.approx(-np.log10(gene["p_adjusted"]))


@pytest.mark.parametrize("figure", [volcano_figure, predicted_change_figure])
def test_a_perturbation_that_changed_nothing_or_has_no_genes_is_drawn(figure):
    assert labels(figure(RESPONSES.assign(p_adjusted=1.0), NULL)) == set()
    assert not points(figure(RESPONSES.iloc[:0], NULL))


def test_predictions_stand_against_what_was_observed_with_the_diagonal():
    figure = predicted_change_figure(OWN, "G01")
    line = figure.data[0]
    assert line.x == line.y
    seen = [row[0] for trace in points(figure) for row in trace.customdata]
    assert sorted(seen) == list(range(len(OWN)))
    for trace in points(figure):
        rows = [row[0] for row in trace.customdata]
        np.testing.assert_allclose(trace.x, OWN["change_test"].iloc[rows])
        np.testing.assert_allclose(trace.y, OWN["predicted"].iloc[rows])
        assert not trace.error_x.visible
    bars = predicted_change_figure(OWN, "G01", error_bars=True)
    assert all(trace.error_x.visible for trace in points(bars))
    wide = pd.concat([OWN] * (MOST_BARS // len(OWN) + 1))
    assert not any(t.error_x.visible for t in points(predicted_change_figure(wide, "G01")))


def test_the_title_has_the_scores_of_this_run_its_best_baseline_and_the_duplicate():
    own = SCORES[(SCORES["perturbation"] == "G01") & (SCORES["metric"] == "weighted MSE")]
    value = own.set_index("model")["value"]
    title = predicted_change_figure(OWN, "G01", scores=SCORES).layout.title.text
    best = value.drop(["this run", "technical duplicate"])
    assert f"<b>weighted MSE {value['this run']:.3g}</b>" in title
    assert f"best baseline {best.min():.3g} ({best.idxmin()})" in title
    assert f"technical duplicate {value['technical duplicate']:.3g}" in title
    assert "<b>r " in title
    assert predicted_change_figure(OWN, "G01").layout.title.text is None


def test_what_cannot_be_predicted_says_so():
    figure = predicted_change_figure(OWN.assign(predicted=np.nan), "G01", scores=SCORES)
    assert not points(figure)
    assert any("cannot predict" in note.text for note in figure.layout.annotations)


def test_the_colours_of_changed_genes_are_those_of_the_model():
    named = {trace.name: trace for trace in points(predicted_change_figure(OWN, "G01"))}
    assert named["changed genes (adjusted p below 0.05)"].marker.color == LIGHT.model
    assert named["target gene"].marker.symbol == "star"


def test_nothing_fades_when_a_gene_is_picked():
    for figure in (volcano_figure(OWN, "G01"), predicted_change_figure(OWN, "G01")):
        for trace in points(figure):
            assert trace.unselected.marker.opacity == trace.marker.opacity


def test_long_names_keep_their_begin_and_end_on_the_figure_and_are_whole_when_pointed_at():
    name = "a_very_long_name_of_a_gene_with_an_end_1"
    long = OWN.assign(gene=OWN["gene"].where(OWN["gene"] != "G01", name))
    figure = volcano_figure(long, "G01", labelled=0, genes=[name])
    (label,) = labels(figure)
    assert label == "<b>a_very_long_name…_an_end_1</b>"
    assert any(name in text for trace in points(figure) for text in trace.text)
