"""The published preset."""

from __future__ import annotations

from scdyn_core.methods.scvi.config import ScviConfig

#: Lopez et al. 2018 as scvi-tools sets it by default. What differs: batch normalisation evaluates
#: with the moments of training cells under the present weights, not with their running mean.
PUBLISHED = ScviConfig(
    likelihood="zinb",
    activation="relu",
    normalisation="batch",
    dropout=0.1,
    input_dropout=0.0,
    standardise=False,
    informed_start=False,
    kl_epochs=400,
    weight_decay=1e-6,
    epochs=400,
    patience=0,
    learning_rate=1e-3,
    schedule="constant",
    epsilon=1e-2,
)
