"""What was drawn how often, in sentences (Markdown, names escaped)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    import pandas as pd

#: A type that is drawn less often than this share of its cells is starved.
FLOOR = 0.5
#: Largest weight, in times the uniform one, that is uniform but for rounding.
EVEN = 1.001
MOST_NAMES = 4
ONCE = "Weights were found once, before training, and stayed: there is no course of them to draw."


def weight_words(
    sampler: str,
    cells: pd.DataFrame,
    effective: float,
    masses: pd.DataFrame | None,
    what: str = "training cell",
) -> str:
    """Say how uneven the draws of one model are, and who gains and loses.

    Parameters
    ----------
    sampler
        What the way of drawing is called.
    cells
        Rows of ``sampling_cells`` of one replicate.
    effective
        Effective sample size after the last refresh, as a share of the cells.
    masses
        Of ``type_masses``; ``None`` where types are not known.
    what
        What the cells are called, one of them.
    """
    weights, n = cells["weight"], len(cells)
    if float(weights.max()) <= EVEN:
        return (
            f"Drawn **uniformly**: each of the {count(n, what)} equally often. Train "
            "with another way of drawing to see weights here, or ask first whether it helps."
        )
    words = (
        f"**{plain(sampler)}** gives the {count(n, what)} weights from "
        f"{weights.min():.2g} to {weights.max():.2g} times the uniform one. A step is as varied as "
        f"with **{effective:.0%}** of the cells drawn evenly (effective sample size "
        f"{round(effective * n):,})."
    )
    return words if masses is None or len(masses) < 2 else f"{words} {_moved(masses)}"


def starved_words(masses: pd.DataFrame) -> str | None:
    """Name the types that fall below half of their share, if there are any."""
    starved = masses[masses["mass"] < FLOOR * masses["share"]]
    if starved.empty:
        return None
    names = [f"**{plain(name, 60)}**" for name in starved["cell_type"][:MOST_NAMES]]
    more = len(starved) - len(names)
    names += [f"{more:,} more"] if more else []
    return (
        f"{listed(names)} {'falls' if len(starved) == 1 else 'fall'} below half of "
        f"{'its' if len(starved) == 1 else 'their'} share: the model hardly learns from them."
    )


def never_drawn_words(cells: pd.DataFrame) -> str:
    """Say how many cells no step ever saw."""
    never, n = int((cells["draws"] == 0).sum()), len(cells)
    if not never:
        fewest = int(cells["draws"].min())
        return (
            f"None was left out: each of the {count(n, 'training cell')} was drawn at least "
            f"{'once' if fewest == 1 else f'{fewest:,} times'}."
        )
    return (
        f"**{count(never, 'training cell')} of {n:,} ({never / n:.1%}) "
        f"{'was' if never == 1 else 'were'} never drawn**: the model learned nothing from "
        f"{'it' if never == 1 else 'them'}."
    )


def _moved(masses: pd.DataFrame) -> str:
    ordered = masses.sort_values("times", kind="stable")
    gained, lost = ordered.iloc[-1], ordered.iloc[0]
    return f"{_way(gained, 'gains most')}; {_way(lost, 'loses most')}."


def _way(row: pd.Series, verb: str) -> str:
    return (
        f"**{plain(row['cell_type'], 60)}** {verb} ({row['share']:.1%} of the cells, "
        f"{row['mass']:.1%} of what is drawn)"
    )
