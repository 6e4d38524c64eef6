"""The frame of the latents: which of all equivalent coordinate systems is used.

Any invertible linear map of the latents gives the same model with other equations, so that
coefficients mean nothing, and differ from seed to seed, until the map is fixed.

Symbols: raw (n, d) encoder output, z (n, d) latents; z = (raw - mean) map.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class LatentFrame:
    """Affine map from the encoder's raw output to the latents.

    Attributes
    ----------
    mean, map
        Shape ``(d,)`` and ``(d, d)``.
    """

    mean: Tensor
    map: Tensor

    @classmethod
    def free(cls, raw: Tensor) -> LatentFrame:
        """Leave the encoder's output as it is."""
        return cls(torch.zeros_like(raw[0]), torch.eye(raw.shape[1]).to(raw))

    @classmethod
    def standardised(cls, raw: Tensor) -> LatentFrame:
        """Bring every latent to mean 0 and sd 1 over the training cells."""
        return cls(raw.mean(0), torch.diag(1.0 / raw.std(0).clamp_min(1e-6)))

    @classmethod
    def along(cls, raw: Tensor, axes: Tensor) -> LatentFrame:
        """Let latent ``i`` be what predicts axis ``i`` best, at mean 0 and sd 1.

        Parameters
        ----------
        raw
            Shape ``(n, d)``.
        axes
            Principal components the latents are named after, shape ``(n, d)``.
        """
        mean = raw.mean(0)
        centred, towards = (raw - mean).double(), (axes - axes.mean(0)).double()
        # Without rank (a collapsed latent) least squares still has an answer: the shortest.
        solution = torch.linalg.pinv(centred, rtol=1e-6) @ towards
        sd = (centred @ solution).std(0).clamp_min(1e-6)
        return cls(mean, (solution / sd).to(raw))

    def apply(self, raw: Tensor, tangent: Tensor) -> tuple[Tensor, Tensor]:
        """Return latents and their derivative."""
        return (raw - self.mean) @ self.map, tangent @ self.map

    def store(self, state: dict[str, Tensor]) -> None:
        """Write the frame into a replicate's buffers."""
        state["latent_mean"].copy_(self.mean)
        state["latent_map"].copy_(self.map)
