"""The published preset, and the models it is compared with, as switches of one module."""

from __future__ import annotations

from scdyn_core.methods.svae.config import SvaeConfig

#: Lopez et al. 2023, as their demonstration sets it. What is left out: weight decay of 1e-6.
PUBLISHED = SvaeConfig(
    null_control=0.0,
    fewest_cells=11,
    combinations="own",
    latents=15,
    activation="relu",
    normalisation="batch",
    dropout=0.1,
    standardise=False,
    mask="sampled",
    rotation=False,
    sparsity=0.0,
    relative_sparsity=0.0,
    decoder_decay=0.0,
    kl_epochs=50,
    warm_up=0,
    epochs=300,
    refine=300,
    adapt=300,
    learning_rate=1e-3,
    mask_rate=1e-3,
    shift_rate=1e-3,
    schedule="constant",
    epsilon=1e-2,
    importance_samples=1000,
)
IVAE = SvaeConfig(prior="perturbation")
VAE = SvaeConfig(prior="none")
