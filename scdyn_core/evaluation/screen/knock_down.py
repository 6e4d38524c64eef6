"""Whether the gene that was targeted is down: its fold change, with a rank test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from scdyn_core.evaluation.screen.screen import Screen

_MOST_CONTROLS = 5000


def knock_down(
    screen: Screen, targets: Mapping[str, Sequence[str]], *, seed: int = 0
) -> pd.DataFrame:
    """Return how far the own genes of every perturbation are down.

    Parameters
    ----------
    screen
        The cells.
    targets
        Target genes of perturbations, by name; a combination is as good as its weakest target:
        the one that changed least.
    seed
        Draws the control cells of the test where there are more than 5,000.

    Returns
    -------
    pandas.DataFrame
        One row a perturbation, in the order of ``screen.names``: ``perturbation``, ``measured``
        (all targets are among the genes), ``knock_down`` (log2 fold change of mean normalised
        counts against control; ``nan`` where not measured), ``knock_down_p`` (two-sided
        Wilcoxon-Mann-Whitney test on log-normalised expression).
    """
    from scipy.stats import mannwhitneyu

    column = {gene: number for number, gene in enumerate(screen.genes)}
    own = {name: tuple(targets.get(name, ())) for name in screen.names}
    wanted = sorted({gene for genes in own.values() for gene in genes if gene in column})
    place = {gene: number for number, gene in enumerate(wanted)}
    values = screen.values[:, [column[gene] for gene in wanted]].tocsc()
    control = screen.reference
    rng = np.random.default_rng(seed)
    tested = (
        control
        if len(control) <= _MOST_CONTROLS
        else rng.choice(control, _MOST_CONTROLS, replace=False)
    )
    rows = []
    for name, genes in own.items():
        weakest = (np.nan, np.nan)
        if measured := bool(genes) and all(gene in column for gene in genes):
            cells = screen.rows[name]
            unseen = 0.5 / min(len(cells), len(control))
            found = []
            for gene in genes:
                level = values[:, [place[gene]]].toarray().ravel()
                above, below = (np.expm1(level[who]).mean() + unseen for who in (cells, control))
                p = mannwhitneyu(level[cells], level[tested], method="asymptotic").pvalue
                # Nothing but zeros on both sides is no change and has no rank.
                found.append((float(np.log2(above / below)), 1.0 if np.isnan(p) else float(p)))
            weakest = min(found, key=lambda change: abs(change[0]))
        rows.append((name, measured, *weakest))
    return pd.DataFrame(rows, columns=["perturbation", "measured", "knock_down", "knock_down_p"])
