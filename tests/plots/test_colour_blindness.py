"""Colours are told apart by everybody, and text is read by everybody, on white and on dark."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scdyn_core.plots.palette import DARK, LIGHT, Palette
from tests.plots.colour_vision import VISIONS, contrast, difference, lab, least_difference, mixed

THEMES: dict[str, Any] = tomllib.loads(
    (Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text()
)["theme"]
PALETTES = {"light": LIGHT, "dark": DARK}
#: So many groups are told apart by colour alone; more need labels.
BY_COLOUR_ALONE = 8
#: CIEDE2000. The least of all pairs and visions is 13.7 on white and 11.6 on dark.
TOLD_APART = 11.0
#: Ends of a signed scale, and an end beside the middle: 40 and 55 were measured at least.
OPPOSITE, FROM_THE_MIDDLE = 35.0, 45.0
#: WCAG 2.2: text, and marks that carry meaning.
TEXT, MARK = 4.5, 3.0
WHITE = "#FFFFFF"
#: Opacity of the text of a caption in Streamlit.
CAPTION = 0.6

both = pytest.mark.parametrize("theme", PALETTES)
everybody = pytest.mark.parametrize("vision", VISIONS)


def test_the_simulation_sees_greys_as_they_are_and_confuses_what_it_must() -> None:
    greys = ["#000000", "#777777", "#FFFFFF"]
    for vision in VISIONS:
        assert np.allclose(lab(greys, vision), lab(greys, "trichromatic"), atol=0.2)
    red_and_olive = ["#CC3311", "#7A7A00"]
    assert least_difference(red_and_olive, "trichromatic") > 40
    assert least_difference(red_and_olive, "deuteranopia") < 20


@both
@everybody
def test_any_two_of_the_first_groups_are_told_apart(theme: str, vision: str) -> None:
    colours = PALETTES[theme].categorical[:BY_COLOUR_ALONE]
    assert least_difference(colours, vision) > TOLD_APART


@both
def test_no_colour_of_a_group_is_there_twice(theme: str) -> None:
    assert least_difference(PALETTES[theme].categorical, "trichromatic") > 5


@both
@everybody
def test_amounts_grow_lighter_step_by_step(theme: str, vision: str) -> None:
    lightness = lab(PALETTES[theme].sequential, vision)[:, 0]
    assert (np.diff(lightness) > 3).all()


@both
@everybody
def test_signed_values_differ_in_sign_and_lightness_rises_or_falls_to_the_middle(
    theme: str, vision: str
) -> None:
    seen = lab(PALETTES[theme].diverging, vision)
    half = len(seen) // 2
    ends, middle = seen[[0, -1]], seen[half - 1 : half + 1].mean(axis=0)
    assert float(difference(*ends)) > OPPOSITE
    assert min(float(difference(end, middle)) for end in ends) > FROM_THE_MIDDLE
    steps = np.diff(seen[:, 0])
    to_the_middle = 1 if theme == "light" else -1
    assert (to_the_middle * steps[: half - 1] > 0).all()
    assert (to_the_middle * steps[half:] < 0).all()


@both
def test_text_and_marks_of_figures_stand_out(theme: str) -> None:
    palette: Palette = PALETTES[theme]
    for text in (palette.ink, palette.muted):
        assert contrast(text, palette.background) >= TEXT
    for mark in (palette.model, palette.baseline, palette.second_ink):
        assert contrast(mark, palette.background) >= MARK


@both
@pytest.mark.parametrize("text", ["textColor", "linkColor", "grayTextColor"])
def test_text_of_the_pages_is_read_on_every_ground(theme: str, text: str) -> None:
    told = THEMES[theme]
    names = ("backgroundColor", "secondaryBackgroundColor", "grayBackgroundColor")
    grounds = [*(told[name] for name in names), *told["sidebar"].values()]
    assert min(contrast(told[text], ground) for ground in grounds) >= TEXT


@both
def test_captions_are_read(theme: str) -> None:
    told = THEMES[theme]
    grounds = (told["backgroundColor"], told["sidebar"]["backgroundColor"])
    for ground in grounds:
        assert contrast(mixed(told["textColor"], ground, CAPTION), ground) >= TEXT


@both
def test_the_words_on_a_prominent_button_are_read_and_so_is_its_colour_as_text(theme: str) -> None:
    told = THEMES[theme]
    # White on it, and it on the ground, share the contrast of white on the ground: where the ground
    # is dark both cannot have 4.5, and both come near it.
    least = min(TEXT, 0.96 * contrast(WHITE, told["backgroundColor"]) ** 0.5)
    for other in (WHITE, told["backgroundColor"]):
        assert contrast(told["primaryColor"], other) >= (TEXT if theme == "light" else least)
