"""A network known beforehand: read by name, cheaper edges, and targets of what nobody perturbed."""

import numpy as np
import pytest

from scdyn_core.errors import ConfigError
from scdyn_core.methods.path_network.config import PathNetworkConfig
from scdyn_core.methods.regulation.prior import UNSIGNED, prior_signs, supposed_effects
from scdyn_core.networks.store import NetworkStore
from scdyn_core.workspace import Workspace
from tests.methods.regulation.small import RICH, auprc, learned, screen, tensors_of

LINES = """source,target,sign
stat1,IRF1,1
STAT1,SOCS1,-1
STAT1,STAT1,1
IRF1,CXCL10,0
other,CXCL10,1
"""


@pytest.fixture(autouse=True)
def stored(tmp_path, monkeypatch):
    monkeypatch.setenv("SCDYN_HOME", str(tmp_path))
    return NetworkStore(Workspace.default())


def test_signs_are_those_of_the_stored_network_whatever_the_case(stored):
    stored.add(LINES.encode(), "mine")
    found = prior_signs("mine", ["STAT1", "IRF1", "IFNGR1"], ["STAT1", "Irf1", "SOCS1", "CXCL10"])
    expected = [[0, 1, -1, 0], [0, 0, 0, UNSIGNED], [0, 0, 0, 0]]
    np.testing.assert_array_equal(found, expected)
    assert not prior_signs("", ["STAT1"], ["IRF1"]).any()


def test_a_network_that_is_not_there_is_an_error_that_names_the_parameter(stored):
    stored.add(LINES.encode(), "mine")
    with pytest.raises(ConfigError, match=r"prior.*CollecTRI") as raised:
        tensors_of(screen(), PathNetworkConfig(prior="CollecTRI"))
    assert raised.value.place == "prior"
    assert "mine" in raised.value.needed


def test_what_was_never_perturbed_does_what_the_prior_does_elsewhere():
    coefficients = np.array([[0.6, -0.2, 0.0], [0.4, 0.0, 0.0], [9.0, 9.0, 9.0]])
    prior = np.array([[1.0, -1.0, 0.0], [1.0, 0.5, 0.0], [0.0, -1.0, 0.5]])
    learned = np.array([True, True, False])
    size = (0.6 + 0.2 + 0.4) / 3
    expected = np.zeros((3, 3))
    expected[2, 1] = -size
    np.testing.assert_allclose(supposed_effects(coefficients, prior, learned), expected)
    # A prior whose signs are wrong where one can tell is not believed where one cannot.
    assert not supposed_effects(-coefficients, prior, learned).any()
    assert not supposed_effects(coefficients, np.zeros((3, 3)), learned).any()
    assert not supposed_effects(coefficients, prior, np.zeros(3, dtype=bool)).any()


def true_network(dataset, forgotten=0.0):
    """The planted edges as a file; a share of them left out, with as many wrong ones instead."""
    truth = dataset.adata.uns["regulation"]
    rng = np.random.default_rng(0)
    direct = np.sign(truth["direct"])
    kept = direct * (rng.random(direct.shape) >= forgotten)
    wrong = rng.permutation(np.argwhere(direct == 0))[: int(np.abs(direct - kept).sum())]
    kept[tuple(wrong.T)] = 1
    pairs = np.argwhere(kept)
    lines = [f"{truth['nodes'][i]},{truth['genes'][j]},{int(kept[i, j])}" for i, j in pairs]
    return "\n".join(["source,target,sign", *lines]).encode()


def test_a_prior_that_is_mostly_right_helps_where_cells_are_few(stored):
    plain, helped = [], []
    for seed in range(3):
        dataset = screen(seed=seed, cells_per_perturbation=15, control_cells=60, nodes=12, edges=30)
        stored.add(true_network(dataset, forgotten=0.3), "prior")
        config = PathNetworkConfig(fewest_cells=5, null_control=0)
        plain.append(auprc(learned(dataset, config).direct(), dataset))
        config = config.model_copy(update={"prior": "prior"})
        helped.append(auprc(learned(dataset, config).direct(), dataset))
    assert np.mean(helped) > np.mean(plain) + 0.05


def test_unseen_nodes_have_the_targets_that_the_prior_says(stored):
    dataset = screen(**RICH)
    stored.add(true_network(dataset), "prior")
    config = PathNetworkConfig(held_out=("N01", "N02"), prior="prior")
    found = learned(dataset, config)
    unseen = [found.nodes.names.index(name) for name in ("N01", "N02")]
    truth = dataset.adata.uns["regulation"]["direct"][:2]
    assert (np.sign(found.coefficients[unseen]) == np.sign(truth)).all()
    sizes = np.unique(np.abs(found.coefficients[unseen][truth != 0]))
    assert sizes[0] == pytest.approx(sizes[-1])
    assert 0.2 < sizes[0] < 0.8
    without = learned(dataset, config.model_copy(update={"prior": ""}))
    assert not without.coefficients[unseen].any()
