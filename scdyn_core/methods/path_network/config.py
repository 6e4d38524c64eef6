"""Parameters of the path network."""

from __future__ import annotations

from scdyn_core.methods.regulation.config import RegulationConfig


class PathNetworkConfig(RegulationConfig):
    """Nothing beyond what every method with a network of genes has."""
