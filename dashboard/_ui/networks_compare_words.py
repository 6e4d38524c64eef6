"""What comparisons of networks say, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.networks_compare_data import OWN
from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    from scdyn_core.methods.regulation.against_reference import AgainstReference
    from scdyn_core.networks.comparison import Agreement

#: Below, a network ranks known edges no better than chance does now and then.
_CLEAR = 1.5
#: Areas under the curve that differ by less are called equal: so much, or this share of them.
_EQUAL, _EQUAL_SHARE = 0.01, 0.1


def found_words(scored: AgainstReference, model: str) -> str:
    """Say how many of the known edges are among as many of the strongest."""
    edges, found, chance = scored.edges, scored.found[model], scored.by_chance
    first = f"{edges:,} strongest" if edges > 1 else "strongest"
    return (
        f"**{plain(model)}** has {_number(found)} of the {count(edges, 'known edge')} among its "
        f"{first}, {found / chance:.1f} times as many as chance would have ({_number(chance)})."
    )


def ranking_words(scored: AgainstReference, model: str) -> str:
    """Say which networks rank the known edges better, or that none does (Markdown)."""
    from scdyn_core.evaluation.network.suite import RANDOM

    rows = scored.scores[scored.scores["metric"] == "AUPRC"].set_index("model")["value"]
    own = float(rows[model])
    if scored.found[model] < _CLEAR * scored.by_chance and own < _CLEAR * float(rows[RANDOM]):
        return (
            ":material/block: Hardly better than chance: these known edges are not what this "
            "network sees."
        )
    others = rows.drop([model, RANDOM]).sort_values(ascending=False)
    others = others[[name not in OWN for name in others.index]] if model in OWN else others
    if others.empty:
        return f":material/info: AUPRC {own:.2f}, chance {float(rows[RANDOM]):.2f}."
    margin = max(_EQUAL, _EQUAL_SHARE * own)
    better = others[others > own + margin]
    if better.empty:
        best = f"{plain(others.index[0])} {float(others.iloc[0]):.2f}"
        clear = float(others.iloc[0]) < own - margin
        return (
            ":material/check_circle: No other kind of network here ranks the known edges better: "
            if clear
            else ":material/balance: Others rank the known edges about as well: "
        ) + f"AUPRC {own:.2f}, best of the others {best}."
    names = [f"**{plain(name)}** ({value:.2f})" for name, value in better.head(3).items()]
    told = (
        f"{listed(names)} rank{'s' * (len(names) == 1)} the known edges better than this network "
        f"({own:.2f}, AUPRC)"
    )
    most = max(found for name, found in scored.found.items() if name in others.index)
    if scored.found[model] > most:
        return (
            f":material/balance: {told}, but among the {scored.edges:,} strongest none has more "
            f"than this network (next {_number(most)})."
        )
    return f":material/warning: {told}: the simpler method tells you more about them."


def shared_words(told: Agreement, names: tuple[str, str]) -> list[str]:
    """Say what two networks have in common (Markdown)."""
    if not told.pairs:
        return ["The two networks have no genes in common that an edge could join."]
    chance = told.first * told.second / told.pairs
    first, second = (f"**{plain(name)}**" for name in names)
    sentences = [
        f"{first} has {count(told.first, 'edge')} and {second} {told.second:,} between genes that "
        f"both know; {told.both:,} are in both, chance would give {_number(chance)}."
    ]
    if told.signs:
        sentences.append(
            f"{told.sign_agreement:.0%} of the {told.signs:,} shared edges with a sign act the "
            "same way (50 % by chance)."
        )
    if told.rank_correlation == told.rank_correlation:
        sentences.append(
            f"Rank correlation of their strengths over all {told.pairs:,} pairs: "
            f"{told.rank_correlation:.2f}."
        )
    return sentences


def _number(value: float) -> str:
    """Return an expected number of edges, without digits nobody needs."""
    whole = round(value)
    return f"{whole:,}" if abs(value - whole) < 0.05 or value >= 100 else f"{value:.1f}"
