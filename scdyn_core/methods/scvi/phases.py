"""What is trained, in order: while the prior gains weight, and after."""

from __future__ import annotations

from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.methods.scvi.network import FIT, WARM_UP
from scdyn_core.training.phase import Phase

#: Epochs between evaluations.
EVERY = 5


def scvi_phases(config: ScviConfig) -> list[Phase]:
    """Return the phases; only in the second can one epoch be compared with another."""
    warm_up = min(config.kl_epochs, config.epochs)
    phases = []
    if warm_up:
        phases.append(_phase(config, WARM_UP, warm_up))
    if config.epochs > warm_up:
        phases.append(_phase(config, FIT, config.epochs - warm_up))
    return phases


def _phase(config: ScviConfig, name: str, epochs: int) -> Phase:
    weights = {"reconstruction": 1.0, "kl": 1.0}
    if config.weight_decay:
        weights["decay"] = 1.0
    stops = name == FIT and config.patience > 0
    return Phase(
        name,
        epochs,
        weights,
        learning_rate=config.learning_rate,
        schedule=config.schedule if name == FIT else "constant",
        epsilon=config.epsilon,
        batch_size=config.batch_size,
        validate_every=EVERY,
        patience=max(1, config.patience // EVERY) if stops else None,
        restore_best=stops,
    )
