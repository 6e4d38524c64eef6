"""Attributions from the latents: to genes through the decoder, to cell types' logits.

Symbols: z (n, d) latents; k components the decoder gives (or genes); C cell types.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from scdyn_core.methods.clera.explain.cells import EVERYTHING, Sample
from scdyn_core.methods.clera.explain.completeness import Completeness
from scdyn_core.methods.clera.explain.moments import Moments
from scdyn_core.methods.clera.explain.shapley import explainer_name, shapley_batches
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.method import Tensors
from scdyn_core.reporter import Reporter

Matrix = NDArray[np.float64]


@dataclass
class LatentAttributions:
    """What latents do.

    Attributes
    ----------
    genes
        Cell type -> moments over its cells, latents × genes, units of the expression.
    types
        Cell type -> moments over its cells, latents × 1: attributions to the logit of that type.
    checks
        Attribution -> how well it adds up.
    """

    genes: dict[str, Moments] = field(default_factory=dict)
    types: dict[str, Moments] = field(default_factory=dict)
    checks: dict[str, Completeness] = field(default_factory=dict)


def attribute_latents(
    network: CleraNetwork,
    tensors: Tensors,
    sample: Sample,
    wanted: frozenset[str],
    seed: int,
    reporter: Reporter,
    tick: Callable[[int], None],
) -> LatentAttributions:
    """Explain decoder and classifier on every cell of ``sample``.

    Parameters
    ----------
    wanted
        ``decoder``, ``classifier`` or both.
    tick
        Told how many more cells are done.
    """
    precise = deepcopy(network).double().eval()
    background = _latents(precise, sample.background)
    to_genes = _gene_map(precise, tensors)
    found = LatentAttributions()
    names = [str(name) for name in tensors.info["types"]]  # type: ignore[attr-defined]
    explains_types = "classifier" in wanted and precise.classifier is not None
    for group, x in sample.groups.items():
        number = names.index(group) if explains_types and group != EVERYTHING else None
        function = _outputs(precise, decode="decoder" in wanted, number=number)
        if function is None:
            continue
        before = function(background).mean(axis=0)
        for z, values in shapley_batches(
            function, _latents(precise, x), background, seed, reporter
        ):
            reached = function(z) - before
            if "decoder" in wanted:
                decoded = values if number is None else values[..., :-1]
                genes = found.genes.setdefault(group, Moments((z.shape[1], to_genes.shape[1])))
                genes.add(decoded @ to_genes, z)
                found.checks.setdefault("decoder", _check(z, sample)).add(
                    decoded, reached[:, : decoded.shape[-1]]
                )
            if number is not None:
                logits = values[..., -1:]
                found.types.setdefault(group, Moments((z.shape[1], 1))).add(logits, z)
                found.checks.setdefault("classifier", _check(z, sample)).add(
                    logits, reached[:, -1:]
                )
            tick(len(z))
    return found


def _check(z: Matrix, sample: Sample) -> Completeness:
    return Completeness(explainer_name(z.shape[1]), len(sample.background))


@torch.no_grad()
def _latents(network: CleraNetwork, x: Matrix) -> Matrix:
    z: Matrix = network.encode(torch.as_tensor(x)).numpy()
    return z


def _gene_map(network: CleraNetwork, tensors: Tensors) -> Matrix:
    """Return the fixed linear map ``(k, G)`` from the decoder's outputs to expression units."""
    sd = np.asarray(tensors.constants["gene_sd"], dtype=np.float64)
    if not network.config.components:
        return np.diag(sd)
    return np.asarray(tensors.constants["components"], dtype=np.float64) * sd


def _outputs(
    network: CleraNetwork, *, decode: bool, number: int | None
) -> Callable[[Matrix], Matrix] | None:
    """Return latents -> decoder outputs, then one logit, as asked; ``None`` for nothing.

    Shapley values are linear in the output: those of the components give those of the genes.
    """
    if not decode and number is None:
        return None

    @torch.no_grad()
    def function(values: Matrix) -> Matrix:
        z = torch.as_tensor(values)
        outputs = [network.decode(z)] if decode else []
        if number is not None:
            assert network.classifier is not None
            outputs.append(network.classifier(z)[:, number, None])
        together: Matrix = torch.cat(outputs, dim=1).numpy()
        return together

    return function
