"""Expected gradients of genes: attributions where inputs are too many for coalitions.

phi_g = E[(x_g - b_g) ∂f/∂x_g (b + a (x - b))] over background cells b and a ~ U(0, 1)
(Erion et al. 2021, doi:10.1038/s42256-021-00343-w); sum_g phi_g = f(x) - E_b f(b).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from scdyn_core.methods.clera.explain.quiet import quiet_shap
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.method import Tensors
from scdyn_core.reporter import Reporter, raise_if_cancelled

Matrix = NDArray[np.float64]
_BATCH = 8
EXPLAINER = "expected gradients"


class FromGenes(nn.Module):
    """Genes, in the units the network was trained in, to latents and one cell type's logit.

    Parameters
    ----------
    network
        A trained network.
    tensors
        What it was trained on; gives the principal components.
    number
        Which cell type's logit to append; ``None`` for none.
    """

    components: Tensor
    centre: Tensor

    def __init__(self, network: CleraNetwork, tensors: Tensors, number: int | None) -> None:
        super().__init__()
        self.network = network
        self.number = number
        self._reads_components = bool(network.config.components)
        for name in ("components", "centre"):
            value = torch.as_tensor(tensors.constants[name], dtype=torch.float32)
            self.register_buffer(name, value)

    def genes(self, inputs: Matrix) -> Tensor:
        """Return the genes ``(n, G)`` that the network's inputs stand for.

        Where the network reads principal components these are the cells rebuilt from them.
        """
        x = torch.as_tensor(inputs, dtype=torch.float32)
        return x @ self.components + self.centre if self._reads_components else x

    def forward(self, genes: Tensor) -> Tensor:
        """Return latents and maybe a logit, shape ``(n, d)`` or ``(n, d + 1)``."""
        x = (genes - self.centre) @ self.components.T if self._reads_components else genes
        z = self.network.encode(x)
        if self.number is None:
            return z
        assert self.network.classifier is not None
        logit = self.network.classifier(z)[:, self.number, None]
        return torch.cat([z, logit], dim=1)


def gradient_batches(
    model: FromGenes,
    inputs: Matrix,
    background: Matrix,
    samples: int,
    seed: int,
    reporter: Reporter,
) -> Iterator[tuple[Matrix, Matrix]]:
    """Yield genes ``(b, G)`` and their attributions ``(b, G, outputs)``, batch by batch.

    Parameters
    ----------
    inputs, background
        What the network reads of the explained and of the background cells.
    samples
        Random points per cell.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    cells = model.genes(inputs)
    with quiet_shap() as shap:
        explainer = shap.GradientExplainer(model, model.genes(background))
        for start in range(0, len(cells), _BATCH):
            raise_if_cancelled(reporter)
            batch = cells[start : start + _BATCH]
            values = explainer.shap_values(batch, nsamples=samples, rseed=seed + start)
            shaped = np.asarray(values, dtype=np.float64).reshape(*batch.shape, -1)
            yield batch.double().numpy(), shaped
