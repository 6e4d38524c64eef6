"""The published preset: the paper's settings, defects included where they define the method."""

from __future__ import annotations

from scdyn_core.methods.vrnn.config import VrnnConfig

PUBLISHED = VrnnConfig(
    clusters=6,
    genes=1000,
    detected=0.0,
    values="auto",
    summary="mean",
    offset="none",
    noise=0.0,
    scaling="none",
    hidden=32,
    latents=64,
    cell="lstm",
    decoder_state="updated",
    time_gaps=False,
    likelihood="unit",
    weight_kl=1e-6,
    annealing=0.0,
    latent_summary="mean over times",
    hide=0.0,
    epochs=2000,
    learning_rate=1e-4,
    schedule="constant",
    batch_size=400,
    clip_norm=5.0,
)
#: The network of Chung et al. on the paper's input: the decoder has not seen what it decodes.
TRUE_VRNN = PUBLISHED.model_copy(
    update={"decoder_state": "previous", "time_gaps": True, "weight_kl": 1.0, "annealing": 0.4}
)
