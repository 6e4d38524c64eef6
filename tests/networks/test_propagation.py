"""Held genes, handed-on changes: against linear algebra and against simulation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.errors import ConfigError
from scdyn_core.networks.carriers import carrying_edges, contributions, layered
from scdyn_core.networks.effects import effects_of, followed_evidence
from scdyn_core.networks.feedback import feedback
from scdyn_core.networks.graph import graph_of
from scdyn_core.networks.paths import strongest_paths
from scdyn_core.networks.propagation import (
    HANDED_ON,
    SETTLING,
    added_singles,
    propagate,
    propagate_weights,
)
from tests.networks.samples import edge_table


def planted(seed: int, *, genes: int = 12, nodes: int = 5, radius: float = 0.6) -> np.ndarray:
    """Coefficients of nodes (the first genes) on all genes, ``(genes, genes)``."""
    rng = np.random.default_rng(seed)
    matrix = np.zeros((genes, genes))
    matrix[:nodes] = rng.normal(size=(nodes, genes)) * (rng.random((nodes, genes)) < 0.6)
    np.fill_diagonal(matrix, 0.0)
    own = np.abs(np.linalg.eigvals(matrix[:nodes, :nodes])).max()
    return matrix * (radius / own if own > 0 else 1.0)


def table(matrix: np.ndarray) -> pd.DataFrame:
    at, to = np.nonzero(matrix)
    return pd.DataFrame({"source": [f"g{i}" for i in at], "target": [f"g{j}" for j in to],
                         "effect": matrix[at, to]})  # fmt: skip


def whole(change: pd.Series, genes: int) -> np.ndarray:
    return change.reindex([f"g{number}" for number in range(genes)]).fillna(0.0).to_numpy()


@pytest.mark.parametrize("held", [[0], [1], [0, 3], [2, 7], [9]])
@pytest.mark.parametrize("seed", range(4))
def test_changes_are_those_of_the_formula(seed, held):
    matrix = planted(seed)
    dose = np.array([-1.5, 0.8])[: len(held)]
    inverse = np.linalg.inv(np.eye(len(matrix)) - matrix)
    expected = dose @ np.linalg.inv(inverse[np.ix_(held, held)]) @ inverse[held]
    found = propagate(
        table(matrix), {f"g{gene}": float(k) for gene, k in zip(held, dose, strict=False)}
    )
    assert found.kept == 1
    np.testing.assert_allclose(whole(found.change, len(matrix)), expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_changes_are_where_a_simulation_ends(seed):
    matrix = planted(seed)
    held = {0: -1.0, 4: 0.5}
    x = np.zeros(len(matrix))
    for _ in range(3_000):
        x = x @ matrix
        for gene, level in held.items():
            x[gene] = level
    found = propagate(table(matrix), {f"g{gene}": level for gene, level in held.items()})
    np.testing.assert_allclose(whole(found.change, len(matrix)), x, atol=1e-9)


def test_a_chain_multiplies_and_nothing_acts_on_a_held_gene():
    edges = pd.DataFrame(
        [("A", "B", 0.5), ("B", "C", -2.0), ("C", "A", 3.0), ("D", "C", 1.0)],
        columns=["source", "target", "effect"],
    )
    change = propagate(edges, {"A": -1.0}).change
    assert change.to_dict() == {"A": -1.0, "B": -0.5, "C": 1.0, "D": 0.0}


def test_a_gene_without_edges_changes_alone():
    edges = table(planted(0))
    change = propagate(edges, {"other": 2.0}).change
    assert change["other"] == 2
    assert (change.drop("other") == 0).all()


def test_a_large_network_is_solved_as_exactly(monkeypatch):
    from scdyn_core.networks import propagation

    edges = table(planted(3, genes=60, nodes=40, radius=0.9))
    exact = propagate(edges, {"g1": 1.0}).change
    monkeypatch.setattr(propagation, "_MOST_DIRECT", 1)
    np.testing.assert_allclose(propagate(edges, {"g1": 1.0}).change, exact, atol=1e-8)


def test_feedback_is_the_spectral_radius_and_0_without_a_circle():
    from scipy import sparse

    matrix = planted(1, radius=0.7)
    assert feedback(sparse.csr_matrix(matrix)) == pytest.approx(0.7)
    assert feedback(sparse.csr_matrix(np.triu(np.ones((5, 5)), 1))) == 0


def test_feedback_of_a_large_circle_is_found_without_all_eigenvalues(monkeypatch):
    from scipy import sparse

    from scdyn_core.networks import feedback as module

    matrix = sparse.csr_matrix(planted(2, genes=50, nodes=50, radius=0.8))
    monkeypatch.setattr(module, "_MOST_DENSE", 3)
    assert feedback(matrix) == pytest.approx(0.8, rel=1e-4)


def test_circles_that_grow_are_weakened_until_they_settle():
    edges = table(planted(0, radius=2.0))
    found = propagate(edges, {"g11": 1.0})
    assert found.feedback == pytest.approx(2.0)
    assert found.kept == pytest.approx(SETTLING / 2.0)
    weaker = propagate(edges.assign(effect=edges["effect"] * found.kept), {"g11": 1.0})
    np.testing.assert_allclose(found.change, weaker.change)


def test_a_circle_through_a_held_gene_alone_does_not_grow():
    edges = pd.DataFrame([("A", "B", 3.0), ("B", "A", 3.0)], columns=["source", "target", "effect"])
    assert propagate(edges, {"A": 1.0}).change.to_dict() == {"A": 1.0, "B": 3.0}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-6, 1e6))
def test_relative_changes_settle_and_do_not_depend_on_the_unit(seed, unit):
    matrix = planted(seed, radius=1.0) * 5
    found = propagate_weights(table(matrix), {"g0": -1.0})
    assert np.isfinite(found.change).all()
    assert found.edges["effect"].abs().max() <= HANDED_ON + 1e-12
    assert feedback_of(found.edges) <= HANDED_ON + 1e-9
    other = propagate_weights(table(matrix * unit), {"g0": -1.0})
    np.testing.assert_allclose(found.change, other.change, atol=1e-9)


def feedback_of(edges: pd.DataFrame) -> float:
    from scipy import sparse

    names = {name: at for at, name in enumerate({*edges["source"], *edges["target"]})}
    place = edges["source"].map(names), edges["target"].map(names)
    return feedback(sparse.csr_matrix((edges["effect"].abs(), place), shape=[len(names)] * 2))


def test_genes_that_do_not_act_on_each_other_add_up():
    edges = pd.DataFrame(
        [("A", "C", 1.0), ("B", "C", 2.0), ("A", "D", 1.0)], columns=["source", "target", "effect"]
    )
    held = {"A": -1.0, "B": 0.5}
    both = propagate(edges, held).change
    pd.testing.assert_series_equal(both, added_singles(edges, held)[both.index])


def test_genes_in_a_row_do_not_add_up():
    edges = pd.DataFrame([("A", "B", 1.0), ("B", "C", 1.0)], columns=["source", "target", "effect"])
    held = {"A": -1.0, "B": -1.0}
    assert propagate(edges, held).change["C"] == -1
    assert added_singles(edges, held)["C"] == -2


@pytest.mark.parametrize("held", [{}, {"A": float("nan")}, {"A": float("inf")}])
def test_no_gene_or_no_number_is_refused(held):
    for how in (propagate, propagate_weights):
        with pytest.raises(ConfigError):
            how(table(planted(0)), held)


def test_chains_are_products_and_their_sum_is_the_change():
    edges = pd.DataFrame(
        [("A", "B", 0.5), ("B", "C", 0.4), ("A", "C", -0.1), ("C", "D", 2.0), ("B", "D", 1.0)],
        columns=["source", "target", "effect"],
    )
    found = strongest_paths(edges, ["A"], "D")
    told = dict(zip(found["genes"], found["effect"], strict=True))
    assert told == pytest.approx(
        {("A", "B", "D"): 0.5, ("A", "B", "C", "D"): 0.4, ("A", "C", "D"): -0.2}
    )
    assert next(iter(found["genes"])) == ("A", "B", "D")
    assert sum(told.values()) == pytest.approx(propagate(edges, {"A": 1.0}).change["D"])


def test_no_chain_comes_by_another_held_gene():
    edges = pd.DataFrame([("A", "B", 1.0), ("B", "C", 1.0)], columns=["source", "target", "effect"])
    assert list(strongest_paths(edges, ["A", "B"], "C")["genes"]) == [("B", "C")]
    assert strongest_paths(edges, ["C"], "A").empty


def test_what_enters_a_gene_adds_up_to_its_change():
    found = propagate(table(planted(2)), {"g0": -1.0})
    brought = contributions(found).groupby("target")["contribution"].sum()
    np.testing.assert_allclose(brought, found.change[brought.index], atol=1e-12)


def test_the_carrying_edges_lead_back_to_the_held_gene():
    edges = pd.DataFrame(
        [("A", "B", 1.0), ("B", "C", 1.0), ("A", "C", 0.05), ("X", "C", 9.0)],
        columns=["source", "target", "effect"],
    )
    carried = carrying_edges(propagate(edges, {"A": -1.0}), ["A"], ["C"])
    assert set(zip(carried["source"], carried["target"], strict=True)) == {("B", "C"), ("A", "B")}


def test_layers_are_steps_from_the_held_gene():
    graph = graph_of(edge_table([("A", "B", 1), ("B", "C", 1), ("A", "D", 1)], kind="gene",
                                target_kind="gene"))  # fmt: skip
    places = layered(graph, ["gene:A"])
    x = {node: place[0] for node, place in places.items()}
    assert x["gene:A"] == -1
    assert x["gene:C"] == 1
    assert x["gene:B"] == x["gene:D"] == 0


def evidence_table() -> pd.DataFrame:
    from scdyn_core.networks.edges import checked_edges

    frames = [
        edge_table([("A", "B", 0.5), ("B", "B", 1.0)], kind="gene", target_kind="gene").assign(
            evidence=evidence, value=value, sign=sign
        )
        for evidence, value, sign in (
            ("alignment", 0.2, [0, 0]), ("total effect", 3.0, [-1, 1]),
            ("direct effect", 2.0, [-1, 1]),
        )
    ]  # fmt: skip
    return checked_edges(pd.concat(frames, ignore_index=True))


def test_direct_effects_come_first_and_totals_are_not_followed():
    assert followed_evidence(evidence_table()) == [("direct effect",), ("alignment",)]


def test_direct_effects_have_a_size_and_others_a_weight():
    direct = effects_of(evidence_table(), ("direct effect",))
    assert direct.sized
    assert direct.signed
    assert direct.edges.to_dict("records") == [{"source": "A", "target": "B", "effect": -2.0}]
    other = effects_of(evidence_table(), ("alignment",))
    assert not other.sized
    assert not other.signed
    assert other.edges["effect"].tolist() == [0.5]


def test_latents_and_genes_of_one_name_stay_apart():
    from scdyn_core.networks.edges import checked_edges

    frame = pd.concat([edge_table([("z1", "z2", 1.0)]),
                       edge_table([("z1", "z1", 1.0)], target_kind="gene")])  # fmt: skip
    effects = effects_of(checked_edges(frame.assign(sign=[-1, 1])), ("equation",))
    assert effects.kinds == {"z1": "gene", "z2": "latent", "z1 · latent": "latent"}
    assert len(effects.edges) == 2


def test_where_others_have_a_sign_an_edge_without_one_is_left_out_and_counted():
    from scdyn_core.networks.store import edges_of

    frame = pd.DataFrame(
        {"source": ["A", "A"], "target": ["B", "C"], "sign": [-1, 0], "weight": [1.0, 2.0]}
    )
    effects = effects_of(edges_of(frame), ("uploaded",))
    assert effects.edges["target"].tolist() == ["B"]
    assert effects.unsigned == 1
