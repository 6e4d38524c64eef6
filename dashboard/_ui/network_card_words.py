"""What a run knows of one gene, in sentences (Markdown, names escaped)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dashboard._ui.network_facts import facts_of, perturbations_of, responses_of, responses_to
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.network_choice import Shown

#: False discovery rate below which a gene counts as changed.
CHANGED = 0.05
LONGEST = 40


def perturbation_words(shown: Shown, gene: str) -> list[str]:
    """Return whether a gene was perturbed, and how deep."""
    facts = facts_of(shown)
    if facts is None or gene not in facts.index:
        return []
    told = facts.loc[gene]
    words = [] if told["measured"] else ["Not measured itself: no edge can enter it."]
    if not told["node"]:
        return [*words, "Not perturbed: what it does to others was not seen."]
    dose = float(told["dose"])
    if math.isnan(dose):
        return [*words, "Perturbed."]
    if not told["dose_known"]:
        return [*words, f"Perturbed; how deep is not seen in its own counts, {dose:+.1f} (log) is "
                        "assumed."]  # fmt: skip
    verb = "lowered" if dose < 0 else "raised"
    return [*words, f"Perturbed: its expression was {verb} to {math.exp(dose):.0%}."]


def expression_words(shown: Shown, gene: str) -> list[str]:
    """Return how strongly a gene is expressed in control cells."""
    facts = facts_of(shown)
    if facts is None or gene not in facts.index or "control" not in facts:
        return []
    value = float(facts.loc[gene, "control"])
    if math.isnan(value):
        return []
    known = facts["control"].dropna()
    below = float((known < value).mean())
    return [f"Mean log expression in control cells {value:.2f}, above {below:.0%} of the genes."]


def response_words(shown: Shown, gene: str) -> list[str]:
    """Return what changes when a gene is perturbed, and what changes it."""
    causes = perturbations_of(shown)
    if not causes:
        return []
    words = []
    if gene in causes:
        rows = responses_to(shown, gene)
        rows = rows[rows["gene"] != gene]
        words.append(
            f"Perturbing it changes {_changed(rows)} of {count(len(rows), 'other gene')}"
            + _most(rows, "gene", "most of all ")
        )
    own = responses_of(shown, gene)
    own = own[own["perturbation"] != gene]
    if len(own):
        words.append(
            f"It changes in {_changed(own)} of {count(len(own), 'perturbation')}"
            + _most(own, "perturbation", "most in that of ")
        )
    return words


def _changed(rows: pd.DataFrame) -> str:
    return f"{int((rows['p_adjusted'] < CHANGED).sum()):,}"


def _most(rows: pd.DataFrame, column: str, lead: str) -> str:
    changed = rows[rows["p_adjusted"] < CHANGED]
    if changed.empty:
        return "."
    first = changed.loc[changed["log2_fold_change"].abs().idxmax()]
    name, change = plain(first[column], LONGEST), float(first["log2_fold_change"])
    return f", {lead}{name} (log₂ {change:+.2f})."
