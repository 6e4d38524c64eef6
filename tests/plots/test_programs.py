"""Figures of gene programs: what they show, in which unit, and that names stay names."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.evaluation.gene_units import in_gene_sds, known_sds
from scdyn_core.evaluation.program_activity import MEANINGS, program_activity
from scdyn_core.plots.activity_map import activity_map_figure
from scdyn_core.plots.enrichment_dots import enrichment_figure
from scdyn_core.plots.gene_answer import gene_answer_figure
from scdyn_core.plots.gene_dots import LARGEST_DOT, gene_dots_figure
from scdyn_core.plots.gene_programs import programs_figure, strongest
from scdyn_core.plots.gene_weights import gene_weights_figure
from scdyn_core.plots.palette import DARK, LIGHT
from scdyn_core.plots.program_catalogue import program_figures, typed_genes
from scdyn_core.plots.type_profile import type_profile_figure
from tests.plots.program_tables import program_tables
from tests.plots.synthetic_run import tables
from tests.plots.test_escaping import ATTACK, assert_inert


def test_every_figure_of_hostile_tables_is_inert():
    frames = tables(gene=ATTACK, cell_type=ATTACK)
    frames |= program_tables(gene=ATTACK, cell_type=ATTACK, gene_set=ATTACK)
    frames["program_activity"] = program_activity(frames["latent"], frames["cells"])
    figures = program_figures(frames, 0)
    assert {
        "programs", "program_z1", "program_z3", "program_activity", "shap_z2_by_type",
        "shap_classifier", "shap_encoder", "shap_gene_type", "enrichment",
    } <= figures.keys()  # fmt: skip
    for figure in figures.values():
        assert_inert(figure)
    latent = frames["latent"].query("replicate == 0").drop(columns="part")
    frame = latent.merge(frames["cells"], on="cell").assign(cell=ATTACK)
    assert_inert(
        activity_map_figure(frame, ["z1", "z2"], x="umap_1", y="umap_2", axis_titles=("a", "b"))
    )


def test_before_attributions_the_slopes_of_the_decoder_are_drawn():
    figures = program_figures(tables(), 0)
    assert "program_z1" in figures
    assert not any(name.startswith("shap") for name in figures)
    assert "(expression)" in figures["program_z1"].layout.xaxis.title.text
    assert "(gene sd)" in program_figures(program_tables(), 0)["program_z1"].layout.xaxis.title.text


def test_another_replicate_has_no_attributions():
    assert program_figures(program_tables(replicate=1), 0) == {}


def test_the_strongest_genes_of_both_signs_are_shown_top_down():
    programs = pd.DataFrame(
        {"replicate": 0, "latent": 1, "gene": list("abcdef"), "effect": [1, -3, 2, -1, 0, 3.0]}
    )
    assert strongest(programs, 0, 1, 2)["gene"].tolist() == ["f", "c", "d", "b"]
    bars = programs_figure(programs, 0, most=2).data[0]
    assert list(bars.x) == [3, 2, -1, -3]
    assert bars.marker.color[0] != bars.marker.color[-1]


def test_effects_in_gene_sds_are_divided_by_the_sd_of_their_gene():
    frames = program_tables()
    sds = known_sds(frames["genes"])
    changed = in_gene_sds(frames["shap_decoder"], sds)
    sd = frames["shap_decoder"]["gene"].map(sds)
    for column in ("mean", "mean_abs", "sd", "slope"):
        np.testing.assert_allclose(changed[column] * sd, frames["shap_decoder"][column])
    assert known_sds(frames["genes"].assign(sd=1.0)) is None
    assert known_sds(None) is None


def test_dots_carry_mean_as_colour_and_size_as_area():
    typed = pd.DataFrame(
        {"gene": ["a", "a"], "cell_type": ["x", "y"], "mean": [1.0, -1.0], "mean_abs": [4.0, 1.0]}
    )
    marker = gene_dots_figure(typed, ["a"]).data[0].marker
    assert list(marker.size) == [LARGEST_DOT, LARGEST_DOT / 2]
    assert list(marker.color) == [1.0, -1.0]
    assert (marker.cmin, marker.cmax) == (-1.0, 1.0)


def test_genes_of_the_dots_are_known_type_by_type():
    frames = program_tables()
    typed = frames["shap_decoder_types"].query("gene != 'Gene1'")
    top = frames["shap_decoder"].assign(
        mean_abs=lambda rows: np.where(rows["gene"] == "Gene1", 99.0, rows["mean_abs"])
    )
    genes = typed_genes(top, typed, 1, 5)
    assert "Gene1" not in genes
    assert len(genes) == 5


def test_sets_that_beat_random_axes_are_ringed():
    frame = program_tables()["enrichment"]
    line = enrichment_figure(frame).data[0].marker.line.width
    assert ((np.asarray(line) > 1) == (frame["random_axes"] <= 0.05).to_numpy()).all()


def test_activity_is_mean_and_sd_over_test_cells_of_a_type():
    frames = tables()
    found = program_activity(frames["latent"], frames["cells"])
    assert set(found.columns) == set(MEANINGS)
    row = found.query("replicate == 1 and latent == 2 and cell_type == 'phase 3'").iloc[0]
    members = frames["latent"].merge(frames["cells"][["cell", "cell_type"]], on="cell")
    own = members.query("replicate == 1 and part == 'test' and cell_type == 'phase 3'")["z2"]
    assert row["cells"] == len(own)
    np.testing.assert_allclose([row["mean"], row["sd"]], [own.mean(), own.std(ddof=0)])
    untyped = program_activity(frames["latent"], frames["cells"].drop(columns="cell_type"))
    assert set(untyped["cell_type"]) == {"all cells"}


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_profiles_have_a_panel_a_program_and_a_row_a_type(palette):
    rows = program_tables()["shap_classifier"]
    figure = type_profile_figure(rows, mean="mean_abs", sd="sd_abs", title="x", palette=palette)
    assert [len(trace.x) for trace in figure.data] == [4, 4, 4]
    assert list(figure.data[0].error_x.array) == [0.1] * 4


def test_one_gene_is_drawn_with_and_without_cell_types():
    frames = program_tables()
    rows = frames["shap_decoder"].query("gene == 'Gene3'")
    typed = frames["shap_decoder_types"].query("gene == 'Gene3'")
    assert len(gene_answer_figure(rows, "slope", None).data) == 1
    heat = gene_answer_figure(rows, "slope", typed).data[1]
    value = typed.query("latent == 2 and cell_type == 'phase 4'")["mean"].iloc[0]
    assert heat.z[1][3] == value


def test_what_genes_tell_is_coloured_by_direction():
    rows = program_tables()["shap_encoder"]
    figure = gene_weights_figure(rows, output="latent", most=5)
    assert len(figure.data) == 3
    top = rows.query("latent == 1").nlargest(5, "mean_abs")
    colours = np.asarray(figure.data[0].marker.color)
    rising = (top["slope"] > 0).to_numpy()
    assert len(set(colours[rising])) <= 1
    assert not set(colours[rising]) & set(colours[~rising])
