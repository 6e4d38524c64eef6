"""Knock-down, visible effects and agreement of guides are found where they were planted."""

import time
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import mannwhitneyu

from scdyn_core.data.load import load
from scdyn_core.data.perturbations import Perturbations
from scdyn_core.evaluation.screen.effects import effects, principal_components
from scdyn_core.evaluation.screen.guide_agreement import guide_agreement
from scdyn_core.evaluation.screen.knock_down import knock_down
from scdyn_core.evaluation.screen.responses import responses
from scdyn_core.evaluation.screen.screen import Screen
from scdyn_core.evaluation.screen.table import perturbation_table
from scdyn_core.preprocess.size_factors import as_counts, median_total, size_normalise
from tests.evaluation.screen.planted import GENES, QUIET, TARGETS, screen


def everything(found: Screen):
    return np.ones(len(found.labels), dtype=bool)


def test_knock_down_is_the_fold_change_of_the_own_gene() -> None:
    found = screen()
    table = knock_down(found, TARGETS).set_index("perturbation")
    for name in ("g00", "g01", "g02"):
        own = found.values[:, [GENES.index(name)]].toarray().ravel()
        cells, control = own[found.rows[name]], own[found.rows["NT"]]
        assert table.loc[name, "measured"]
        assert table.loc[name, "knock_down"] == pytest.approx(-2 / np.log(2), abs=0.6)
        p = mannwhitneyu(cells, control, method="asymptotic").pvalue
        assert table.loc[name, "knock_down_p"] == p < 1e-6
    assert abs(table.loc["nothing", "knock_down"]) < 0.5
    assert table.loc["nothing", "knock_down_p"] > 0.001


def test_a_target_that_is_not_measured_has_no_knock_down() -> None:
    table = knock_down(screen(), TARGETS).set_index("perturbation")
    assert not table.loc["away", "measured"]
    assert table.loc["away", ["knock_down", "knock_down_p"]].isna().all()


def test_a_combination_is_as_good_as_its_weakest_target() -> None:
    targets = {**TARGETS, "g00+g01": ("g00", "g25"), "g02": ("g02", "away")}
    table = knock_down(screen(), targets).set_index("perturbation")
    assert table.loc["g00+g01", "measured"]
    assert abs(table.loc["g00+g01", "knock_down"]) < 0.5
    assert not table.loc["g02", "measured"]


def test_only_perturbations_with_an_effect_are_visible() -> None:
    table = effects(screen(), everything(screen()), seed=0, components=10).set_index("perturbation")
    assert not table.loc[list(QUIET), "visible"].any()
    assert table.drop(list(QUIET))["visible"].all()
    assert table["e_distance"].idxmax() == "g00+g01"
    assert (table["e_distance_p"] <= table["e_distance_p_adjusted"]).all()


def test_controls_under_another_name_are_as_often_visible_as_chance_has_it() -> None:
    p = []
    for seed in range(40):
        found = screen(seed, cells=4, controls=120)
        labels = found.labels.copy()
        labels[found.rows["NT"][:40]] = "null"
        table = effects(
            Screen(found.values, labels, "NT", GENES), everything(found), seed=seed,
            components=5, permutations=200,
        ).set_index("perturbation")  # fmt: skip
        p.append(table.loc["null", "e_distance_p"])
    assert 0.3 < np.mean(p) < 0.7
    assert np.mean(np.array(p) < 0.05) <= 0.15


def test_drawing_cells_keeps_the_distance_and_the_seed_decides() -> None:
    found = screen(cells=200, controls=500)
    whole = effects(found, everything(found), seed=0, most_cells=1000).set_index("perturbation")
    drawn = effects(found, everything(found), seed=0, most_cells=100).set_index("perturbation")
    again = effects(found, everything(found), seed=0, most_cells=100).set_index("perturbation")
    assert drawn.equals(again)
    np.testing.assert_allclose(drawn["e_distance"], whole["e_distance"], atol=0.08)


@pytest.mark.parametrize("n_genes", [30, 2100])
def test_components_are_learned_on_some_cells_and_equal_those_of_dense_values(n_genes) -> None:
    rng = np.random.default_rng(0)
    dense = rng.poisson(0.3, (60, n_genes)).astype(float)
    fitted = np.arange(60) < 40
    scores = principal_components(sparse.csr_matrix(dense), fitted, 3, seed=0)
    centre = dense[fitted].mean(axis=0)
    directions = np.linalg.svd(dense[fitted] - centre, full_matrices=False)[2][:3]
    np.testing.assert_allclose(np.abs(scores), np.abs((dense - centre) @ directions.T), atol=1e-6)


def test_guides_agree_where_there_is_an_effect() -> None:
    found = screen(cells=200, controls=400)
    rng = np.random.default_rng(1)
    guides = np.array([f"{name}_{rng.integers(3)}" for name in found.labels], dtype=object)
    guides[found.rows["g02"]] = "g02_0"
    guides[found.rows["away"][::2]] = ""
    table = guide_agreement(found, guides, seed=0).set_index("perturbation")
    assert (table.loc[["g00", "g01", "g00+g01"], "guide_agreement"] > 0.7).all()
    assert (table.loc[list(QUIET), "guide_agreement"].abs() < 0.3).all()
    assert table.loc["g02", "guides"] == 1
    assert np.isnan(table.loc["g02", "guide_agreement"])
    assert table.loc["away", "guides"] == 3


def test_guides_without_an_effect_agree_by_chance_only() -> None:
    agreement = []
    for seed in range(30):
        found = screen(seed, cells=60, controls=60)
        guides = np.array([f"g{i % 3}" for i in range(len(found.labels))], dtype=object)
        table = guide_agreement(found, guides, seed=seed).set_index("perturbation")
        agreement += table.loc[list(QUIET), "guide_agreement"].tolist()
    assert np.mean(agreement) == pytest.approx(0, abs=0.05)


def test_one_table_of_all_perturbations() -> None:
    found = screen()
    table = perturbation_table(found, responses(found), TARGETS, everything(found))
    assert table["perturbation"].tolist() == ["NT", *sorted(TARGETS)]
    by_name = table.set_index("perturbation")
    assert by_name["cells"].to_dict() == {"NT": 240, **dict.fromkeys(TARGETS, 80)}
    assert by_name["targets"].to_dict() == {
        "NT": 0, "g00": 1, "g01": 1, "g02": 1, "g00+g01": 2, "away": 1, "nothing": 1,
    }  # fmt: skip
    assert by_name[["measured", "visible"]].dtypes.eq(bool).all()
    assert not by_name.loc["NT", ["measured", "visible"]].any()
    assert by_name["guides"].isna().all()
    assert by_name["changed_genes"].dtype == np.int64
    assert by_name.loc["NT", "changed_genes"] == 0
    assert by_name.loc["g00", "changed_genes"] >= 3


def test_guides_come_into_the_table() -> None:
    found = screen()
    guides = np.array([f"{name}_{i % 2}" for i, name in enumerate(found.labels)], dtype=object)
    table = perturbation_table(
        found, responses(found), TARGETS, everything(found), guides=guides
    ).set_index("perturbation")
    assert (table.drop("NT")["guides"] == 2).all()
    assert table.loc["g00", "guide_agreement"] > 0.5
    assert np.isnan(table.loc["NT", "guides"])


def test_without_controls_perturbations_are_compared_with_all_cells() -> None:
    found = screen()
    labels = found.labels.copy()
    labels[found.rows["NT"]] = "quiet"
    alone = Screen(found.values, labels, None, GENES)
    table = perturbation_table(alone, responses(alone), TARGETS, everything(alone))
    assert table["perturbation"].tolist() == sorted([*TARGETS, "quiet"])
    assert table.set_index("perturbation").loc["g00", "visible"]
    control = responses(alone)["control"].to_numpy()[: len(GENES)]
    np.testing.assert_allclose(control, found.values.toarray().mean(axis=0))


STRONG = ("IFNGR1", "IFNGR2", "JAK2", "STAT1", "SMAD4", "IRF1")
NULLS = ("ATF2", "CAV1", "ETV7", "IRF7", "MARCH8", "PDCD1LG2", "STAT5A")


def test_papalexi_shows_what_is_known_of_it(shared_data: Path) -> None:
    data = load(shared_data / "perturbseq/papalexi_thp1_20729x299.h5ad")
    known = Perturbations.of(data)
    counts = as_counts(data.adata.X)
    values = size_normalise(counts, median_total(counts[known.is_control])).log1p().tocsr()
    labels = known.labels.copy()
    controls = np.flatnonzero(known.is_control)
    null = np.random.default_rng(0).choice(controls, len(controls) // 3, replace=False)
    labels[null] = "null"
    found = Screen(values, labels, known.control, tuple(data.adata.var_names))
    started = time.process_time()
    table = perturbation_table(
        found, responses(found), {name: known.genes(name) for name in known.names},
        everything(found), guides=known.guides,
    ).set_index("perturbation")  # fmt: skip
    assert time.process_time() - started < 10
    assert table.loc[list(STRONG), "visible"].all()
    assert table.loc[list(NULLS), "visible"].sum() <= 1
    assert not table.loc["null", "visible"]
    assert table.loc["null", "changed_genes"] <= 1
    assert table["measured"].sum() == 9
    assert (table.loc[["JAK2", "STAT1", "STAT2"], "knock_down"] < -0.9).all()
    assert (table.loc[list(STRONG), "guide_agreement"] > 0.5).all()
    assert (table.loc[[*NULLS, "null"], "guide_agreement"].abs() < 0.2).all()
