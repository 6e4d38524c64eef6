"""Attributions from the genes: to the latents through the encoder, to cell types' logits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from scdyn_core.methods.clera.explain.cells import EVERYTHING, Sample
from scdyn_core.methods.clera.explain.completeness import Completeness
from scdyn_core.methods.clera.explain.config import ExplainConfig
from scdyn_core.methods.clera.explain.gradients import EXPLAINER, FromGenes, gradient_batches
from scdyn_core.methods.clera.explain.moments import Moments
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.method import Tensors
from scdyn_core.reporter import Reporter

Matrix = NDArray[np.float64]


@dataclass
class GeneAttributions:
    """What genes do to latents and to cell types.

    Attributes
    ----------
    latents
        Cell type -> moments over its cells, genes × latents, units of the latents.
    types
        Cell type -> moments over its cells, genes × 1: attributions to the logit of that type.
    checks
        Attribution -> how well it adds up.
    """

    latents: dict[str, Moments] = field(default_factory=dict)
    types: dict[str, Moments] = field(default_factory=dict)
    checks: dict[str, Completeness] = field(default_factory=dict)


def attribute_genes(
    network: CleraNetwork,
    tensors: Tensors,
    sample: Sample,
    request: ExplainConfig,
    reporter: Reporter,
    tick: Callable[[int], None],
) -> GeneAttributions:
    """Explain the encoder, and the classifier behind it, on every cell of ``sample``."""
    found = GeneAttributions()
    names = [str(name) for name in tensors.info["types"]]  # type: ignore[attr-defined]
    wants_types = "gene_to_type" in request.attributions and network.classifier is not None
    d = network.config.latents
    for group, x in sample.groups.items():
        number = names.index(group) if wants_types and group != EVERYTHING else None
        model = FromGenes(network, tensors, number).eval()
        before = _run(model, sample.background).mean(axis=0)
        reached = _run(model, x) - before
        done = 0
        for genes, values in gradient_batches(
            model, x, sample.background, request.gene_samples, request.seed, reporter
        ):
            target = reached[done : done + len(genes)]
            done += len(genes)
            shape = (genes.shape[1], d)
            if "encoder" in request.attributions:
                found.latents.setdefault(group, Moments(shape)).add(values[..., :d], genes)
                _check(found, "encoder", sample).add(values[..., :d], target[:, :d])
            if number is not None:
                found.types.setdefault(group, Moments((shape[0], 1))).add(values[..., d:], genes)
                _check(found, "gene_to_type", sample).add(values[..., d:], target[:, d:])
            tick(len(genes))
    return found


def _check(found: GeneAttributions, name: str, sample: Sample) -> Completeness:
    return found.checks.setdefault(name, Completeness(EXPLAINER, len(sample.background)))


@torch.no_grad()
def _run(model: FromGenes, inputs: Matrix) -> Matrix:
    outputs: Matrix = model(model.genes(inputs)).double().numpy()
    return outputs
