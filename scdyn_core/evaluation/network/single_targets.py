"""Cells in which one gene alone was perturbed, gene by gene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.screen.screen import Rows, Screen


def single_targets(screen: Screen, targets: Mapping[str, Sequence[str]]) -> dict[str, Rows]:
    """Return the cells of every gene that was perturbed alone, genes in alphabetical order.

    Several labels aimed at one gene (its guides) are one group.

    Parameters
    ----------
    screen
        The cells.
    targets
        Genes that labels are aimed at, by label; combinations and labels without any are left out.

    Raises
    ------
    ConfigError
        When no label is aimed at one gene.
    """
    groups: dict[str, list[Rows]] = {}
    for label in screen.names:
        genes = tuple(dict.fromkeys(targets.get(label, ())))
        if len(genes) == 1:
            groups.setdefault(genes[0], []).append(screen.rows[label])
    if not groups:
        raise ConfigError(
            "perturbation screen",
            found="no perturbation of one gene alone",
            needed="at least one: edges leave the gene that was perturbed",
            fix="Use a screen with single perturbations.",
        )
    return {gene: np.sort(np.concatenate(groups[gene])) for gene in sorted(groups)}
