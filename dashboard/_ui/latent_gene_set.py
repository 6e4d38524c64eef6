"""Cells coloured by a set of genes: where sets come from, which one, and its scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard._ui.aside_jobs import aside_job, shown
from dashboard._ui.errors import errors_shown
from dashboard._ui.gene_set_choice import choose_gene_sets
from dashboard._ui.latent_panel import panel_genes
from dashboard._ui.selection import remember
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.data.gene_sets import GeneSets

#: The genes of the panel, as a set.
PANEL = "Gene panel"
_SETS = "latent/gene_sets"
#: Which genes of a level are drawn to compare with; the same for everybody who looks.
_SEED = 0


def choose_gene_set(view: LatentView, asked: str, *, name: str) -> str | None:
    """Draw the choice of a set of genes, and where more come from."""
    known = _known(view)
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    place = right.popover("", icon=":material/upload:", help="Load gene sets")
    with place, st.container(width=440), errors_shown():
        loaded = choose_gene_sets(f"latent/{name}")
        if loaded is not None:
            st.session_state[_SETS] = loaded
            st.rerun()
    if not known:
        left.caption("Load gene sets, or put genes into the panel (view **Genes**).")
        return None
    key = f"latent/{name}/gene_set"
    wanted = asked.removeprefix("set/") if asked.startswith("set/") else None
    if wanted in known:
        st.session_state[key] = wanted
    elif st.session_state.get(key) not in known:
        st.session_state[key] = next(iter(known))
    chosen = left.selectbox(
        "Gene set", list(known), key=key, label_visibility="collapsed", help="Type to search",
        on_change=lambda: remember(name, f"set/{st.session_state[key]}", view.record.id),
    )  # fmt: skip
    return f"set/{chosen}"


def gene_set_values(view: LatentView, name: str) -> NDArray[np.float32] | None:
    """Return the score of every cell; while it is computed, draw the progress."""
    from scdyn_core.aside.tasks.score_gene_set import SCORES

    genes = _known(view).get(name)
    if genes is None:
        st.info(f"The gene set {plain(name)} is not loaded: load it again.",
                icon=":material/info:")  # fmt: skip
        return None
    request = {"atlas": str(view.atlas.folder), "genes": sorted(genes), "seed": _SEED}
    job = aside_job("score_gene_set", request)
    answer = shown(job, f"Scoring {plain(name)}", key=f"latent/score/{name}")
    if answer is None:
        return None
    st.caption(
        f"Mean of {count(answer['genes'], 'gene')} of {answer['of']:,} minus that of other genes "
        "of the same level (Tirosh et al. 2016)."
    )
    scores: NDArray[np.float32] = np.load(job.folder / SCORES, allow_pickle=False)
    return scores


def _known(view: LatentView) -> dict[str, frozenset[str]]:
    panel = panel_genes(view)
    loaded: GeneSets | None = st.session_state.get(_SETS)
    own = {PANEL: frozenset(panel)} if panel else {}
    return {**own, **(dict(loaded.sets) if loaded is not None else {})}
