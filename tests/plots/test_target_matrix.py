"""The matrix of targets: order, empty where off, doubts, truth, squares that can be clicked."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.palette import DARK, LIGHT
from scdyn_core.plots.target_matrix import target_matrix_figure
from scdyn_core.plots.target_matrix_rows import MOST_EMPTY, MOST_NAMED
from tests.plots.synthetic_screen.planted import CONTROL, NULL
from tests.plots.synthetic_screen.tables import screen_tables
from tests.plots.test_escaping import ATTACK, assert_inert

TABLES = screen_tables()
MATRIX, TARGETS, KNOWN = (TABLES[name] for name in ("target_matrix", "targets", "perturbations"))


def drawn(tables=TABLES, **changes):
    return target_matrix_figure(
        tables["target_matrix"], tables["targets"], tables["perturbations"], **changes
    )


def trace(figure, name):
    return next(each for each in figure.data if each.name == name)


def pickable(figure):
    return next(each for each in figure.data if each.customdata is not None)


def many(count, latents=3):
    """Tables of ``count`` perturbations, every second of which shifts latent 1."""
    names = [f"P{number}" for number in range(count - 1)] + [NULL]
    on = np.zeros((count, latents), dtype=bool)
    on[: count - 1 : 2, 0] = True
    effect = np.where(on, np.arange(count)[:, None] + 1.0, 0.0)
    matrix = pd.DataFrame(
        {
            "perturbation": np.repeat(names, latents),
            "latent": np.tile(np.arange(1, latents + 1), count),
            "effect": effect.ravel(),
            "effect_sd": np.nan,
            "stability": on.ravel().astype(float),
            "on": on.ravel(),
        }
    )
    targets = matrix.assign(
        replicate=0, order=np.repeat(np.arange(count), latents), latent_order=matrix["latent"]
    )
    kinds = ["single"] * (count - 1) + ["null control"]
    known = pd.DataFrame({"perturbation": names, "kind": kinds, "held_out": False})
    return {"target_matrix": matrix, "targets": targets, "perturbations": known}


def test_squares_have_the_effect_where_a_latent_is_on_and_are_empty_elsewhere():
    figure = drawn()
    squares = figure.data[0]
    z = np.asarray(squares.z, dtype=float)
    names = dict(zip(figure.layout.yaxis.ticktext, figure.layout.yaxis.tickvals, strict=True))
    columns = [int(text.split("</b>")[0].removeprefix("<b>"))
               for text in figure.layout.xaxis.ticktext]  # fmt: skip
    for row in MATRIX.itertuples():
        y = names.get(row.perturbation, names.get(f"<i>{row.perturbation}</i>"))
        value = z[int(y), columns.index(row.latent)]
        assert value == pytest.approx(row.effect, abs=1e-3) if row.on else np.isnan(value)
    assert squares.zmin == -squares.zmax


def test_rows_keep_the_stored_order_and_controls_stand_apart_at_the_bottom():
    axis = drawn().layout.yaxis
    names = [text.removeprefix("<i>").removesuffix("</i>") for text in axis.ticktext]
    order = TARGETS.groupby("perturbation")["order"].first().sort_values().index
    assert names[:-2] == [name for name in order if name not in (CONTROL, NULL)]
    assert names[-2:] == [NULL, CONTROL]
    assert np.diff(axis.tickvals).tolist() == [1] * (len(names) - 3) + [2, 1]
    assert axis.range[0] > axis.range[1], "the first row is on top"


def test_columns_have_the_stored_order_and_how_many_perturbations_they_serve():
    on = MATRIX[MATRIX["on"]].groupby("latent").size()
    order = TARGETS.groupby("latent")["latent_order"].first().sort_values().index
    assert list(drawn().layout.xaxis.ticktext) == [
        f"<b>{latent}</b><br>{on.get(latent, 0)}" for latent in order
    ]


def test_a_click_gives_perturbation_and_latent_of_every_square():
    points = pickable(drawn())
    assert len(points.customdata) == len(MATRIX)
    axis = drawn().layout.yaxis
    at = dict(zip(axis.tickvals, axis.ticktext, strict=True))
    for y, (row, latent), text in zip(points.y, points.customdata, points.text, strict=True):
        name = KNOWN["perturbation"].iloc[row]
        assert at[y] in (name, f"<i>{name}</i>")
        assert f"latent {latent}" in text
    assert all(type(value) is int for pair in points.customdata for value in pair)


def test_what_replicates_disagree_on_is_marked():
    doubtful = MATRIX.copy()
    doubtful.loc[doubtful.index[doubtful["on"]][:3], "stability"] = 0.6
    doubtful.loc[doubtful.index[~doubtful["on"]], "stability"] = 0.0
    doubtful.loc[doubtful.index[~doubtful["on"]][:2], "stability"] = 0.4
    figure = drawn(TABLES | {"target_matrix": doubtful})
    assert len(trace(figure, "on in less than 80% of replicates").x) == 3
    assert len(trace(figure, "on in fewer than half").x) == 2
    sure = doubtful.assign(stability=doubtful["on"].astype(float))
    assert len(drawn(TABLES | {"target_matrix": sure}).data) == 2


def test_planted_targets_are_framed_and_only_where_truth_is_told():
    frames = trace(drawn(true_targets=TABLES["true_targets"]), "planted target")
    assert np.isnan(frames.x).sum() == TABLES["true_targets"]["on"].sum()
    assert "planted target" not in [each.name for each in drawn().data]


def test_where_rows_are_thin_only_what_is_wrong_is_marked():
    tables = many(400)
    wrong = tables["target_matrix"][["perturbation", "latent", "on"]].copy()
    wrong.loc[0, "on"], wrong.loc[4, "on"] = False, True
    named = [each.name for each in drawn(tables, true_targets=wrong).data if each.name]
    assert named == ["planted, but off (1)", "on, but not planted (1)"]


def test_of_many_perturbations_those_that_shift_nothing_are_left_out_and_counted():
    tables = many(1000)
    figure = drawn(tables)
    assert len(figure.data[0].z) == 500 + 2, "half of them, a gap and the null control"
    assert any("499 perturbations" in (note.text or "") for note in figure.layout.annotations)
    assert len(drawn(many(MOST_EMPTY)).data[0].z) == MOST_EMPTY + 1


def test_names_of_many_rows_are_those_of_the_strongest_and_do_not_overlap():
    figure = drawn(many(800))
    named = [note for note in figure.layout.annotations if note.showarrow]
    assert not figure.layout.yaxis.showticklabels
    assert {"P798", "P796", NULL} <= {note.text for note in named}
    assert "P0" not in {note.text for note in named}
    drawn_height = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    rows = len(figure.data[0].z)
    places = sorted((note.y + 0.5) * drawn_height / rows + note.ay for note in named)
    assert min(np.diff(places)) > 10
    assert len(drawn(many(MOST_NAMED)).layout.yaxis.ticktext) == MOST_NAMED


def test_the_figure_stays_on_a_screen_however_many_rows_there_are():
    heights = [drawn(many(count)).layout.height for count in (5, 60, 600, 3000)]
    assert heights == sorted(heights)
    assert heights[-1] < 1400


def test_only_asked_perturbations_have_a_row():
    axis = drawn(shown=["G01", NULL, "absent"]).layout.yaxis
    assert axis.ticktext == ("G01", NULL)


def test_held_out_perturbations_are_set_in_italics():
    held = KNOWN.loc[KNOWN["held_out"], "perturbation"]
    written = drawn().layout.yaxis.ticktext
    assert {text for text in written if text.startswith("<i>")} == {f"<i>{n}</i>" for n in held}


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_names_are_never_interpreted(palette):
    hostile = screen_tables(prefix=ATTACK)
    for shown in (None, hostile["perturbations"]["perturbation"][:3]):
        assert_inert(
            drawn(hostile, latents=hostile["latents"], shown=shown, palette=palette,
                  true_targets=hostile["true_targets"])
        )  # fmt: skip
