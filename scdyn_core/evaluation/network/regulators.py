"""Which genes an estimate may see as sources: those asked for that were measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError


def places_of(genes: Sequence[str], sources: Sequence[str] | None) -> NDArray[np.int64]:
    """Return the positions of the sources among the genes, in the order they were asked for.

    Sources that were not measured are left out; without ``sources`` every gene is one.

    Raises
    ------
    ConfigError
        When none was measured.
    """
    if sources is None:
        return np.arange(len(genes))
    place = {gene: number for number, gene in enumerate(genes)}
    found = [place[name] for name in dict.fromkeys(sources) if name in place]
    if not found:
        raise ConfigError(
            "regulators",
            found=f"{len(sources)} genes, none of which was measured",
            needed="at least one that was",
            fix="Correct the names, or let all genes be regulators.",
        )
    return np.array(found, dtype=np.int64)
