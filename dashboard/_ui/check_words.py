"""What a check of the data is called: it compares sources, or looks at a screen."""

from __future__ import annotations

from dataclasses import dataclass

#: Where a source of the derivative is chosen; a check compares them all.
CHOICE = "derivative"


@dataclass(frozen=True)
class CheckWords:
    """Texts around a check, for the methods that offer one of its kind."""

    start: str
    again: str
    help: str
    before: str
    running: str
    what: str
    tab: str
    leads_on: str


SOURCES = CheckWords(
    start="Compare the sources",
    again="Compare again",
    help="Builds every derivative that the roles allow, with the settings below, and asks simple "
    "models to predict it; a minute for a few thousand cells",
    before="Before training: how much of each cell's direction can be predicted at all, from "
    "which source, and how much of that is there when the directions are destroyed.",
    running="Comparing in the background",
    what="This comparison",
    tab="Sources",
    leads_on="Choose a source and train",
)
SCREEN = CheckWords(
    start="Look at the screen",
    again="Look again",
    help="Counts the cells of every perturbation, looks whether its target fell, and measures how "
    "far its cells are from the control cells; a minute for 20,000 cells",
    before="Before training: how many cells each perturbation has, whether its target fell, and "
    "whether its cells can be told from control cells at all.",
    running="Looking at the screen in the background",
    what="This look at the screen",
    tab="Screen",
    leads_on="Train on this screen",
)


ASSOCIATIONS = CheckWords(
    start="Look at the data",
    again="Look again",
    help="Counts cells, genes and regulators, and looks at the perturbations where there are any",
    before="Before estimating: how many cells there are for how many genes, and whether perturbed "
    "cells can tell what acts on what.",
    running="Looking at the data in the background",
    what="This look at the data",
    tab="Data",
    leads_on="Estimate networks",
)


def check_words(method: str) -> CheckWords:
    """Return the texts for the check of a method, by its key."""
    from scdyn_core.methods.registry import METHODS

    if method == "association":
        return ASSOCIATIONS
    known = next((one for one in METHODS if one.key == method), None)
    return SOURCES if known is None or CHOICE in known.Config.model_fields else SCREEN
