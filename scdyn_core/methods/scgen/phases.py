"""What is trained: everything, in one phase."""

from __future__ import annotations

from scdyn_core.methods.scgen.config import ScgenConfig
from scdyn_core.training.phase import Phase

FIT = "fit"


def scgen_phases(config: ScgenConfig) -> list[Phase]:
    """Return the one phase."""
    weights = {"reconstruction": 1.0, "kl": config.weight_kl}
    if config.weight_decay:
        # The gradient of half the squared norm is the parameter itself: weight decay as L2.
        weights["decay"] = config.weight_decay
    return [
        Phase(
            FIT,
            config.epochs,
            weights,
            learning_rate=config.learning_rate,
            schedule=config.schedule,
            batch_size=config.batch_size,
            validate_every=5,
            restore_best=config.restore_best,
        )
    ]
