"""What a learned network says: edges, changes, and predictions with what it leaves over."""

import numpy as np
import pytest

from scdyn_core.methods.path_network.config import PathNetworkConfig
from scdyn_core.methods.perturbations.labels import NULL, labelled
from scdyn_core.methods.perturbations.stored_cells import screen_cells, unperturbed
from scdyn_core.methods.regulation.learned import LearnedNetwork
from scdyn_core.methods.regulation.nodes import Nodes
from scdyn_core.methods.regulation.predictor import predicted_responses
from scdyn_core.methods.regulation.rates import control_response, label_changes
from tests.methods.regulation.small import learned, screen, tensors_of

#: A raises B, B lowers C; the null control has a chance edge.
CHAIN = LearnedNetwork(
    np.array([[0.0, 0.5, 0.0], [0.0, 0.0, -2.0], [0.0, 0.1, 0.0]]),
    Nodes(
        names=("A", "B", NULL),
        column=np.array([0, 1, 3]),
        dose=np.array([-1.5, 1.0, -1.0]),
        known=np.array([True, True, False]),
        learned=np.ones(3, dtype=bool),
        common=np.array([0.0, 0.0, 7.0]),
    ),
    ("A", "B", "C"),
)


def test_direct_effects_are_coefficients_and_the_null_control_is_no_source():
    found = CHAIN.direct()
    assert found.sources == ("A", "B")
    assert found.signed
    np.testing.assert_array_equal(found.value, CHAIN.coefficients[:2])


def test_total_effects_are_changes_signed_as_edges():
    """A is knocked down: B falls, which A raises; B is activated: C falls, which B lowers."""
    found = CHAIN.total()
    np.testing.assert_allclose(found.value[0, 1:], [0.75, -1.5])
    np.testing.assert_allclose(found.value[1, [0, 2]], [0.0, -2.0])


def predicted(dataset, config, predictor, network=None):
    tensors, known = tensors_of(dataset, config), labelled(dataset, config, 0)
    cells = screen_cells(dataset, known, tensors)
    network = network or learned(dataset, config)
    changes = control_response(tensors, 0).of_change(label_changes(network, known))
    through = dict(zip(known.kinds, changes, strict=True))
    return through, predicted_responses(through, cells, predictor, 0), cells


def test_predictors_are_the_network_the_data_or_both():
    dataset = screen(combinations=4)
    labels = dataset.adata.obs["perturbation"].cat.categories
    pair = next(name for name in labels if "+" in name)
    config = PathNetworkConfig(held_out=("N03", pair))
    through, network, cells = predicted(dataset, config, "network")
    _, shrunken, _ = predicted(dataset, config, "shrunken")
    _, both, _ = predicted(dataset, config, "both")
    first, second = pair.split("+")
    for name in through:
        np.testing.assert_array_equal(network[name], through[name])
    # Nothing is known of what was never seen but what the network says.
    assert not shrunken["N03"].any()
    np.testing.assert_array_equal(both["N03"], through["N03"])
    for found, base in ((shrunken, dict.fromkeys(through, 0.0)), (both, through)):
        left = {name: found[name] - base[name] for name in (first, second)}
        expected = sum(each for name, each in left.items() if name != "N03")
        np.testing.assert_allclose(found[pair], base[pair] + expected)
    known = cells.parted("seen", 0).known
    error = [sum(np.square(found[name] - change).sum()
                 for name, change in zip(known.names, known.values, strict=True))
             for found in (network, both)]  # fmt: skip
    assert error[1] < error[0]


def test_what_perturbations_have_in_common_is_in_every_prediction_but_that_of_control_cells():
    dataset = screen(cells_per_perturbation=30)
    config = PathNetworkConfig(reference="perturbations")
    tensors, known = tensors_of(dataset, config), labelled(dataset, config, 0)
    network = learned(dataset, config)
    assert network.nodes.common.any()
    changes = dict(zip(known.kinds, label_changes(network, known), strict=True))
    plain = network.changes(known.members[[known.label_of(name) for name in known.kinds]])
    for row, name in enumerate(known.kinds):
        common = 0.0 if name in ("control", NULL) else network.nodes.common
        np.testing.assert_allclose(changes[name], plain[row] + common)
    assert (
        tensors.parts["train"]["label"][unperturbed(tensors)] == known.label_of("control")
    ).all()


@pytest.mark.parametrize("unseen", ["combination", "single"])
def test_the_network_predicts_what_was_never_seen_as_well_as_what_it_has_to_beat(unseen):
    """Pairs: changes of both targets, shrunken and added. Singles: the knock-down alone."""
    from scdyn_core.evaluation.perturbation.suite import THIS_RUN
    from scdyn_core.methods.perturbations.prediction import scored_predictions

    rival = "shrunken additive" if unseen == "combination" else "knock-down only"
    task = "combination" if unseen == "combination" else "held out"
    ours, theirs = [], []
    for seed in range(3):
        dataset = screen(seed=seed, combinations=6, cells_per_perturbation=80, depth=800)
        labels = dataset.adata.obs["perturbation"].cat.categories
        pairs = [name for name in labels if "+" in name]
        held = pairs if unseen == "combination" else ["N02", "N05", *pairs]
        config = PathNetworkConfig(held_out=tuple(held))
        _, both, cells = predicted(dataset, config, "both")
        found = scored_predictions(cells, both, set(cells.labelled.kinds), 0)
        scores = found.tables["prediction_scores"].frame.query("metric == 'Pearson delta'")
        mean = scores[scores["task"] == task].groupby("model")["value"].mean()
        ours.append(mean[THIS_RUN])
        theirs.append(mean[rival])
    assert np.mean(ours) > np.mean(theirs) - 0.01
    assert np.mean(ours) > 0.5
