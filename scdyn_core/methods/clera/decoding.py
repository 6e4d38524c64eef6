"""The decoder of a trained network without torch: what a latent state means for the genes.

Symbols: z (n, d) latents; components (k, G) and centre (G,) of the principal components.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from scdyn_core.errors import RunError

Values = NDArray[np.float64]

_ACTIVATIONS: dict[str, Callable[[Values], Values]] = {
    "elu": lambda a: np.where(a > 0, a, np.expm1(np.minimum(a, 0.0))),
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0.0),
    "sigmoid": expit,
    "softplus": lambda a: np.logaddexp(0.0, a),
    "linear": lambda a: a,
}


@dataclass(frozen=True)
class GeneDecoder:
    """From latents to genes, in the units of the expression the model read.

    Attributes
    ----------
    weights, biases
        Of the layers, shapes ``(out, in)`` and ``(out,)``.
    linear
        Of the linear map that the layers bend, shape ``(k, d)``; ``None`` where there is none.
    activation
        Between the layers.
    scale
        What the network's output is multiplied by.
    loadings, centre
        Genes per output ``(k, G)`` and their offset ``(G,)``; ``None`` where the network
        returns genes.
    gene_sd, gene_mean
        Unit and offset of every gene, shape ``(G,)``.
    genes
        Names, shape ``(G,)``.
    """

    weights: tuple[Values, ...]
    biases: tuple[Values, ...]
    linear: Values | None
    activation: str
    scale: float
    loadings: Values | None
    centre: Values
    gene_sd: Values
    gene_mean: Values
    genes: tuple[str, ...]

    @classmethod
    def of(
        cls,
        state: Mapping[str, NDArray[Any]],
        constants: Mapping[str, NDArray[Any]],
        genes: tuple[str, ...],
        *,
        activation: str,
        components: bool,
    ) -> GeneDecoder:
        """Read the decoder of one replicate from its stored weights.

        Parameters
        ----------
        state
            Weights of the network by name.
        constants
            Of the run's tensors.
        genes
            Names of the genes.
        activation
            Of the configuration.
        components
            Whether the network reads principal components.

        Raises
        ------
        RunError
            When a stored array is missing.
        """
        try:
            layers = sum(name.startswith("decoder.weights.") for name in state)
            weights = [state[f"decoder.weights.{layer}"] for layer in range(layers)]
            return cls(
                weights=tuple(np.asarray(weight, dtype=np.float64) for weight in weights),
                biases=tuple(
                    np.asarray(state[f"decoder.biases.{layer}"], dtype=np.float64)
                    for layer in range(layers)
                ),
                linear=state.get("decoder.linear"),
                activation=activation,
                scale=float(state["input_scale"]),
                loadings=constants["components"] if components else None,
                centre=constants["centre"] if components else np.zeros(len(genes)),
                gene_sd=constants["gene_sd"],
                gene_mean=constants["gene_mean"],
                genes=genes,
            )
        except KeyError as error:
            raise RunError(
                "model of the run",
                found=f"no array {error}",
                needed="the decoder and the units of the genes",
                fix="Train the run again with this version of scdyn.",
            ) from error

    def outputs(self, z: Values) -> Values:
        """Return what the network decodes, shape ``(n, k)``, at ``z`` of shape ``(n, d)``."""
        hidden = z
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            hidden = hidden @ weight.T + bias
            if layer < len(self.weights) - 1:
                hidden = _ACTIVATIONS[self.activation](hidden)
        straight = 0.0 if self.linear is None else z @ self.linear.T
        return np.asarray((straight + hidden) * self.scale)

    def __call__(self, z: Values) -> Values:
        """Return every gene, shape ``(n, G)``, at ``z`` of shape ``(n, d)``."""
        return self.in_gene_units(self.outputs(z))

    def in_gene_units(self, outputs: Values) -> Values:
        """Return genes ``(n, G)`` for what the network reads or decodes, ``(n, k)``."""
        scaled = outputs if self.loadings is None else outputs @ self.loadings
        return np.asarray((scaled + self.centre) * self.gene_sd + self.gene_mean)
