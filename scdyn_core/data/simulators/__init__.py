"""Generated samples whose truth is known: latent equations of motion, or classes of genes."""

from scdyn_core.data.simulators.registry import SIMULATORS, simulate

__all__ = ["SIMULATORS", "simulate"]
