"""Figures: what they show, in which units, and how light they stay."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.plane import Plane
from scdyn_core.evaluation.score import Score
from scdyn_core.plots.arrows import Arrows, arrow_trace, grid_average
from scdyn_core.plots.catalogue import figures_of_run
from scdyn_core.plots.coefficient_map import coefficient_figure
from scdyn_core.plots.confusion import confusion_figure
from scdyn_core.plots.derivative_sources import LABELS, derivative_source_figure
from scdyn_core.plots.direction import direction_figure
from scdyn_core.plots.embedding import VelocityColumns, embedding_figure
from scdyn_core.plots.gene_programs import program_figure
from scdyn_core.plots.log_axis import log_axis
from scdyn_core.plots.loss_curves import loss_figure, terms_of
from scdyn_core.plots.palette import DARK, LIGHT, Palette
from scdyn_core.plots.phase_portrait import phase_portrait
from scdyn_core.plots.points import MOST_CATEGORIES, MOST_POINTS, OTHER
from scdyn_core.plots.score_dots import score_figure
from tests.plots.synthetic_run import (
    derivative_sources,
    equations_table,
    metrics,
    tables,
    write_run,
)

THEME = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"


def many_cells(n: int, groups: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "cell": [f"c{i}" for i in range(n)],
            "x": rng.normal(size=n),
            "y": rng.normal(size=n),
            "group": rng.integers(groups, size=n).astype(str),
            "amount": rng.normal(size=n),
        }
    )


def map_of(frame: pd.DataFrame, colour: str) -> go.Figure:
    return embedding_figure(frame, x="x", y="y", axis_titles=("x (sd)", "y (sd)"), colour=colour)


@pytest.mark.parametrize(("name", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_figures_and_dashboard_share_their_colours(name: str, palette: Palette) -> None:
    theme = tomllib.loads(THEME.read_text())["theme"][name]
    assert list(palette.categorical) == theme["chartCategoricalColors"]
    assert list(palette.sequential) == theme["chartSequentialColors"]
    assert list(palette.diverging) == theme["chartDivergingColors"]
    assert (palette.background, palette.ink) == (theme["backgroundColor"], theme["textColor"])


def test_the_catalogue_has_every_figure_of_a_run(tmp_path: Path) -> None:
    figures = figures_of_run(write_run(tmp_path))
    assert set(figures) == {
        "scores", "loss_curves", "coefficients", "term_stability", "latent_map", "umap",
        "phase_portrait", "confusion", "program_z1", "program_z2", "program_z3",
        "derivative_sources", "network", "programs",
    }  # fmt: skip


def test_a_run_that_only_trained_a_little_has_its_losses(tmp_path: Path) -> None:
    assert set(figures_of_run(write_run(tmp_path, status="cancelled"))) == {"loss_curves"}


def test_maps_stay_light() -> None:
    figure = map_of(many_cells(MOST_POINTS + 10), "amount")
    assert len(figure.data[0].x) == MOST_POINTS
    assert figure.data[0].type == "scattergl"
    assert "50,000 of 50,010 cells drawn" in figure.layout.annotations[0].text


def test_small_maps_are_vectors_to_edit() -> None:
    assert map_of(many_cells(100), "amount").data[0].type == "scatter"


def test_groups_are_traces_and_the_rarest_are_one() -> None:
    names = [trace.name for trace in map_of(many_cells(500, groups=30), "group").data]
    assert len(names) == MOST_CATEGORIES
    assert names[-1] == OTHER


def test_every_cell_is_drawn_whatever_its_group() -> None:
    frame = many_cells(500, groups=30)
    frame.loc[:9, "group"] = None
    assert sum(len(trace.x) for trace in map_of(frame, "group").data) == 500


def test_arrows_are_grid_means() -> None:
    position = np.random.default_rng(0).uniform(-1, 1, (4000, 2))
    arrows = grid_average(position, np.tile([2.0, -1.0], (4000, 1)), cells=5)
    assert len(arrows.position) == 25
    np.testing.assert_allclose(arrows.vector, np.tile([2.0, -1.0], (25, 1)))


def test_arrows_leave_out_cells_without_velocity() -> None:
    position = np.zeros((10, 2))
    vector = np.ones((10, 2))
    vector[3] = np.nan
    np.testing.assert_allclose(grid_average(position, vector, cells=4).vector, [[1.0, 1.0]])


def test_arrows_keep_their_direction() -> None:
    span = np.array([10.0, 1.0])
    arrows = Arrows(np.zeros((1, 2)), np.array([[5.0, 0.5]]))
    trace = arrow_trace(arrows, span, cells=10, colour="#000000", name="")
    assert trace.y[1] / trace.x[1] == pytest.approx(0.1)


def test_two_velocities_are_drawn_to_one_scale() -> None:
    frame = many_cells(600)
    frame[["u1", "u2"]] = frame[["y", "x"]].to_numpy() * [-1, 1]
    frame[["v1", "v2"]] = frame[["u1", "u2"]] / 2
    figure = embedding_figure(
        frame,
        x="x",
        y="y",
        axis_titles=("", ""),
        colour="amount",
        velocities={"u": VelocityColumns("u1", "u2"), "v": VelocityColumns("v1", "v2")},
    )
    lengths = [
        np.median(np.hypot(np.diff(trace.x)[::6], np.diff(trace.y)[::6]))
        for trace in figure.data[-2:]
    ]
    assert lengths[1] / lengths[0] == pytest.approx(0.5, rel=0.1)


def test_the_portrait_has_nullclines_that_cross_at_the_fixed_point() -> None:
    frames = tables()
    z = frames["latent"].query("replicate == 0")[["z1", "z2", "z3"]].to_numpy()
    field = LearnedField.of(frames["equations"], 0)
    figure = phase_portrait(field, z, Plane.through_median(z, 0, 1))
    assert [trace.type for trace in figure.data].count("contour") == 2
    assert figure.layout.xaxis.title.text == "z<sub>1</sub> (sd)"


def test_coefficients_have_a_symmetric_scale_and_only_active_terms() -> None:
    figure = coefficient_figure(equations_table(1), 0)
    heat = figure.data[0]
    assert heat.zmin == -heat.zmax
    assert "sin z<sub>3</sub>" not in heat.x
    assert "z<sub>1</sub>" in heat.x
    assert np.isnan(np.asarray(heat.z, dtype=float)).any()


def test_rows_of_the_confusion_matrix_are_shares() -> None:
    heat = confusion_figure(tables()["classifier"], 0, "test").data[0]
    np.testing.assert_allclose(np.asarray(heat.z).sum(axis=1), 1.0)
    assert np.asarray(heat.customdata).sum() == (tables()["cells"]["part"] == "test").sum()


def test_programs_show_both_signs_strongest_outside() -> None:
    effects = np.asarray(program_figure(tables()["programs"], 0, 1, most=5).data[0].x)
    assert len(effects) == 10
    assert list(effects) == sorted(effects, reverse=True)


def test_a_score_stands_beside_all_its_baselines() -> None:
    score = Score(
        metric="m", value=1.0, split="test", better="lower", baselines={"a": 0.5, "b": 2.0}
    )
    trace = score_figure([score]).data[0]
    assert list(trace.y) == ["b", "a", "<b>model</b>"]
    assert list(trace.x) == [2.0, 0.5, 1.0]
    assert trace.marker.color[1] != trace.marker.color[0]  # the baseline that wins stands out


def test_losses_have_a_panel_per_term_and_a_line_per_part() -> None:
    frame = pd.DataFrame(metrics())
    figure = loss_figure(frame)
    assert terms_of(frame)[0] == "loss"
    names = [trace.name for trace in figure.data if trace.name]
    assert names.count("train") == names.count("validation") == len(terms_of(frame))
    assert figure.layout.yaxis.type == "log"


def test_a_loss_that_broke_does_not_break_its_figure() -> None:
    frame = pd.DataFrame(metrics())
    frame.loc[5, "loss"] = None
    frame["zero"] = 0.0
    figure = loss_figure(frame)
    assert "zero" in [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize("span", [(0.9, 1.1), (0.1, 3.0), (1e-6, 1e4)])
def test_log_ticks_are_few_and_inside(span: tuple[float, float]) -> None:
    axis = log_axis(np.array(span))
    assert len(axis["tickvals"]) <= 9
    assert all(span[0] <= tick <= span[1] for tick in axis["tickvals"])


def test_long_trainings_keep_their_first_and_last_epoch() -> None:
    frame = pd.DataFrame(metrics(replicates=1, epochs=20_000))
    trace = loss_figure(frame).data[0]
    assert len(trace.x) <= 601
    assert (trace.x[0], trace.x[-1]) == (0, 19_995)


def test_a_source_without_a_null_draws_none() -> None:
    figure = derivative_source_figure(derivative_sources())
    panels = {axis: [trace.legendgroup for trace in figure.data if trace.xaxis == axis]
              for axis in ("x", "x2")}  # fmt: skip
    assert panels == {"x": ["bars", "null", "tangent"], "x2": ["bars", "tangent"]}
    assert [trace.name for trace in figure.data if trace.showlegend] == list(LABELS.values())


def test_the_tangent_share_is_a_line_and_doing_nothing_the_zero() -> None:
    figure = derivative_source_figure(derivative_sources("validation"), part="validation")
    bars, line = figure.data[0], figure.data[2]
    assert list(bars.y) == ["mean", "PCA + STLSQ", "kNN"]
    assert set(line.x) == {0.8}
    assert figure.layout.xaxis.range[0] == pytest.approx(-0.23)


def test_sources_of_another_part_are_not_drawn() -> None:
    assert not derivative_source_figure(derivative_sources("validation"), part="test").data


def test_directions_are_drawn_where_there_are_cells() -> None:
    frame = pd.DataFrame(
        [
            ("<b>A</b> → B", "data", np.nan, 0.3, 0.8, 12),
            ("<b>A</b> → B", "CLERA", 0, 0.5, 0.9, 12),
            ("<b>A</b> → B", "CLERA", 1, -0.1, 0.4, 12),
            ("B → C", "data", np.nan, np.nan, np.nan, 0),
            ("B → C", "CLERA", 0, np.nan, np.nan, 0),
        ],
        columns=["edge", "field", "replicate", "cosine", "right", "cells"],
    )
    data, model = direction_figure(frame).data
    assert list(model.x) == [0.5, -0.1]
    assert set(data.y) == {"&lt;b&gt;A&lt;/b&gt; → B (12 cells)"}


def test_ticks_of_a_logarithmic_axis_do_not_lie_on_each_other() -> None:
    axis = log_axis(np.array([0.075, 0.3]))
    gaps = np.diff(np.log(axis["tickvals"])) / np.log(0.3 / 0.075)
    assert gaps.min() >= 0.1
