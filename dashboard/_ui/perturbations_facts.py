"""What is known of one perturbation, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    import pandas as pd

#: Change of a target, log2, from which a knock-down is worth the name.
KNOCKED_DOWN = -0.5
#: Guides whose changes correlate less do not tell the same story, or tell little of it.
AGREEING = 0.2


def fact_words(told: pd.Series, latents: frozenset[int] | None) -> list[str]:
    """Return sentences (Markdown) about one row of the table of perturbations.

    ``latents`` are those it shifts, ``None`` where the run has none.
    """
    name = plain(told["perturbation"], 80)
    if told["kind"] == "null control":
        return [
            f"**{name}** is a random third of the control cells, called by a name of its own to "
            + _by_chance(latents)
        ]
    words = [_effect(name, told), *([] if latents is None else [_latents(latents)])]
    if told["knock_down"] == told["knock_down"] and told["knock_down"] > KNOCKED_DOWN:
        words.append(
            ":material/warning: Its target is hardly lowered: a missing effect may be a missing "
            "knock-down."
        )
    if told["guides"] == told["guides"]:
        words.append(_guides(told))
    if told["held_out"]:
        words.append("It was **held out**: the model adapted to it after training, and no other "
                     "part of it has seen these cells.")  # fmt: skip
    return [" ".join(words)]


def _by_chance(latents: frozenset[int] | None) -> str:
    if latents is None:
        return "see what is found by chance."
    on = listed([f"latent {number}" for number in sorted(latents)] or ["nothing"])
    return f"see what is on by chance: {on}."


def _effect(name: str, told: pd.Series) -> str:
    if told["visible"]:
        return f"**{name}** has a visible effect: its cells differ from control cells."
    return (
        f"**{name}** has **no visible effect**: its cells cannot be told from control cells, so "
        "what follows may be noise."
    )


def _latents(latents: frozenset[int]) -> str:
    if not latents:
        return "It shifts no latent."
    numbers = listed([str(number) for number in sorted(latents)])
    return f"It shifts {'latent' if len(latents) == 1 else 'latents'} {numbers}."


def _guides(told: pd.Series) -> str:
    guides = count(int(told["guides"]), "guide")
    agreement = told["guide_agreement"]
    if agreement != agreement:
        return f"It has {guides}."
    doubt = "" if agreement >= AGREEING else (
        ": the effect is weak, or one of them hits something else, or nothing"
    )  # fmt: skip
    return f"The changes of its {guides} correlate by {agreement:.2f}{doubt}."
