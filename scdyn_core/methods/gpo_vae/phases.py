"""How the networks are trained."""

from __future__ import annotations

from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.training.phase import Phase


def gpo_phases(config: GpoVaeConfig) -> list[Phase]:
    """Return the one phase."""
    weights = {"reconstruction": 1.0, "kl": 1.0}
    asked = {"alignment": config.alignment, "penalty": config.edge_penalty}
    if config.acts_on == "rates":
        weights["edges"] = 1.0
        rates = {"effects.coefficients": config.effect_rate}
    else:
        weights["effects"] = 1.0
        names = ["effects.mask_logit"]
        if config.guide == "mean_field":
            names += ["effects.centre", "effects.log_variance"]
        rates = dict.fromkeys(names, config.effect_rate)
    if config.quality:
        weights["effects"] = weights["counterfactual"] = 1.0
    if config.acts_on == "nodes":
        weights |= {name: 1.0 for name in ("alignment", "penalty") if asked[name]}
    return [
        Phase(
            "fit",
            config.epochs,
            weights,
            learning_rate=config.learning_rate,
            schedule=config.schedule,
            rates=rates,
            batch_size=config.batch_size,
            clip_norm=config.clip_norm,
            validate_every=5 if not config.patience else 1,
            patience=config.patience or None,
            restore_best=bool(config.patience),
        )
    ]
