"""What was drawn around cells on a map: lassos and boxes, in the coordinates of its axes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from scdyn_core.errors import ConfigError

MOST_SHAPES = 100
#: A hand draws a few hundred; the rest is no drawing.
MOST_CORNERS = 10_000

_Number = Annotated[float, Field(allow_inf_nan=False)]


class Lasso(BaseModel):
    """A closed line: the corners of a polygon, which may cross itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    x: tuple[_Number, ...] = Field(min_length=3, max_length=MOST_CORNERS)
    y: tuple[_Number, ...] = Field(min_length=3, max_length=MOST_CORNERS)

    @model_validator(mode="after")
    def _pairs(self) -> Lasso:
        if len(self.x) != len(self.y):
            raise ValueError("a lasso needs as many x as y")
        return self


class Box(BaseModel):
    """A box, its borders part of it; corners may be given in any order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    x: tuple[_Number, _Number]
    y: tuple[_Number, _Number]

    @property
    def left(self) -> float:
        """Smaller x."""
        return min(self.x)

    @property
    def right(self) -> float:
        """Larger x."""
        return max(self.x)

    @property
    def bottom(self) -> float:
        """Smaller y."""
        return min(self.y)

    @property
    def top(self) -> float:
        """Larger y."""
        return max(self.y)


class Outline(BaseModel):
    """Everything that was drawn; a cell belongs to it when it lies in any of its shapes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lassos: tuple[Lasso, ...] = Field((), max_length=MOST_SHAPES)
    boxes: tuple[Box, ...] = Field((), max_length=MOST_SHAPES)

    def __bool__(self) -> bool:
        return bool(self.lassos or self.boxes)

    @classmethod
    def from_plotly(cls, selection: Mapping[str, Any]) -> Outline:
        """Return the shapes of a selection in a Plotly figure: its ``lasso`` and ``box``.

        Shapes with fewer corners than it takes (a click without a drag) are passed over.

        Raises
        ------
        ConfigError
            When it is no selection.
        """
        try:
            lassos = [_sides(shape) for shape in selection.get("lasso") or ()]
            boxes = [_sides(shape) for shape in selection.get("box") or ()]
            return cls(
                lassos=tuple(Lasso(x=x, y=y) for x, y in lassos if len(x) > 2),
                boxes=tuple(Box(x=(x[0], x[1]), y=(y[0], y[1])) for x, y in boxes if len(x) > 1),
            )
        except (ValidationError, KeyError, TypeError, ValueError, IndexError) as error:
            raise ConfigError(
                "selection",
                found="no shape drawn on a map",
                needed=f"at most {MOST_SHAPES} lassos or boxes of finite corners",
                fix="Draw it again.",
            ) from error


def _sides(shape: Mapping[str, Sequence[float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    x, y = tuple(map(float, shape["x"])), tuple(map(float, shape["y"]))
    if not all(map(math.isfinite, (*x, *y))):
        raise ValueError("corners that are not finite")
    return x, y
