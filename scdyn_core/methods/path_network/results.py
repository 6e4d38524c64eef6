"""From fitted coefficients to the tables and scores of a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.methods.method import Arrays, Results, Tensors
from scdyn_core.methods.path_network.config import PathNetworkConfig
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.regulation.arrays import nodes_from
from scdyn_core.methods.regulation.learned import LearnedNetwork
from scdyn_core.methods.regulation.rates import control_response, label_changes
from scdyn_core.methods.regulation.results import Said, regulation_results
from scdyn_core.reporter import Reporter


def path_results(
    models: Sequence[Arrays],
    tensors: Tensors,
    dataset: Dataset,
    config: PathNetworkConfig,
    reporter: Reporter,
) -> Results:
    """Set network and predicted responses beside their baselines.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    seed = int(str(tensors.info["seed"]))
    screen = labelled(dataset, config, seed)
    nodes = nodes_from(tensors)
    genes = tuple(map(str, tensors.info["genes"]))  # type: ignore[call-overload]
    learned = [LearnedNetwork(np.asarray(each["coefficients"]), nodes, genes) for each in models]
    # The first is of all training cells; the others say how far to trust its edges.
    changes = control_response(tensors, seed).of_change(label_changes(learned[0], screen))
    predicted = dict(zip(screen.kinds, changes, strict=True))
    networks = {
        "direct effect": [each.direct() for each in learned],
        "total effect": [each.total() for each in learned],
    }
    chosen = {evidence: each[0] for evidence, each in networks.items()}
    said = Said(networks, chosen, predicted)
    return regulation_results(said, tensors, dataset, config, reporter)
