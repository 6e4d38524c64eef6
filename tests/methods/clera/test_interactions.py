"""CLERA's network: what the equations and the decoder say acts on what."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.methods.clera.interactions import clera_edges
from tests.plots.synthetic_run import DECAY, tables


def edges_of(frames, replicate=0):
    return clera_edges(frames.get, replicate)


@pytest.fixture(scope="module")
def frames():
    return tables(cells=400, replicates=2)


def pairs(edges):
    return set(zip(edges["source"], edges["target"], strict=True))


def test_latents_act_on_those_whose_equations_name_them(frames):
    equations = edges_of(frames).query("evidence == 'equation'")
    assert pairs(equations) == {
        ("z1", "z1"), ("z2", "z1"), ("z1", "z2"), ("z2", "z2"), ("z3", "z3"),
    }  # fmt: skip


def test_the_weight_is_the_motion_that_one_sd_makes(frames):
    own = frames["latent"].query("replicate == 0 and part == 'test'")
    edges = edges_of(frames).query("evidence == 'equation' and cell_type.isna()")
    edges = edges.set_index(["source", "target"])
    decay = edges.loc[("z3", "z3")]
    assert decay["value"] == pytest.approx(DECAY * own["z3"].std(ddof=0))
    assert (decay["sign"], decay["positive"]) == (-1, 0.0)
    x, y = own["z1"], own["z2"]
    slope = -0.35 - 2 * 0.15 * x * y
    turn = edges.loc[("z2", "z1")]
    assert turn["value"] == pytest.approx(np.sqrt((slope**2).mean()) * y.std(ddof=0))
    assert turn["positive"] == pytest.approx((slope > 0).mean())
    assert turn["sign"] == -1


def test_an_edge_whose_sign_depends_on_the_cell_says_so(frames):
    edges = edges_of(frames).query("source == 'z1' and target == 'z1' and cell_type.isna()")
    assert edges["sign"].tolist() == [0]
    assert 0.05 < edges["positive"].item() < 0.95


def test_cell_types_have_edges_of_their_own(frames):
    equations = edges_of(frames).query("evidence == 'equation'")
    types = set(frames["cells"]["cell_type"])
    assert set(equations["cell_type"].dropna()) == types
    own = equations.query("source == 'z2' and target == 'z1'")
    assert own["value"].nunique() == len(types) + 1


def test_cell_types_with_too_few_held_out_cells_are_left_out(frames):
    cells = frames["cells"].copy()
    test = cells.index[cells["part"] == "test"]
    cells["cell_type"] = "many"
    cells.loc[test[:4], "cell_type"] = "few"
    edges = edges_of({**frames, "cells": cells})
    assert set(edges["cell_type"].dropna()) == {"many"}


def test_weights_of_every_kind_of_evidence_go_up_to_one(frames):
    largest = edges_of(frames).groupby("evidence")["weight"].max()
    assert set(largest.index) == {"equation", "decoder derivative"}
    np.testing.assert_allclose(largest, 1.0)


def test_genes_are_weighed_by_their_own_spread_and_signed_by_the_decoder(frames):
    genes = frames["genes"].assign(sd=np.linspace(0.5, 4, 40))
    edges = edges_of({**frames, "genes": genes}).query("target_kind == 'gene'")
    programs = frames["programs"].query("replicate == 0 and latent == 2").set_index("gene")
    own = edges.query("source == 'z2'").set_index("target")
    expected = programs["effect"].abs() / genes.set_index("gene")["sd"]
    np.testing.assert_allclose(own["value"], expected[own.index])
    np.testing.assert_array_equal(own["sign"], np.sign(programs["effect"][own.index]))


def shap_tables(programs):
    whole = programs[["replicate", "latent", "gene"]].query("replicate == 0")
    shap = whole.assign(mean=0.0, mean_abs=0.7, sd=1.0, slope=-programs["effect"])
    typed = whole.head(5).assign(cell_type="phase 1", mean=0.0, mean_abs=1.4, sd=1.0)
    unknown = typed.assign(cell_type="all cells")
    return {"shap_decoder": shap, "shap_decoder_types": pd.concat([typed, unknown])}


def test_shap_values_take_the_place_of_the_mean_derivative(frames):
    edges = edges_of({**frames, **shap_tables(frames["programs"])}).query("target_kind == 'gene'")
    assert set(edges["evidence"]) == {"SHAP"}
    whole = edges[edges["cell_type"].isna()]
    assert np.allclose(whole["value"], 0.7)
    assert np.allclose(whole["weight"], 0.5)
    effect = frames["programs"].query("replicate == 0")["effect"]
    np.testing.assert_array_equal(whole["sign"], -np.sign(effect))
    typed = edges[edges["cell_type"].notna()]
    assert set(typed["cell_type"]) == {"phase 1"}
    assert len(typed) == 5
    np.testing.assert_array_equal(typed["sign"], whole["sign"].head(5))


def test_a_replicate_that_was_not_explained_keeps_the_mean_derivative(frames):
    edges = edges_of({**frames, **shap_tables(frames["programs"])}, replicate=1)
    assert set(edges["evidence"]) == {"equation", "decoder derivative"}


def test_knock_out_gives_edges_for_each_cell_type(frames):
    knockout = pd.DataFrame(
        {
            "replicate": 0,
            "latent": [1, 1, 1],
            "gene": ["Gene0", "Gene1", "Gene0"],
            "cell_type": [None, None, "phase 1"],
            "mean_abs": [2.0, 1.0, 4.0],
            "mean": [0.1, 0.1, 0.1],
            "slope": [1.0, -1.0, 1.0],
            "positive": [1.0, 0.5, 0.0],
        }
    )
    edges = edges_of({**frames, "knockout": knockout}).query("evidence == 'knock-out'")
    assert edges["weight"].tolist() == [0.5, 0.25, 1.0]
    assert edges["sign"].tolist() == [1, 0, -1]
    assert edges["cell_type"].tolist() == [None, None, "phase 1"]


def test_stability_is_counted_only_where_latents_are_matched(frames):
    unmatched = {name: frame for name, frame in frames.items() if name != "alignment"}
    assert edges_of(unmatched)["stability"].isna().all()
    equations = frames["equations"].copy()
    lost = equations["replicate"].eq(1) & equations["equation"].eq(3)
    equations.loc[lost, "active"] = False
    matched = {**frames, "equations": equations, "alignment": pd.DataFrame({"replicate": [0, 1]})}
    edges = edges_of(matched).query("cell_type.isna()").set_index(["source", "target"])
    assert edges.loc[("z1", "z2"), "stability"] == 1.0
    assert edges.loc[("z3", "z3"), "stability"] == 0.5
    turned = equations["replicate"].eq(1) & equations["equation"].eq(2)
    equations.loc[turned & equations["term"].eq("z1"), "coefficient"] *= -1
    other_way = edges_of(matched).query("cell_type.isna()").set_index(["source", "target"])
    assert other_way.loc[("z1", "z2"), "stability"] == 0.5
    genes = edges.query("target_kind == 'gene'")
    for (latent, gene), edge in genes.iterrows():
        effects = frames["programs"].query(f"latent == {latent[1:]} and gene == '{gene}'")["effect"]
        mine, other = effects
        agrees = mine * other > 0 and abs(other) >= abs(mine) / 2
        assert edge["stability"] == (1.0 if agrees else 0.5)


def test_a_run_without_equations_has_no_network():
    assert clera_edges({}.get, 0) is None
