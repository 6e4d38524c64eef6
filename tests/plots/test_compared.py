"""Figures that set runs beside each other."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.plots.compared_embeddings import (
    compared_embeddings_figure,
    latent_plane,
    main_plane,
)
from scdyn_core.plots.compared_equations import compared_equations_figure
from scdyn_core.plots.compared_labels import flow_figure
from scdyn_core.plots.loss_comparison import loss_comparison_figure, loss_curves, loss_terms
from scdyn_core.plots.palette import DARK, LIGHT
from tests.plots.synthetic_run import metrics
from tests.plots.test_escaping import ATTACK, assert_inert

PLACES = np.random.default_rng(0).normal(size=(60, 3)) * [3.0, 2.0, 0.1]


def groups(name: str = "kind ") -> pd.Series:
    return pd.Series([f"{name}{at % 3}" for at in range(60)], name="cell type")


def test_the_main_plane_is_that_of_the_first_two_principal_components() -> None:
    plane = main_plane(PLACES)
    drawn = plane.of(PLACES)
    assert drawn.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)
    assert np.cov(drawn.T)[0, 1] == pytest.approx(0, abs=1e-10)
    whole = np.var(PLACES, axis=0).sum()
    assert f"({np.var(drawn[:, 0]) / whole:.0%})" in plane.titles[0]
    np.testing.assert_array_equal(latent_plane(PLACES, 3, 1).of(PLACES), PLACES[:, [2, 0]])


def test_an_embedding_of_one_latent_has_a_plane_too() -> None:
    assert main_plane(PLACES[:, :1]).of(PLACES[:, :1]).shape == (60, 2)


def test_every_embedding_has_a_panel_and_a_group_one_colour_and_one_entry() -> None:
    places = {"a": PLACES, "b": -PLACES, "c": PLACES, "d": PLACES}
    figure = compared_embeddings_figure(
        places, latent_plane(PLACES, 1, 2), groups(), [f"c{at}" for at in range(60)]
    )
    assert len(figure.data) == 4 * 3
    assert sum(bool(trace.showlegend) for trace in figure.data) == 3
    colours = {(trace.name, trace.marker.color) for trace in figure.data}
    assert len(colours) == 3
    axes = [figure.layout[name] for name in ("xaxis", "xaxis2", "xaxis3", "xaxis4")]
    assert len({axis.matches for axis in axes} - {None}) == 1
    assert sum(axis.matches is None for axis in axes) == 1
    np.testing.assert_allclose(figure.data[0].x, -np.asarray(figure.data[3].x))


def test_amounts_share_one_scale() -> None:
    amounts = pd.Series(np.arange(60.0), name="time")
    figure = compared_embeddings_figure(
        {"a": PLACES, "b": PLACES}, main_plane(PLACES), amounts, ["cell"] * 60, palette=DARK
    )
    assert [trace.marker.showscale for trace in figure.data] == [True, False]
    assert len({(trace.marker.cmin, trace.marker.cmax) for trace in figure.data}) == 1


def equations(first: str = "a", second: str = "b") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "equation": [1, 1, 2],
            "term": ["z1", "z1*z2", "z2"],
            first: [0.5, 0.0, 1.0],
            second: [-0.5, 2.0, np.nan],
        }
    )


def test_a_term_that_is_left_out_is_empty_and_a_run_without_the_equation_has_no_row() -> None:
    figure = compared_equations_figure(equations())
    assert [list(panel.y) for panel in figure.data] == [["a", "b"], ["a"]]
    values = np.array(figure.data[0].z, dtype=float)
    assert np.isnan(values[0]).tolist() == [True, True, False] or np.isnan(values[0]).sum() == 2
    assert figure.layout.coloraxis.cmax == 2.0 == -figure.layout.coloraxis.cmin


COUNTS = pd.DataFrame([[8, 0, 2], [0, 5, 0]], index=["1", "2"], columns=["1", "2", "3"])


def test_ribbons_are_the_counts_and_a_group_has_the_colour_of_its_partner() -> None:
    (flow,) = flow_figure(COUNTS, (("a", "x"), ("b", "y")), words="Cluster").data
    names = list(flow.node.label)
    ribbons = {
        (names[s], names[t], v)
        for s, t, v in zip(flow.link.source, flow.link.target, flow.link.value, strict=True)
    }
    assert ribbons == {
        ("Cluster 1", "Cluster 1", 8), ("Cluster 1", "Cluster 3", 2), ("Cluster 2", "Cluster 2", 5)
    }  # fmt: skip
    colours = list(flow.node.color)
    right = dict(zip(names[2:], colours[2:], strict=True))
    assert right["Cluster 1"] == colours[0]
    assert right["Cluster 2"] == colours[1]
    assert right["Cluster 3"] == LIGHT.baseline


def test_a_loss_is_the_median_of_the_replicates_with_their_range() -> None:
    rows = pd.DataFrame(
        {
            "epoch_total": [0, 0, 0, 5], "part": ["validation"] * 4, "replicate": [0, 1, 2, 0],
            "loss": [1.0, 2.0, 6.0, 0.5], "own": [1.0] * 4,
        }
    )  # fmt: skip
    curve = loss_curves({"a": rows})
    assert curve[["lowest", "median", "highest"]].to_numpy().tolist() == [[1, 2, 6], [0.5] * 3]
    assert loss_terms({"a": rows, "b": rows.drop(columns="own")}) == ["loss"]
    assert loss_curves({"a": rows}, part="train").empty


def test_a_loss_that_may_be_negative_has_a_linear_axis() -> None:
    rows = pd.DataFrame({"epoch_total": [0, 5], "part": "validation", "loss": [2.0, -300.0]})
    assert loss_comparison_figure({"a": rows}).layout.yaxis.type != "log"
    assert len(loss_comparison_figure({"a": pd.DataFrame(metrics())}).data) == 2


def test_no_comparison_interprets_names() -> None:
    assert_inert(flow_figure(COUNTS.rename(index={"1": ATTACK}), ((ATTACK, ATTACK),) * 2))
    assert_inert(compared_equations_figure(equations(first=ATTACK)))
    assert_inert(
        compared_embeddings_figure(
            {ATTACK: PLACES, "b": PLACES}, main_plane(PLACES), groups(ATTACK).rename(ATTACK),
            [ATTACK] * 60, notes={ATTACK: ATTACK},
        )
    )  # fmt: skip
