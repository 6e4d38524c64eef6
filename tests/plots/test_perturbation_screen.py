"""Checks of a screen, its strongest perturbations, the sparsity, held-out ones and the truth."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.palette import LIGHT
from scdyn_core.plots.perturbation_held_out import MOST_ROWS, gains, held_out_figure
from scdyn_core.plots.perturbation_ranking import PANELS, effect_ranking_figure, ranked
from scdyn_core.plots.perturbation_screen import screen_quality_figure
from scdyn_core.plots.perturbation_sparsity import closing, sparsity_path_figure
from scdyn_core.plots.target_recovery import target_recovery_figure
from tests.plots.synthetic_screen.planted import CHOSEN, CONTROL, NULL, PATH
from tests.plots.synthetic_screen.tables import screen_tables

TABLES = screen_tables()
KNOWN, SPARSITY, HELD_OUT, TRUTH = (
    TABLES[name] for name in ("perturbations", "sparsity_path", "held_out", "truth")
)


def panel(figure, axis):
    """Values of a panel by row of the table."""
    return {row[0]: (x, y) for trace in figure.data
            if trace.xaxis == axis and trace.customdata is not None
            for row, x, y in zip(trace.customdata, trace.x, trace.y, strict=True)}  # fmt: skip


def test_the_four_checks_show_what_the_table_says_of_every_perturbation_but_the_control():
    figure = screen_quality_figure(KNOWN)
    rows = set(np.flatnonzero(KNOWN["kind"] != "control"))
    cells, effect = panel(figure, "x"), panel(figure, "x3")
    assert set(cells) == set(effect) == rows
    for row in rows:
        own = KNOWN.iloc[row]
        assert cells[row][1] == own["cells"]
        assert effect[row] == (own["cells"], own["e_distance"])
    down, guides = panel(figure, "x2"), panel(figure, "x4")
    assert set(down) == set(np.flatnonzero(KNOWN["knock_down"].notna()))
    assert set(guides) == set(np.flatnonzero(KNOWN["guide_agreement"].notna()))
    ordered = [y for _, y in sorted(down.values())]
    assert ordered == sorted(ordered), "the strongest knock-down first"


def test_filled_means_visible_or_knocked_down():
    figure = screen_quality_figure(KNOWN)
    for axis, filled in (
        ("x3", KNOWN["visible"]),
        ("x2", (KNOWN["knock_down"] < 0) & (KNOWN["knock_down_p"] < 0.05)),
    ):
        for trace in figure.data:
            if trace.xaxis == axis and trace.customdata is not None:
                for row, symbol in zip(trace.customdata, trace.marker.symbol, strict=True):
                    assert symbol.endswith("-open") != filled[row[0]]


def test_a_screen_without_guides_or_measured_targets_has_empty_checks():
    nothing = KNOWN.assign(knock_down=np.nan, knock_down_p=np.nan, guide_agreement=np.nan)
    figure = screen_quality_figure(nothing)
    assert not panel(figure, "x2")
    assert not panel(figure, "x4")
    assert any("0 of 0 measured" in note.text for note in figure.layout.annotations)


def test_cells_over_orders_of_magnitude_have_a_logarithmic_axis():
    many = KNOWN.assign(cells=np.geomspace(10, 10_000, len(KNOWN)).astype(int))
    assert screen_quality_figure(many).layout.yaxis.type == "log"


def test_the_strongest_perturbations_are_ranked_with_the_null_control_always_among_them():
    table = ranked(KNOWN, 5)
    assert len(table) == 6
    assert table["perturbation"].iloc[-1] == NULL
    assert table["e_distance"].is_monotonic_decreasing
    assert CONTROL not in ranked(KNOWN, 100)["perturbation"].tolist()
    figure = effect_ranking_figure(KNOWN, most=5)
    assert figure.layout.yaxis.ticktext == tuple(table["perturbation"])
    for number, column in enumerate(PANELS, start=1):
        axis = "x" if number == 1 else f"x{number}"
        values = panel(figure, axis)
        known = table[table[column].notna()]
        assert {row: x for row, (x, _) in values.items()} == pytest.approx(
            dict(zip(known["row"], known[column], strict=True))
        )


def test_a_column_that_is_nowhere_known_has_no_panel():
    figure = effect_ranking_figure(KNOWN.assign(knock_down=np.nan))
    titles = [axis.title.text for axis in figure.select_xaxes()]
    assert titles == [words for name, words in PANELS.items() if name != "knock_down"]


def test_a_perturbation_closes_at_the_largest_sparsity_that_most_replicates_survive():
    path = pd.DataFrame(
        [(0.1, r, "A", 1) for r in range(3)] + [(1.0, r, "A", int(r > 0)) for r in range(3)]
        + [(10.0, r, "A", int(r > 1)) for r in range(3)] + [(0.1, 0, "B", 0)],
        columns=["sparsity", "replicate", "perturbation", "latents_on"],
    )  # fmt: skip
    assert closing(path).to_dict() == {"A": 1.0, "B": 0.0}


def test_the_path_averages_replicates_and_draws_the_null_control_boldly():
    figure = sparsity_path_figure(SPARSITY, KNOWN)
    lines = {trace.text[0]: trace for trace in figure.data if trace.type == "scatter"}
    assert set(lines) == set(KNOWN["perturbation"]) - {CONTROL}
    mean = SPARSITY.groupby(["perturbation", "sparsity"])["latents_on"].mean()
    for name, trace in lines.items():
        np.testing.assert_allclose(trace.y, mean[name])
        np.testing.assert_allclose(trace.x, np.log10(PATH))
    null = lines[NULL]
    assert null.line.width > 2 * lines["G01"].line.width
    assert null.line.color == LIGHT.second_ink
    assert figure.data[-2] is null or figure.data[-2].text[0] == NULL, "on top of the others"


def test_the_chosen_sparsity_is_marked_and_thresholds_stand_on_top():
    figure = sparsity_path_figure(SPARSITY, KNOWN)
    assert {line.x0 for line in figure.layout.shapes} == {np.log10(CHOSEN)}
    assert any(note.text == f"chosen: {CHOSEN:g}" for note in figure.layout.annotations)
    top, bottom = figure.layout.xaxis, figure.layout.xaxis2
    assert top.side == "top"
    assert top.tickvals == bottom.tickvals
    for threshold, sparsity in zip(top.ticktext, bottom.ticktext, strict=True):
        assert float(threshold) == pytest.approx(np.sqrt(2 * float(sparsity)), rel=0.06)


def test_the_map_below_has_the_null_control_and_those_that_keep_a_latent_longest():
    figure = sparsity_path_figure(SPARSITY, KNOWN, labelled=4)
    names = figure.layout.yaxis2.ticktext
    assert names[0] == NULL
    assert len(names) == 5
    last = closing(SPARSITY)
    others = last.drop([*names, CONTROL])
    assert last[list(names[1:])].min() >= others.max()


def test_gains_are_after_less_before_and_the_largest_comes_first():
    table = gains(HELD_OUT)
    wide = HELD_OUT.pivot(index="perturbation", columns="stage", values="iwelbo")
    expected = (wide["after"] - wide["before"]).sort_values(ascending=False)
    assert table["perturbation"].tolist() == expected.index.tolist()
    np.testing.assert_allclose(table["iwelbo_gain"], expected)


def test_held_out_perturbations_go_from_before_to_after_and_losses_have_another_colour():
    losing = HELD_OUT.copy()
    rows = (losing["perturbation"] == "G12") & (losing["stage"] == "after")
    losing.loc[rows, "iwelbo"] -= 50
    figure = held_out_figure(losing)
    named = {trace.name: trace for trace in figure.data}
    table = gains(losing)
    np.testing.assert_allclose(named["before"].x, table["iwelbo_before"])
    np.testing.assert_allclose(named["after its shifts were learned"].x, table["iwelbo_after"])
    np.testing.assert_allclose(named["gain of the ELBO"].x, table["elbo_gain"])
    colours = named["after its shifts were learned"].marker.color
    assert table["perturbation"].iloc[-1] == "G12"
    assert colours[-1] != colours[0] == LIGHT.model
    mean = f"{table['iwelbo_gain'].mean():+.2f}"
    assert mean in figure.layout.title.text


def test_of_many_held_out_perturbations_the_largest_gains_are_drawn_and_the_rest_counted():
    many = pd.concat(
        [HELD_OUT[HELD_OUT["perturbation"] == "G12"].assign(perturbation=f"P{number}")
         for number in range(MOST_ROWS + 7)]
    )  # fmt: skip
    figure = held_out_figure(many)
    assert len(figure.layout.yaxis.ticktext) == MOST_ROWS
    assert "7 with smaller gains" in figure.layout.title.text


def test_recovery_shows_every_replicate_and_the_mean_of_each_model():
    figure = target_recovery_figure(TRUTH)
    models = [text.removeprefix("<b>").removesuffix("</b>")
              for text in figure.layout.yaxis.ticktext]  # fmt: skip
    mcc = TRUTH[TRUTH["quantity"] == "MCC"].groupby("model")["value"].mean()
    assert models == mcc.sort_values(ascending=False).index.tolist()
    first = [trace for trace in figure.data if trace.xaxis == "x"]
    means = {models[trace.y[0]]: trace.x[0] for trace in first if len(trace.x) == 1}
    assert means == pytest.approx(mcc.to_dict())
    dots = next(trace for trace in first if len(trace.x) > 1)
    own = TRUTH[(TRUTH["quantity"] == "MCC") & (TRUTH["model"] == models[0])]
    assert sorted(dots.x) == sorted(own["value"])


def test_a_quantity_that_is_not_defined_for_a_model_has_no_point():
    missing = TRUTH.copy()
    missing.loc[(missing["model"] == "ICA") & (missing["quantity"] == "R2"), "value"] = np.nan
    figure = target_recovery_figure(missing)
    counts = pd.Series([trace.xaxis for trace in figure.data]).value_counts()
    assert counts["x2"] == counts["x"] - 2
