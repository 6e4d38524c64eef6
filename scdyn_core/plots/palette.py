"""Every colour of every figure, told apart with any common colour blindness.

Categories: eight near those of Okabe and Ito (2008), moved until any two can be told apart with any
colour blindness (``tests/plots/test_colour_blindness.py``); then Tol's muted set, which eyes alone
do not tell apart: more than eight groups need labels. Sequences: viridis. Signed values: a blue to
vermilion scale whose ends differ in lightness and in hue.
"""

from __future__ import annotations

from dataclasses import dataclass

_VIRIDIS = (
    "#440154", "#482878", "#3E4989", "#31688E", "#26828E",
    "#1F9E89", "#35B779", "#6DCD59", "#B4DE2C", "#FDE725",
)  # fmt: skip


@dataclass(frozen=True)
class Palette:
    """Colours for one background.

    Attributes
    ----------
    ink, muted, grid, faint, background
        Text and arrows, secondary text, grid lines, points in the background, paper.
    model, baseline
        The model and what it is measured against.
    second_ink
        Arrows beside those in ink; in no scale of groups.
    categorical, sequential, diverging
        Scales for groups, amounts, and signed values (negative to positive).
    """

    ink: str
    muted: str
    grid: str
    faint: str
    background: str
    model: str
    baseline: str
    second_ink: str
    categorical: tuple[str, ...]
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]

    @property
    def dark(self) -> bool:
        """Whether figures are on a dark background."""
        return int(self.background[1:3], 16) < 0x80

    def scale(self, colours: tuple[str, ...]) -> list[list[float | str]]:
        """Return colours as a Plotly colour scale, evenly spaced."""
        last = len(colours) - 1
        return [[position / last, colour] for position, colour in enumerate(colours)]


LIGHT = Palette(
    ink="#0F1820",
    muted="#5F6B76",
    grid="#E3E8EB",
    faint="#C9D0D6",
    background="#FFFFFF",
    model="#0072B2",
    baseline="#8A949D",
    second_ink="#C8102E",
    categorical=(
        "#0072B2", "#EA9F17", "#00A369", "#B77793", "#28BAFF", "#C45701", "#91033C", "#3D15AE",
        "#44AA99", "#882255", "#999933", "#AA4499", "#117733", "#88CCEE", "#CC6677", "#5F6B76",
    ),
    sequential=_VIRIDIS,
    diverging=(
        "#08306B", "#2166AC", "#4393C3", "#92C5DE", "#DCEAF2",
        "#FBE6D6", "#F4B183", "#E07B39", "#C04A0B", "#7F2704",
    ),
)  # fmt: skip
DARK = Palette(
    ink="#E4E9ED",
    muted="#9AA6B0",
    grid="#2A343C",
    faint="#3C4852",
    background="#11171C",
    model="#4AA3DF",
    baseline="#9AA6B0",
    second_ink="#FF5A6A",
    categorical=(
        "#4AA3DF", "#F0BB33", "#31D596", "#C6829E", "#A6CEFF", "#E65C09", "#AF488E", "#6A6BE1",
        "#66C9B8", "#C8507F", "#BDBD55", "#C86BC8", "#4FA860", "#B4DDF3", "#E08A98", "#9AA6B0",
    ),
    sequential=_VIRIDIS,
    diverging=(
        "#8FC1F5", "#5E9FDB", "#3B7DB8", "#2E6088", "#334650",
        "#4C3D35", "#804E2B", "#B3602B", "#E58745", "#FFB784",
    ),
)  # fmt: skip
