"""How colours look to people who see two primary colours in place of three.

Machado, Oliveira & Fernandes (2009), "A physiologically-based model for simulation of color vision
deficiency", IEEE Trans. Vis. Comput. Graph. 15(6), table of severity 1.0; the matrices act on
linear RGB.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000, rgb2lab

Values = NDArray[np.float64]

#: Way of seeing -> matrix, shape ``(3, 3)``: what is seen from what is shown.
VISIONS: dict[str, Values] = {
    "trichromatic": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def lab(colours: Sequence[str], vision: str) -> Values:
    """Return CIELAB of colours ``#rrggbb`` as they are seen, shape ``(n, 3)``."""
    seen = _linear(colours) @ VISIONS[vision].T
    return _array(rgb2lab(_encoded(seen)))


def difference(first: Values, second: Values) -> Values:
    """Return CIEDE2000 of colours in CIELAB; 1 is just noticeable side by side."""
    return _array(deltaE_ciede2000(first, second))


def least_difference(colours: Sequence[str], vision: str) -> float:
    """Return CIEDE2000 of the two colours that are hardest to tell apart."""
    seen = lab(colours, vision)
    return min(float(difference(one, other)) for one, other in combinations(seen, 2))


def contrast(first: str, second: str) -> float:
    """Return the contrast of WCAG 2.2 between two colours, from 1 to 21."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    darker, lighter = sorted((_linear([first, second]) @ weights).tolist())
    return float((lighter + 0.05) / (darker + 0.05))


def mixed(colour: str, ground: str, opacity: float) -> str:
    """Return the colour that is seen where one lies on another and lets it through."""
    parts = [[int(one[at : at + 2], 16) for one in (colour, ground)] for at in (1, 3, 5)]
    return "#" + "".join(f"{round(opacity * a + (1 - opacity) * b):02X}" for a, b in parts)


def _linear(colours: Sequence[str]) -> Values:
    digits = [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in colours]
    shown = np.array(digits) / 255
    return np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)


def _encoded(linear: Values) -> Values:
    inside = np.clip(linear, 0, 1)
    return np.where(inside <= 0.0031308, inside * 12.92, 1.055 * inside ** (1 / 2.4) - 0.055)


def _array(values: Any) -> Values:
    return np.asarray(values, dtype=np.float64)
