"""What a what-if says, in sentences (Markdown)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.networks.effects import Effects
    from scdyn_core.networks.propagation import Propagation

#: A fold change that is worth a word: 10 % up or down, in log2.
_VISIBLE = 0.1375
_NAMED = 3
#: Feedback that is worth a word.
_CIRCLES = 0.05


def change_words(change: pd.Series, held: list[str], *, sized: bool, signed: bool) -> str:
    """Say how many genes follow, and which most."""
    others = change.drop(held)
    moved = others[others.abs() > (_VISIBLE if sized else 0)]
    names = listed([f"**{plain(gene)}**" for gene in held])
    if moved.empty:
        more = " by more than 10 %" if sized else ""
        return f"Nothing else changes{more} when {names} {_is(held)} changed."
    order = moved.abs().sort_values(ascending=False, kind="stable").index[:_NAMED]
    most = listed([_gene(str(gene), float(moved[gene]), sized=sized, signed=signed)
                   for gene in order])  # fmt: skip
    more = f"{count(len(moved), 'other gene')} by more than 10 %" if sized else (
        count(len(moved), "other gene"))  # fmt: skip
    return f"Changing {names} moves {more}, most of all {most}."


def feedback_words(found: Propagation, *, sized: bool) -> list[str]:
    """Say when effects that run in circles had to be weakened."""
    if not sized or found.kept == 1:
        return []
    return [
        f"Effects that run in circles would grow without end in this network (each round "
        f"{found.feedback:.2f} times as strong): every edge was weakened to {found.kept:.0%} so "
        "that they settle. Read the order of genes, not the size of their changes."
    ]


def kind_words(effects: Effects, feedback: float) -> str:
    """Say what the changes are, and what they are not."""
    if effects.sized:
        circles = (
            f" Effects that run in circles come back {feedback:.2f} times as strong each round."
            if feedback > _CIRCLES
            else ""
        )
        return (
            "Chosen genes are held at their level, and nothing acts back on them. All others "
            "settle where each changes by the sum over its sources of coefficient times change, "
            f"along all paths.{circles} A statement of this network, not a measurement."
        )
    words = (
        "**Relative.** The edges of this network have no effect sizes: all were scaled by one "
        "number such that a step hands on at most half of what it gets. Genes can be compared "
        "with each other; the numbers mean nothing beyond that."
    )
    if not effects.signed:
        words += " Its edges have no sign either: it says how far, not which way."
    if effects.unsigned:
        words += f" {count(effects.unsigned, 'edge')} without a sign cannot be followed."
    return words


def _gene(gene: str, change: float, *, sized: bool, signed: bool) -> str:
    if sized:
        return f"{plain(gene)} ({2**change - 1:+.0%})"
    if not signed:
        return plain(gene)
    return f"{plain(gene)} ({'up' if change > 0 else 'down'})"


def _is(held: list[str]) -> str:
    return "is" if len(held) == 1 else "are"
