"""The published preset: the paper's settings, for comparison with the default."""

from __future__ import annotations

from scdyn_core.methods.clera.config import CleraConfig, LibraryConfig

#: The paper's settings on its pancreas example, defects included where they define the method.
PUBLISHED = CleraConfig(
    latents=6,
    library=LibraryConfig(order=2, reciprocal=True, exp=True, sin=True),
    derivative="windows",
    window=4,
    stride=2,
    window_time=4.0,
    bridge_gaps=True,
    components=0,
    scale_genes=False,
    scale_input=False,
    widths=(512, 32),
    classifier_widths=(8,),
    activation="relu",
    linear_start=False,
    frame="free",
    input_noise=0.0,
    normalise_losses=False,
    class_loss="sigmoid",
    weight_reconstruction=100.0,
    weight_derivative=0.1,
    weight_latent_derivative=0.01,
    weight_classification=1.0,
    weight_sparsity=0.01,
    weight_network=1e-6,
    solver="gradient",
    coefficient_start="specified",
    threshold=0.1,
    terms=30,
    threshold_every=200,
    threshold_from=0.0,
    warmup_epochs=0,
    fit_epochs=10000,
    refine_epochs=500,
    learning_rate=1e-3,
    schedule="constant",
    clip_norm=None,
    keep_best=False,
    fresh_refinement=True,
    validate_every=50,
)
