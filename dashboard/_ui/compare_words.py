"""What a comparison of runs says, in sentences (Markdown, names escaped)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.evaluation.equation_agreement import TermAgreement
    from scdyn_core.evaluation.score_lead import Lead
    from scdyn_core.runs.comparison.comparable import Difference


def difference_words(differences: Mapping[str, Difference], first: str) -> list[str]:
    """Say which runs cannot be ranked against the first, and why; nothing if all can."""
    return [
        f"Scores of **{plain(name)}** do not rank against those of **{plain(first)}**: "
        f"{listed(_reasons(each))}. Compare how far each is ahead of its own baselines."
        for name, each in differences.items()
        if not each.scores_compare
    ]


def _reasons(each: Difference) -> list[str]:
    reasons = []
    if not each.same_data:
        reasons.append("they read other data")
    if not each.same_recipe:
        reasons.append("the data were prepared in another way")
    if not each.same_target:
        reasons.append("they were scored on another derivative")
    if each.shared_test is not None and each.shared_test < 1.0:
        reasons.append(f"they were tested on other samples ({each.shared_test:.0%} are the same)")
    return reasons


def lead_words(lead: Lead) -> str:
    """Say who is ahead in one score, and whether by more than replicates differ."""
    where = f"**{plain(lead.metric)}** on {plain(lead.measured_on)}"
    numbers = f"{lead.value:.3g} against {lead.next_value:.3g}"
    if lead.verdict == "tie":
        return (
            f"{where}: {plain(lead.ahead)} and {plain(lead.behind)} are equal ({lead.value:.3g})."
        )
    ahead = f"{where}: **{plain(lead.ahead)}** is ahead of {plain(lead.behind)} ({numbers})"
    told = {
        "unknown": ". Whether by more than another seed would change is not known: a run with one "
        "replicate has no spread.",
        "within": f", but by no more than replicates differ (spread {lead.spread or 0:.2g}).",
        "beyond": f", by {lead.difference / (lead.spread or 1):.1f} times what replicates differ "
        f"(spread {lead.spread or 0:.2g})."
        if lead.spread
        else ", and replicates do not differ at all.",
    }[lead.verdict]
    lost = " Even so, a simpler method is as good or better." if lead.beats is False else ""
    return f"{ahead}{told}{lost}"


def embedding_words(measures: pd.DataFrame, first: str, kind: str) -> list[str]:
    """Say how alike each embedding is to the first."""
    from scdyn_core.evaluation.embedding_agreement import CKA, DISPARITY, KEPT

    sentences = []
    for name, rows in measures.groupby("run", sort=False):
        own = rows.set_index("measure")
        kept, chance = (float(own.loc[KEPT, column]) for column in ("value", "shuffled"))
        followed = 1.0 - float(own.loc[DISPARITY, "value"])
        sentences.append(
            f"**{plain(name)}** against **{plain(first)}**: turned and scaled it follows "
            f"{followed:.0%} of the variance, its {kind}s keep {kept:.0%} of their nearest {kind}s "
            f"(chance {chance:.1%}), CKA {float(own.loc[CKA, 'value']):.2f} "
            f"(chance {float(own.loc[CKA, 'shuffled']):.2f})."
        )
    return sentences


def term_words(name: str, first: str, told: TermAgreement) -> str:
    """Say what the equations of a run share with those of the first."""
    text = (
        f"**{plain(name)}** has {count(told.second, 'term')} and **{plain(first)}** {told.first} "
        f"in the equations of matched latents; {told.both} are in both, chance would give "
        f"{told.expected:.1f}."
    )
    if told.both:
        text += f" {told.same_sign:.0%} of the shared terms have the same sign."
    if told.cosine == told.cosine:
        text += f" Cosine of all coefficients: {told.cosine:.2f}."
    return text


def label_words(measures: pd.DataFrame, samples: int, kind: str) -> str:
    """Say how well two divisions agree, beside shuffled samples."""
    from scdyn_core.evaluation.label_agreement import ARI, NMI

    own = measures.set_index("measure")
    ari, best = float(own.loc[ARI, "value"]), float(own.loc[ARI, "shuffled_best"])
    verdict = (
        "more than any of the shuffles" if ari > best else "**no more than shuffled samples do**"
    )
    return (
        f"On {count(samples, kind)} they agree {verdict}: adjusted Rand index {ari:.2f} (shuffled "
        f"{float(own.loc[ARI, 'shuffled']):.2f}, best {best:.2f}), normalised mutual information "
        f"{float(own.loc[NMI, 'value']):.2f} (shuffled {float(own.loc[NMI, 'shuffled']):.2f})."
    )
