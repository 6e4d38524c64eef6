"""A whole run on small data: its tables fit each other and the data, and say what they claim."""

import numpy as np
import pandas as pd
import pytest
from anndata import concat

from scdyn_core.data.simulators import simulate
from scdyn_core.evaluation.clustering.agreement import adjusted_rand
from scdyn_core.methods.response_mixture.config import ResponseMixtureConfig
from tests.methods.responses.small import METHOD, QUIET, counted

K = 5
CONFIG = ResponseMixtureConfig(
    clusters=K, most_clusters=K, starts=3, genes=120, compare="condition", learn_from="cells of A",
    depth="none", offset="flat genes",
)  # fmt: skip
GROUPS = ("all", "cells of A", "cells of B")
COLUMNS = {
    "genes": "gene part level change se onset_time peak_time half_life umap_1 umap_2 class_true",
    "curves": "gene group time cells expression se offset",
    "fitted": "gene time fitted low high measured",
    "clusters": "algorithm k gene cluster membership stability",
    "memberships": "algorithm k gene cluster membership",
    "cluster_curves": "algorithm k cluster time mean low high",
    "choice_of_k": "algorithm k bic silhouette halves replicates level_share chosen",
    "cluster_summary": "algorithm k cluster size membership stability halves change onset_time "
    "peak_time half_life top_genes",
    "latent": "replicate gene z1 z2 z3 z4 z5 z6",
    "baselines": "baseline k halves silhouette agreement level_share truth",
    "baseline_clusters": "baseline gene cluster",
    "predictions": "task time model gene observed predicted low high se",
}


def sample():
    """Return two groups of cells whose genes stand in no order and are known by their names."""
    one, other = (
        simulate("unequal", seed, n_cells=360, n_genes=160, baseline=4.0) for seed in (0, 0)
    )
    # Poisson noise of its own in the other group.
    other.X.data = np.random.default_rng(1).binomial(other.X.data, 0.7).astype(np.int32)
    both = concat({"cells of A": one, "cells of B": other}, label="condition", index_unique="-")
    truth = one.var["response_class_true"].astype(str)
    both.var = one.var
    both.var_names = [f"{name}/{label}" for name, label in truth.items()]
    order = np.random.default_rng(2).permutation(both.n_vars)
    return counted(both[:, order].copy(), condition="condition")


def run(dataset, seed=0):
    split = METHOD.split(dataset, CONFIG, seed)
    tensors = METHOD.tensors(dataset, CONFIG, split, seed, QUIET)
    models = METHOD.fit(tensors, CONFIG, [seed, seed + 1], QUIET)
    return METHOD.results(models, tensors, dataset, CONFIG, QUIET)


@pytest.fixture(scope="module")
def dataset():
    return sample()


@pytest.fixture(scope="module")
def results(dataset):
    return run(dataset)


@pytest.fixture(scope="module")
def tables(results):
    return {name: table.frame for name, table in results.tables.items()}


@pytest.fixture(scope="module")
def chosen(tables):
    """Cluster of every gene in the chosen division."""
    own = tables["clusters"].query("k == @K")
    return own.set_index("gene")["cluster"]


def test_tables_have_the_columns_of_the_contract_and_a_meaning_for_each(results):
    assert set(results.tables) == set(COLUMNS)
    for name, table in results.tables.items():
        assert list(table.frame) == COLUMNS[name].split(), name
        assert list(table.columns) == list(table.frame), name
        assert all(table.columns.values()), name


def test_one_seed_gives_the_same_tables_bit_by_bit(dataset, tables):
    again = run(dataset)
    for name, table in again.tables.items():
        pd.testing.assert_frame_equal(table.frame, tables[name], check_exact=True)


def test_every_table_speaks_of_the_same_genes(dataset, tables):
    names = set(tables["genes"]["gene"])
    assert len(names) == len(tables["genes"]) == CONFIG.genes
    assert names <= set(dataset.adata.var_names)
    for name in ("curves", "fitted", "clusters", "memberships", "latent", "baseline_clusters"):
        assert set(tables[name]["gene"]) == names, name


@pytest.mark.parametrize("group", GROUPS)
def test_measured_curves_are_the_means_of_the_cells_under_that_name(dataset, tables, group):
    """Recomputed from the counts, gene by name: a wrong order anywhere shows here."""
    condition = dataset.adata.obs["condition"]
    cells = dataset.adata[condition == ("cells of A" if group == "all" else group)]
    own = tables["curves"].query("group == @group")
    for time, rows in own.groupby("time"):
        at = cells[cells.obs["time"] == time, rows["gene"].to_numpy()].X.toarray()
        assert set(rows["cells"]) == {len(at)}
        expected = np.log2(at.mean(axis=0) + 0.5 / len(at))
        assert (rows["expression"] + rows["offset"]).to_numpy() == pytest.approx(expected)
        assert rows["offset"].nunique() == 1


def test_a_difference_of_depth_between_groups_is_not_one_of_genes(tables):
    wide = tables["curves"].pivot_table("expression", ["gene", "time"], "group", observed=True)
    difference = (wide["cells of B"] - wide["all"]).groupby("time").median()
    assert difference.abs().max() < 0.12
    assert (wide["cells of A"] - wide["all"]).abs().max() < 1e-9


def test_fitted_curves_are_those_of_the_gene_of_that_name(tables):
    measured = tables["curves"].query("group == 'all'")
    both = tables["fitted"].query("measured").merge(measured, on=["gene", "time"])
    assert len(both) == len(measured)
    error = (both["fitted"] - both["expression"]) / both["se"]
    assert np.sqrt((error**2).mean()) < 1.2
    assert (both["low"] < both["fitted"]).all()
    assert (both["fitted"] < both["high"]).all()


def test_statistics_of_genes_are_those_of_their_curves(tables):
    genes = tables["genes"].set_index("gene")
    fitted = tables["fitted"].query("measured").pivot(index="gene", columns="time", values="fitted")
    assert genes["level"].to_numpy() == pytest.approx(fitted.mean(axis=1)[genes.index].to_numpy())
    change = (fitted.sub(fitted[0.0], axis=0)).loc[genes.index].to_numpy()
    largest = change[np.arange(len(change)), np.abs(change).argmax(axis=1)]
    # Between sampling times curves do not overshoot.
    assert genes["change"].to_numpy() == pytest.approx(largest, abs=1e-9)
    assert [name.split("/")[1] for name in genes.index] == genes["class_true"].tolist()
    assert genes["part"].value_counts().to_dict() == {"train": 84, "test": 24, "validation": 12}
    assert np.isfinite(genes[["umap_1", "umap_2", "se"]]).all(axis=None)


def test_clusters_are_the_planted_classes_under_their_names(chosen):
    truth = [name.split("/")[1] for name in chosen.index]
    assert adjusted_rand(pd.factorize(np.array(truth))[0], chosen.to_numpy()) > 0.7


def test_a_gene_is_in_the_cluster_of_its_largest_membership(tables):
    largest = tables["memberships"].groupby(["k", "gene"])["membership"].max()
    own = tables["clusters"].set_index(["k", "gene"])["membership"]
    # Two replicates may be of two opinions: of equal memberships either is the largest.
    assert len(largest) == len(own)
    assert (largest == own.reindex(largest.index)).all()
    named = tables["memberships"].set_index(["k", "gene", "cluster"])["membership"]
    rows = tables["clusters"].set_index(["k", "gene", "cluster"])["membership"]
    assert (named.reindex(rows.index) == rows).all()
    total = tables["memberships"].groupby(["k", "gene"])["membership"].sum()
    assert total.between(1 - 0.01 * K, 1 + 1e-9).all()


def test_the_summary_counts_the_clusters(tables):
    sizes = tables["clusters"].groupby(["k", "cluster"]).size()
    summary = tables["cluster_summary"].set_index(["k", "cluster"])
    assert summary["size"].to_dict() == sizes.to_dict()
    member = tables["clusters"].groupby(["k", "cluster"])["membership"].mean()
    assert summary["membership"].to_numpy() == pytest.approx(member[summary.index].to_numpy())
    assert summary["halves"].dropna().between(0, 1).all()


def test_typical_genes_are_members(tables, chosen):
    for row in tables["cluster_summary"].query("k == @K").itertuples():
        names = row.top_genes.split(", ")
        assert len(names) == min(row.size, 8) == len(set(names))
        assert (chosen[names] == row.cluster).all()


def test_cluster_curves_are_means_of_the_members_fold_changes(tables, chosen):
    fitted = tables["fitted"].query("measured").pivot(index="gene", columns="time", values="fitted")
    fold = fitted.sub(fitted[0.0], axis=0)
    for (cluster, time), row in (
        tables["cluster_curves"].query("k == @K").set_index(["cluster", "time"]).iterrows()
    ):
        members = fold.loc[chosen.index[chosen == cluster], time]
        assert row["mean"] == pytest.approx(members.mean(), abs=1e-9)
        assert row["low"] <= row["mean"] + 1e-9
        assert row["high"] >= row["mean"] - 1e-9


def test_clusters_are_numbered_as_they_peak_those_that_hardly_move_last(tables):
    curves = tables["cluster_curves"].query("k == @K")
    mean = curves.pivot(index="cluster", columns="time", values="mean")
    assert mean.index.tolist() == list(range(1, K + 1))
    size = mean.abs().max(axis=1)
    moving = mean[size > 0.35 * size.max()]
    peaks = moving.abs().idxmax(axis=1).to_numpy()
    assert (np.diff(peaks) >= 0).all()
    assert size.idxmin() == K


def test_the_asked_number_is_chosen_and_all_below_are_there_to_change_to(tables):
    choice = tables["choice_of_k"]
    assert choice["k"].tolist() == list(range(2, K + 1))
    assert choice.loc[choice["chosen"], "k"].tolist() == [K]
    assert choice["replicates"].between(-1, 1).all()
    assert tables["clusters"].groupby("k")["cluster"].max().to_dict() == {
        k: k for k in range(2, K + 1)
    }
    assert tables["clusters"]["stability"].between(0, 1).all()


def test_the_run_is_a_row_among_its_baselines(tables):
    baselines = tables["baselines"].set_index("baseline")
    choice = tables["choice_of_k"].query("chosen").iloc[0]
    own = baselines.loc["this run"]
    assert baselines.index[0] == "this run"
    assert own["agreement"] == 1.0
    for column in ("halves", "silhouette", "level_share"):
        assert own[column] == pytest.approx(choice[column])
    assert own["truth"] > baselines.loc["level only", "truth"] + 0.5
    assert own["truth"] > baselines.loc["k-means, z-scored means", "truth"]
    assert set(tables["baseline_clusters"]["baseline"]) == set(baselines.index[1:])
    assert (baselines["k"] == K).all()


def test_baseline_clusters_are_under_the_names_of_their_genes(tables):
    levels = tables["baseline_clusters"].query("baseline == 'level only'").set_index("gene")
    level = tables["genes"].set_index("gene")["level"][levels.index]
    spread = level.groupby(levels["cluster"].to_numpy()).agg(["min", "max"]).sort_values("min")
    assert (spread["max"].to_numpy()[:-1] < spread["min"].to_numpy()[1:] + 0.15).all()


def test_only_test_genes_are_predicted(tables):
    genes = tables["genes"].set_index("gene")["part"]
    predictions = tables["predictions"]
    assert set(predictions["gene"]) == set(genes.index[genes == "test"])
    observed = tables["curves"].query("group == 'all'").set_index(["gene", "time"])
    own = observed.loc[list(zip(predictions["gene"], predictions["time"], strict=True))]
    assert predictions["observed"].to_numpy() == pytest.approx(own["expression"].to_numpy())
    assert predictions["se"].to_numpy() == pytest.approx(own["se"].to_numpy())


def test_latents_of_all_replicates_are_there(tables):
    latent = tables["latent"]
    assert latent.groupby("replicate")["gene"].nunique().to_dict() == {0: 120, 1: 120}
    assert np.isfinite(latent.filter(like="z")).all(axis=None)


def test_scores_stand_beside_baselines(results):
    metrics = {score.metric: score for score in results.scores}
    assert list(metrics) == [
        "agreement with the planted classes",
        "error of a hidden time (log2)",
        "error of the last time (log2)",
        "agreement between halves of the cells",
        "distance of coverage from 90 %",
    ]
    assert all(score.baselines for score in results.scores)
    error = metrics["error of a hidden time (log2)"]
    assert error.split == "test genes"
    assert error.better == "lower"
    assert error.value < error.baselines["linear"]
