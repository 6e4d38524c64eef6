"""From trained networks to the tables and scores of a run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.methods.cell_tables import CELL_FIT, latent_table
from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.decoding import log_rates, predicted_changes
from scdyn_core.methods.gpo_vae.effects import DrawnEffects, PathEffects
from scdyn_core.methods.gpo_vae.evidence import evidence_score
from scdyn_core.methods.gpo_vae.network import GpoNetwork
from scdyn_core.methods.method import Results, Tensors
from scdyn_core.methods.perturbations.cell_fit import cell_fit_table
from scdyn_core.methods.perturbations.labels import Labelled, labelled
from scdyn_core.methods.perturbations.reading import cells_of, some_cells
from scdyn_core.methods.perturbations.stored_cells import in_order, unperturbed
from scdyn_core.methods.regulation.arrays import nodes_from
from scdyn_core.methods.regulation.learned import LearnedNetwork
from scdyn_core.methods.regulation.rates import control_response, label_changes
from scdyn_core.methods.regulation.results import Said, mean_estimate, regulation_results
from scdyn_core.reporter import Reporter

Matrix = NDArray[np.float64]
LATENT = (
    "posterior mean of latent {i}, the state of the cell apart from its perturbation, in sd of "
    "the prior"
)
Estimates = dict[str, list[NetworkEstimate]]


def gpo_results(
    networks: Sequence[GpoNetwork],
    tensors: Tensors,
    dataset: Dataset,
    config: GpoVaeConfig,
    reporter: Reporter,
) -> Results:
    """Set networks of genes, predictions and evidence beside their baselines.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    seed = int(str(tensors.info["seed"]))
    screen = labelled(dataset, config, seed)
    for network in networks:
        network.eval()
    estimates = estimated(networks, tensors, config)
    predicted = said_by(networks, tensors, screen, config, seed)
    chosen = {evidence: mean_estimate(each) for evidence, each in estimates.items()}
    latents = [basal_states(network, tensors) for network in networks]
    said = Said(estimates, chosen, predicted, latents[0])
    found = regulation_results(said, tensors, dataset, config, reporter)
    cells = found.tables["cells"].frame
    decoded = [(partial(log_rates, each), each.log_dispersion) for each in networks]
    by_cell = {
        "latent": latent_table(latents, cells, LATENT),
        CELL_FIT: cell_fit_table(decoded, tensors, cells),
    }
    return Results(
        tables={**found.tables, **by_cell},
        scores=[*found.scores, *evidence_score(networks, tensors, screen)],
    )


def learned_networks(networks: Sequence[GpoNetwork], tensors: Tensors) -> list[LearnedNetwork]:
    """Return the networks of genes of models whose perturbations act along paths."""
    nodes = nodes_from(tensors)
    genes = tuple(map(str, tensors.info["genes"]))  # type: ignore[call-overload]
    found = []
    for network in networks:
        assert isinstance(network.effects, PathEffects)
        coefficients = network.effects.network().detach().double().numpy()
        found.append(LearnedNetwork(np.asarray(coefficients), nodes, genes))
    return found


def estimated(networks: Sequence[GpoNetwork], tensors: Tensors, config: GpoVaeConfig) -> Estimates:
    """Return the networks of genes of every replicate; none where effects are on latents."""
    if config.acts_on == "latents":
        return {}
    if config.acts_on == "nodes":
        return alignments(networks, tensors)
    learned = learned_networks(networks, tensors)
    return {
        "direct effect": [each.direct() for each in learned],
        "total effect": [each.total() for each in learned],
    }


def said_by(
    networks: Sequence[GpoNetwork],
    tensors: Tensors,
    screen: Labelled,
    config: GpoVaeConfig,
    seed: int,
) -> dict[str, Matrix]:
    """Return the predicted change of mean log-normalised expression, by perturbation."""
    if config.acts_on == "rates":
        response = control_response(tensors, seed)
        learned = learned_networks(networks, tensors)
        changes = [response.of_change(label_changes(each, screen)) for each in learned]
    else:
        cells = some_cells(cells_of(tensors, "train"), unperturbed(tensors), seed)
        own = np.array([screen.label_of(name) for name in screen.kinds])
        changes = [predicted_changes(network, cells, own, seed) for network in networks]
    return dict(zip(screen.kinds, np.mean(changes, axis=0), strict=True))


def alignments(networks: Sequence[GpoNetwork], tensors: Tensors) -> Estimates:
    """Return the probabilities of edges between nodes, as published: neither sign nor size."""
    nodes = nodes_from(tensors)
    genes = list(map(str, tensors.info["genes"]))  # type: ignore[call-overload]
    real = np.flatnonzero(nodes.real)
    entered = real[nodes.column[real] < len(genes)]
    sources = tuple(nodes.names[row] for row in real)
    targets = tuple(nodes.names[row] for row in entered)
    found = []
    for network in networks:
        assert isinstance(network.effects, DrawnEffects)
        probability = network.effects.probability().detach().double().numpy()
        value = np.asarray(probability)[np.ix_(real, entered)]
        found.append(NetworkEstimate(sources, targets, value, "probability", signed=False))
    return {"alignment": found}


@torch.no_grad()
def basal_states(network: GpoNetwork, tensors: Tensors) -> Matrix:
    """Return the latents of all cells that take part, in their order, shape ``(n, L)``."""
    by_part = []
    for part in tensors.parts:
        cells = cells_of(tensors, part)
        cell = torch.arange(len(cells["label"]))
        m, _ = network.posterior(cells, network.expected(), cell, torch.zeros_like(cell))
        by_part.append(m.double().numpy())
    return np.asarray(np.concatenate(by_part)[in_order(tensors)])
