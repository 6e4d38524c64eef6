"""Which ways of drawing samples make sense for a method and its data."""

from __future__ import annotations

from collections.abc import Mapping

from scdyn_core.errors import ConfigError
from scdyn_core.methods.method import Method, TrainedMethod
from scdyn_core.training.resampling.options import SamplingOptions


def refusal(method: Method, sampling: SamplingOptions, assigned: Mapping[str, str]) -> str | None:
    """Return what is missing to draw samples this way, or ``None``.

    Parameters
    ----------
    method
        What is trained.
    sampling
        How samples would be drawn.
    assigned
        The roles that are played, those a recipe fills included.
    """
    if sampling.scheme == "uniform":
        return None
    if not isinstance(method, TrainedMethod):
        return f"a method that is trained in steps; {method.title} is fitted at once"
    if method.samples == "genes" and (sampling.scheme == "balanced" or sampling.embedding):
        return f"a method that learns from cells; {method.title} learns from genes"
    if sampling.scheme == "balanced" and "cell_type" not in assigned:
        return "a column with the role cell_type"
    return None


def check_sampling(
    method: Method, sampling: SamplingOptions, assigned: Mapping[str, str], place: str
) -> None:
    """Say before any work that samples cannot be drawn as asked.

    Raises
    ------
    ConfigError
        With what is missing.
    """
    needed = refusal(method, sampling, assigned)
    if needed is not None:
        raise ConfigError(
            place,
            found=f"{method.key} and the roles " + (", ".join(assigned) or "of nothing"),
            needed=needed,
            fix="Set the role, or draw uniformly.",
        )
