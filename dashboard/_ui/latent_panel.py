"""The gene panel: genes looked at together, shared by the views of the page, kept in the URL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.greyed import greyed
from dashboard._ui.selection import forget, remember, remembered
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.runs.run import Run

MOST = 24
_NAME, _CHOICE, _PASTED, _SAID = "genes", "latent/genes", "latent/pasted", "latent/pasted_said"
_MOST_SAID = 8
_LONGEST_LIST = 20_000


def panel_genes(view: LatentView) -> list[str]:
    """Return the genes of the panel that the data have, in the order they were added."""
    asked = _apart(remembered(_NAME, view.record.id) or "")
    return [gene for gene in dict.fromkeys(asked) if gene in view.atlas][:MOST]


def add_to_panel(view: LatentView, genes: Sequence[str]) -> None:
    """Add genes at the end (a callback, or before the panel is drawn)."""
    _keep(view, [*dict.fromkeys([*panel_genes(view), *genes])][:MOST])


def choose_panel(view: LatentView) -> list[str]:
    """Draw the panel: genes are searched by typing, or pasted as a list."""
    left, right = st.columns([6, 1], vertical_alignment="bottom")
    st.session_state[_CHOICE] = panel_genes(view)
    with left:
        chosen: list[str] = st.multiselect(
            "Gene panel",
            view.atlas.genes,
            key=_CHOICE,
            max_selections=MOST,
            placeholder="type to search among the genes of these data",
            help="Shared by all views of this page and kept in its address",
            on_change=lambda: _keep(view, st.session_state[_CHOICE]),
        )
    with right.popover("Paste", icon=":material/content_paste:", help="Paste a list of genes"):
        st.text_area("Genes, separated by commas, blanks or lines", key=_PASTED,
                     max_chars=_LONGEST_LIST)  # fmt: skip
        added, cleared = st.columns(2)
        added.button("Add", key="latent/paste", icon=":material/add:", type="primary",
                     on_click=_paste, args=(view,))  # fmt: skip
        if view.run is not None and (told := _told_of(view.of, view.run)):
            st.button("Add what the run says most of", key="latent/told", icon=":material/star:",
                      on_click=add_to_panel, args=(view, told),
                      help="Genes its latents move most, its responses change most, or its "
                      "network starts from")  # fmt: skip
        cleared.button("Clear panel", key="latent/clear", icon=":material/backspace:",
                       on_click=_keep, args=(view, []),
                       **greyed(None if chosen else "The panel is empty."))  # fmt: skip
    _say_unknown(view)
    return chosen


def _paste(view: LatentView) -> None:
    """Add the pasted genes; upper and lower case need not be right."""
    words = [word for word in re.split(r"[\s,;]+", st.session_state[_PASTED]) if word]
    known = {gene.upper(): gene for gene in reversed(view.atlas.genes)}
    found = [word if word in view.atlas else known.get(word.upper()) for word in words]
    genes = list(dict.fromkeys(gene for gene in found if gene is not None))
    wanted = {*panel_genes(view), *genes}
    unknown = [word for word, gene in zip(words, found, strict=True) if gene is None]
    st.session_state[_SAID] = (unknown, max(len(wanted) - MOST, 0))
    st.session_state[_PASTED] = ""
    add_to_panel(view, genes)


def _say_unknown(view: LatentView) -> None:
    """Say which genes could not be shown: pasted ones, and those a link named."""
    unknown, no_room = st.session_state.pop(_SAID, ([], 0))
    asked = _apart(st.query_params.get(_NAME) or "")
    unknown = [*dict.fromkeys([*unknown, *(gene for gene in asked if gene not in view.atlas)])]
    unknown = [gene for gene in unknown if gene]
    if unknown:
        some = ", ".join(plain(gene, 40) for gene in unknown[:_MOST_SAID])
        more = f" and {len(unknown) - _MOST_SAID:,} more" if len(unknown) > _MOST_SAID else ""
        st.warning(f"Not among the genes of these data: {some}{more}.",
                   icon=":material/search_off:")  # fmt: skip
    if no_room:
        st.warning(f"A panel has at most {MOST} genes: {count(no_room, 'gene')} left out.",
                   icon=":material/search_off:")  # fmt: skip


def _keep(view: LatentView, genes: Sequence[str]) -> None:
    if genes:
        told = ",".join(gene.replace("\\", "\\\\").replace(",", "\\,") for gene in genes)
        remember(_NAME, told, view.record.id)
    else:
        forget(_NAME, view.record.id)


def _apart(told: str) -> list[str]:
    """Return the genes of a list with commas; those in names have a backslash before them."""
    return [re.sub(r"\\(.)", r"\1", gene) for gene in re.findall(r"(?:\\.|[^,\\])+", told)]


@st.cache_data(max_entries=16, show_spinner=False)
def _told_of(run_id: str, _run: Run) -> list[str]:
    from scdyn_core.runs.suggested_genes import suggested_genes

    return suggested_genes(_run)
