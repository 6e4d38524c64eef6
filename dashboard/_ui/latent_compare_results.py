"""What a comparison of two sets found: its facts, volcano and genes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import heading, table
from dashboard._ui.latent_panel import MOST, add_to_panel, panel_genes
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.latent_compare_choice import Chosen
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.evaluation.expression.comparison import Comparison, Facts

#: Genes added to the panel at a time, half of them from each set.
TOP = 10
#: Genes named in the volcano: beside the search it is narrow.
LABELLED = 8
_VOLCANO, _FOUND = "latent/compare/volcano", "latent/compare/found"
FORMATS = dict.fromkeys(("p", "p_adjusted"), "%.1e") | dict.fromkeys(
    ("z", "wald", "log2_fold_change", "difference", "log2_fold_change_se", "mean_first",
     "mean_second", "base_mean", "fraction_first", "fraction_second"), "%.3g",
)  # fmt: skip


def show_comparison(view: LatentView, chosen: Chosen, answer: Comparison) -> None:
    """Draw what was found."""
    from scdyn_core.evaluation.expression.statements import can_claim, cautions, purpose

    facts = answer.facts
    st.markdown(_facts_words(facts, chosen))
    known = view.atlas.meta.has_counts and view.record.roles.sample is not None
    said = purpose(facts, known)
    if can_claim(facts):
        st.success(said, icon=":material/groups:")
    else:
        st.warning(said, icon=":material/explore:")
    for sentence in cautions(facts, from_expression=chosen.from_expression):
        st.caption(f":material/info: {sentence}")
    left, right = st.columns([7, 3], gap="medium")
    with right:
        found = _find(view, answer)
    with left:
        _volcano(view, chosen, answer, found)
    table(answer.table, name="comparison", key="latent/compare/table", formats=FORMATS,
          columns=answer.table.attrs.get("columns"), height=380)  # fmt: skip


def _facts_words(facts: Facts, chosen: Chosen) -> str:
    first, second = (plain(name, 60) for name in chosen.names)
    tested = f"{count(facts.tested, 'gene')} tested"
    if facts.tested < facts.genes:
        tested += f" of {facts.genes:,}"
    words = [
        f"**{first}** {count(facts.first, 'cell')}",
        f"**{second}** {count(facts.second, 'cell')}",
        tested,
        f"**{facts.changed:,}** differ (adjusted p below 5 %)",
    ]
    if facts.samples is not None:
        how = "compared within samples" if facts.samples.paired else "different samples"
        words.insert(2, f"{facts.samples.first} and {facts.samples.second} pseudobulks by "
                        f"{plain(facts.samples.column, 60)}, {how}")  # fmt: skip
    return " · ".join(words)


def _volcano(view: LatentView, chosen: Chosen, answer: Comparison, found: str | None) -> None:
    from scdyn_core.plots.expression_volcano import expression_volcano_figure

    genes = answer.table
    named = [*panel_genes(view), *([] if found is None else [found])]
    chart(
        expression_volcano_figure(
            genes, chosen.names, labelled=LABELLED, named=named, palette=palette()
        ),
        name="volcano",
        key=_VOLCANO,
        data=genes,
        on_select=lambda: _look_at_clicked(genes["gene"]),
        selection_mode="points",
    )
    seen = "Genes that no cell of a set expresses stand at the edge." if (
        answer.facts.method == "wilcoxon" and answer.facts.scale == "log") else ""  # fmt: skip
    st.caption(f"Named: the surest genes and those of the panel. {seen}")


def _find(view: LatentView, answer: Comparison) -> str | None:
    """Draw the search for a gene, its numbers, and what can be added to the panel."""
    genes = answer.table
    if st.session_state.get(_FOUND) not in view.atlas:
        st.session_state[_FOUND] = None
    gene: str | None = st.selectbox(
        "Find a gene", genes["gene"].tolist(), index=None, key=_FOUND,
        placeholder="type, or click one in the figure",
    )  # fmt: skip
    if gene is not None:
        _numbers(genes[genes["gene"] == gene].iloc[0], genes.attrs.get("columns", {}))
        st.button(
            "Add it to the panel", key="latent/compare/add_one", icon=":material/add:",
            on_click=add_to_panel, args=(view, [gene]),
            disabled=gene in panel_genes(view) or _full(view),
            help=f"The panel is full: it has {MOST} genes." if _full(view) else None,
        )  # fmt: skip
    top = top_genes(genes)
    st.button(
        f"Add top {len(top)} to the panel", key="latent/compare/add",
        icon=":material/playlist_add:", on_click=add_to_panel, args=(view, top),
        disabled=not top or set(top) <= set(panel_genes(view)) or _full(view),
        help=_why_not_add(view, top),
    )  # fmt: skip
    return gene


def _numbers(row: pd.Series, meanings: Mapping[str, str]) -> None:
    lines = [
        f"{heading(name)} **{FORMATS[name] % row[name]}**"
        for name in meanings
        if name in FORMATS and row[name] == row[name]
    ]
    st.markdown("  \n".join([f"**{plain(row['gene'])}**", *lines]))


def top_genes(genes: pd.DataFrame) -> list[str]:
    """Return the surest genes that differ, half of them higher in each set where there are."""
    from scdyn_core.evaluation.expression.comparison import SIGNIFICANT

    score = "z" if "z" in genes else "wald"
    changed = genes[genes["p_adjusted"] < SIGNIFICANT]
    up, down = changed[changed[score] > 0]["gene"], changed[changed[score] < 0]["gene"]
    few = min(TOP // 2, len(down))
    return [*up[: TOP - few], *down[:few]]


def _full(view: LatentView) -> bool:
    return len(panel_genes(view)) >= MOST


def _why_not_add(view: LatentView, top: list[str]) -> str:
    if not top:
        return "No gene differs (adjusted p below 5 %)."
    if _full(view):
        return f"The panel is full: it has {MOST} genes."
    return "The genes that differ most surely, half of them higher in each set where there are."


def _look_at_clicked(names: pd.Series) -> None:
    points = st.session_state[_VOLCANO]["selection"]["points"]
    rows = [int(point["customdata"][0]) for point in points if point.get("customdata")]
    if rows and rows[0] < len(names):
        st.session_state[_FOUND] = str(names.iloc[rows[0]])
