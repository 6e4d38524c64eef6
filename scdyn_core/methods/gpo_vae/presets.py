"""The published preset, and relatives of the model as configurations of it."""

from __future__ import annotations

from scdyn_core.methods.gpo_vae.config import GpoVaeConfig

_AS_PUBLISHED = {
    "null_control": 0.0,
    "particles": 5,
    "every_draw": True,
    "hidden": 400,
    "decoder_layers": 2,
    "encoder_layers": 1,
    "activation": "leaky",
    "standardise": False,
    "kl_epochs": 0,
    "batch_size": 512,
    "learning_rate": 3e-4,
    "effect_rate": 3e-4,
    "schedule": "constant",
    "predictor": "network",
}
#: Baek et al. 2025, as set for the Adamson screen, with at most 2,000 epochs and patience 30. What
#: is left out: weight decay of 1e-6; counts are weighed evenly, not by the share of failing cells.
PUBLISHED = GpoVaeConfig(
    **_AS_PUBLISHED,
    acts_on="nodes",
    guide="correlated",
    latents=100,
    mask_prior=0.3,
    alignment=100.0,
    edge_penalty=1.0,
    matching="published",
    quality=True,
    epochs=2000,
    patience=30,
)
#: Bereket and Karaletsos 2023, as set for the Norman screen: 30,000 steps there, 300 epochs here.
SAMS = GpoVaeConfig(
    **_AS_PUBLISHED,
    acts_on="latents",
    guide="correlated",
    latents=200,
    mask_prior=0.01,
    epochs=300,
)
CPA = SAMS.model_copy(update={"masked": False, "guide": "mean_field"})
