"""One colour a cluster, the same in every figure and table."""

from __future__ import annotations

from scdyn_core.plots.palette import Palette


def cluster_colour(number: int, palette: Palette) -> str:
    """Return the colour of a cluster; clusters are numbered from 1."""
    return palette.categorical[(number - 1) % len(palette.categorical)]


def cluster_name(number: int) -> str:
    """Return what people call a cluster."""
    return f"Cluster {number}"


def translucent(colour: str, opacity: float) -> str:
    """Return a colour ``#rrggbb`` as ``rgba(…)``, for bands that show what is behind them."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"
