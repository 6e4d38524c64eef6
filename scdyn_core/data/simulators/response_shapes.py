"""Shapes in which genes respond to a stimulus at time 0, and the mean curve of every gene.

A shape is 0 at time 0 and at most 1 from there: the mean of a gene is
``baseline * fold ** shape(stretch * t)``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

#: The planted classes, in the order of the shapes.
CLASSES = ("flat", "immediate early", "early", "sustained", "late", "repressed")


def response_shapes(hours: ArrayLike) -> NDArray[np.float64]:
    """Return the shape of every class at some times.

    Pulses that peak at 1 h and at 3 h, a rise that saturates within hours, a switch at 8 h
    (Hill), and a decay.

    Parameters
    ----------
    hours
        Hours after the stimulus, any shape.

    Returns
    -------
    Shape ``(n_classes, *hours.shape)``, between -1 and 1.
    """
    t = np.asarray(hours, dtype=np.float64)
    return np.stack([
        np.zeros_like(t),
        _pulse(t, peak=1.0, power=1.0),
        _pulse(t, peak=3.0, power=2.0),
        -np.expm1(-t / 2.5),
        t**2.5 / (t**2.5 + 8.0**2.5),
        np.expm1(-t / 4.0),
    ])  # fmt: skip


def mean_curves(genes: pd.DataFrame, hours: ArrayLike) -> NDArray[np.float64]:
    """Return the mean count of every gene at some times, in a cell of typical depth.

    Parameters
    ----------
    genes
        ``var`` of a generated sample: ``response_class_true``, ``fold_true``, ``stretch_true``
        and ``baseline_true``.
    hours
        Hours after the stimulus, shape ``(n_times,)``.

    Returns
    -------
    Shape ``(n_genes, n_times)``.
    """
    own_clock = np.outer(genes["stretch_true"], np.asarray(hours, dtype=np.float64))
    number = [CLASSES.index(name) for name in genes["response_class_true"]]
    shape = response_shapes(own_clock)[number, np.arange(len(genes))]
    log_mean = np.log(genes["baseline_true"].to_numpy())[:, None]
    curves: NDArray[np.float64] = np.exp(
        log_mean + np.log(genes["fold_true"].to_numpy())[:, None] * shape
    )
    return curves


def _pulse(t: NDArray[np.float64], *, peak: float, power: float) -> NDArray[np.float64]:
    pulse: NDArray[np.float64] = (t / peak) ** power * np.exp(power * (1 - t / peak))
    return pulse
