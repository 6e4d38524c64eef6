"""Generated samples whose truth is known: equations, classes of genes, programs or networks."""

from scdyn_core.data.simulators.registry import SIMULATORS, simulate

__all__ = ["SIMULATORS", "simulate"]
