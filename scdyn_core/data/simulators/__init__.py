"""Generated samples whose latent equations of motion are known."""

from scdyn_core.data.simulators.registry import SIMULATORS, simulate

__all__ = ["SIMULATORS", "simulate"]
