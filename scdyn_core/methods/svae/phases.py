"""What is trained, in order: the three stages of the paper, the first of them in two."""

from __future__ import annotations

from typing import Literal

from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.trained import ADAPT, FIT, REFINE, WARM_UP
from scdyn_core.training.phase import Phase

Schedule = Literal["constant", "cosine"]
#: Parameters that belong to targets; everything else is network.
TARGETS = ("shift", "mask_logit")


def svae_phases(config: SvaeConfig) -> list[Phase]:
    """Return the phases; those of held-out perturbations only where there are any."""
    phases = [_fit(config, FIT, config.epochs, config.schedule)]
    if config.warm_up:
        phases.insert(0, _fit(config, WARM_UP, config.warm_up, "constant"))
    if config.held_out or config.held_out_share:
        if config.refine:
            phases.append(_fit(config, REFINE, config.refine, config.schedule))
        phases.append(_adapt(config))
    return phases


def _fit(config: SvaeConfig, name: str, epochs: int, schedule: Schedule) -> Phase:
    """Return a phase in which the networks learn."""
    frozen: tuple[str, ...] = ()
    if config.mask == "solved" or config.prior != "sparse":
        frozen = TARGETS
    elif name == REFINE:
        frozen = ("mask_logit",)
    return Phase(
        name,
        epochs,
        _weights(config, name),
        learning_rate=config.learning_rate,
        schedule=schedule,
        rates={"mask_logit": config.mask_rate, "shift": config.shift_rate},
        epsilon=config.epsilon,
        batch_size=config.batch_size,
        frozen=frozen,
        # What moved the latents before they were turned must not move them after.
        fresh_optimiser=name != WARM_UP,
        validate_every=5,
    )


def _adapt(config: SvaeConfig) -> Phase:
    """Return the phase in which only held-out perturbations are learned."""
    solved = config.mask == "solved" or config.prior != "sparse"
    free = {"solved": (), "gradient": TARGETS, "sampled": ("shift",)}[config.mask]
    return Phase(
        ADAPT,
        1 if solved else config.adapt,
        _weights(config, ADAPT),
        learning_rate=config.shift_rate,
        rates={"mask_logit": config.mask_rate},
        epsilon=config.epsilon,
        batch_size=config.batch_size,
        frozen=tuple(name for name in parameters(config) if solved or name not in free),
        fresh_optimiser=True,
        part="adapt",
    )


def _weights(config: SvaeConfig, name: str) -> dict[str, float]:
    """Return the loss terms of a phase."""
    terms = {"reconstruction": 1.0, "kl": 1.0}
    if config.decoder_decay:
        terms["decoder"] = 1.0
    # Where targets are solved for, their cost is part of the solution and moves no network.
    if config.prior == "sparse" and config.mask != "solved" and name in (FIT, ADAPT):
        terms["sparsity"] = 1.0
        if config.beta_penalty > 1 and name == FIT:
            terms["mask_prior"] = 1.0
    return terms


def parameters(config: SvaeConfig) -> list[str]:
    """Return the names of all parameters of the network."""
    kinds = ["weights", "biases", *(["gains"] if config.normalisation == "batch" else [])]
    hidden = [
        f"{part}.{kind}.{layer}"
        for part in ("encoder", "decoder")
        for kind in kinds
        for layer in range(config.layers)
    ]
    heads = ["mean_weight", "mean_bias", "spread_weight", "spread_bias", "rate_weight"]
    return [*hidden, *heads, "rate_bias", "log_dispersion", *TARGETS]
