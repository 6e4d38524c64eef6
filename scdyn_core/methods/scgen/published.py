"""The published preset."""

from __future__ import annotations

from scdyn_core.methods.scgen.config import ScgenConfig

#: As sc-AR runs scGen (Lotfollahi et al. 2019). Its moments of batch normalisation are running
#: ones; those here are of training cells under the present weights.
PUBLISHED = ScgenConfig(
    predictor="latent arithmetic",
    validation=0.2,
    genes=50_000,
    latents=64,
    hidden=800,
    layers=2,
    activation="leaky",
    normalisation="batch",
    dropout=0.2,
    standardise=False,
    weight_kl=2.5e-5,
    weight_decay=5e-5,
    epochs=1800,
    batch_size=2048,
    learning_rate=5e-5,
    schedule="constant",
    restore_best=True,
)
