"""Expression of the panel in groups, read once for the same genes and groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard._ui.latent_groups import Sets, grouping_key

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.latent_state import LatentView
    from scdyn_core.evaluation.expression.summary import SampledCells


@dataclass(frozen=True)
class Drawn:
    """What is drawn: genes, and groups of cells with what tells them apart from others."""

    view: LatentView
    genes: tuple[str, ...]
    groups: Sets
    grouping: str


def read_summary(drawn: Drawn) -> pd.DataFrame:
    """Return means, shares and quantiles of the genes in the groups; never change them."""
    return _summary(drawn.view.atlas, drawn.groups, *_key(drawn))


def read_cells(drawn: Drawn, most: int) -> SampledCells:
    """Return values of at most ``most`` cells of each group; never change them."""
    return _cells(drawn.view.atlas, drawn.groups, *_key(drawn), most)


def _key(drawn: Drawn) -> tuple[str, tuple[str, ...], str]:
    return drawn.view.atlas.meta.key, drawn.genes, grouping_key(drawn.groups, drawn.grouping)


@st.cache_resource(max_entries=24, show_spinner="Reading genes…")
def _summary(
    _atlas: Any, _groups: Any, atlas: str, genes: tuple[str, ...], groups: str
) -> pd.DataFrame:
    from scdyn_core.evaluation.expression.summary import expression_summary

    return expression_summary(_atlas, genes, _groups)


@st.cache_resource(max_entries=24, show_spinner="Reading genes…")
def _cells(
    _atlas: Any, _groups: Any, atlas: str, genes: tuple[str, ...], groups: str, most: int
) -> SampledCells:
    from scdyn_core.evaluation.expression.summary import sampled_cells

    return sampled_cells(_atlas, genes, _groups, most)
