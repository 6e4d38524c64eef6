"""What ``scdyn export`` writes of a run of gene responses; names in it stay names."""

import pandas as pd
import pytest

from scdyn_core.plots.catalogue import figures_of_run
from scdyn_core.plots.gene_groups import gene_groups_figure
from scdyn_core.plots.palette import DARK
from scdyn_core.plots.response_catalogue import response_figures
from tests.plots.synthetic_responses import response_tables
from tests.plots.synthetic_run import tables as clera_tables
from tests.plots.test_escaping import ATTACK, assert_inert, texts

FIGURES = {
    "cluster_panels", "cluster_heat_map", "choice_of_k", "typical_genes", "typical_genes_compared",
    "gene_map_cluster", "gene_map_level", "gene_map_change", "gene_map_onset_time",
    "cluster_groups", "cluster_agreement", "prediction_errors", "observed_predicted_hidden time",
    "observed_predicted_forecast",
}  # fmt: skip


class Run:
    """A finished run that has tables alone."""

    def __init__(self, frames):
        self._frames = frames
        self.tables = list(frames)

    def table(self, name):
        return self._frames[name]

    def scores(self):
        return []

    def metrics(self):
        return pd.DataFrame()


def test_a_run_of_responses_gets_every_figure_and_another_none_of_them():
    assert figures_of_run(Run(response_tables())).keys() == FIGURES
    assert response_figures(clera_tables()) == {}


@pytest.mark.parametrize("missing", ["baselines", "predictions"])
def test_what_a_run_lacks_is_left_out(missing):
    frames = response_tables()
    del frames[missing]
    assert 0 < len(FIGURES - response_figures(frames).keys()) <= 3
    alone = response_tables()
    alone["curves"] = alone["curves"].query("group == 'all'")
    assert FIGURES - response_figures(alone).keys() == {"cluster_groups"}


@pytest.mark.parametrize("name", [ATTACK, "%{x}$y$<b>"])
def test_hostile_names_of_genes_groups_and_methods_are_inert(name):
    frames = response_tables(gene=name, group=name)
    frames["baselines"]["baseline"] = name + frames["baselines"]["baseline"]
    frames["predictions"]["model"] = name + frames["predictions"]["model"]
    frames["predictions"]["task"] = name + frames["predictions"]["task"]
    frames["choice_of_k"]["algorithm"] = name
    for table in ("clusters", "cluster_curves", "cluster_summary"):
        frames[table]["algorithm"] = name
    figures = response_figures(frames)
    assert len(figures) == len(FIGURES)
    groups = frames["curves"]["group"].unique()[1:]
    figures["gene_groups"] = gene_groups_figure(
        frames["curves"], frames["genes"]["gene"][:2], groups, time_title=name, palette=DARK
    )
    for figure in figures.values():
        assert_inert(figure)
        templates = [each.hovertemplate for each in figure.data if each.hovertemplate]
        assert not any("img" in text or "$" in text for text in texts(templates))
        assert not any("%{x}$y" in text or "%{x}&" in text for text in templates)
