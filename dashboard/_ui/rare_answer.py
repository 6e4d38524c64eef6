"""Does resampling help: the answer, the same for each type, and what every way drew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, table
from dashboard._ui.rare_experiment import is_answered, show_answer
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.selection import remember, remembered

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

FORMATS = dict.fromkeys(("uniform", "value"), "%.4g") | dict.fromkeys(
    ("difference", "low", "high"), "%+.4g"
)
HOW_TO_READ = (
    "Each pair gives every way of drawing the same split, the same start and equally many steps; "
    "bars are 95 % intervals of the difference to uniform over pairs, and the shaded side is "
    "better. **●** better, **✕** worse: so far from 0 that the number of questions asked does "
    "not explain it (Holm); **○** no difference seen, whatever side it lies on. Bars at the edge "
    "go on beyond it."
)
#: What a column of arms is called on the page.
ARM = "way_of_drawing"
UNIFORM = "uniform"
PARTS = {"all": "all cells", "macro": "mean over types", "rare": "rare types"}


def show_arms(run: Run) -> None:
    """Draw the answer, the forest plot and the numbers."""
    from scdyn_core.plots.rare_arms import WHOLES, arm_forest_figure

    if not is_answered(run):
        return
    comparison = needed(run, "arm_comparison")
    answer = needed(run, "answer")
    show_answer(answer, good=str(answer["recommended"].iloc[0]) != UNIFORM)
    chart(
        arm_forest_figure(comparison, palette=palette()),
        name="resampling_forest",
        key="rare/forest",
        data=comparison[comparison["cell_type"].isin(WHOLES)],
    )
    st.caption(HOW_TO_READ)
    own = comparison[comparison["cell_type"].isin(WHOLES)]
    table(named(own), name="arm_comparison", key="rare/comparison",
          columns=columns_of(comparison), formats=FORMATS)  # fmt: skip
    csv_button(lambda: needed(run, "arm_scores"), name="arm_scores", key="rare/arm_scores",
               label="Every pair")  # fmt: skip


def show_each_type(run: Run) -> None:
    """Draw one metric of every cell type."""
    from scdyn_core.evaluation.representation.rows import row_name
    from scdyn_core.plots.rare_arms import arm_order, type_forest_figure

    if not is_answered(run):
        return
    comparison, masses = needed(run, "arm_comparison"), needed(run, "arm_mass")
    shares = masses.groupby("cell_type", observed=True)["share"].mean().sort_values(kind="stable")
    # A type may be called like a row that is of no single type.
    shares.index = [row_name(str(name)) for name in shares.index]
    of_types = comparison[comparison["cell_type"].isin(list(shares.index))]
    metrics = [str(name) for name in of_types["metric"].unique()]
    if not metrics:
        st.info("No type had test cells in every pair.", icon=":material/label_off:")
        return
    metric = _choose(metrics)
    chart(
        type_forest_figure(of_types, metric, list(shares.index), palette=palette()),
        name=f"resampling_{metric}_by_type",
        key="rare/type_forest",
        data=of_types[of_types["metric"] == metric],
    )
    st.caption("Rarest type on top. " + HOW_TO_READ)
    own = of_types[of_types["metric"] == metric].assign(
        share=of_types["cell_type"].map(shares).astype(float)
    )
    types, arms = list(shares.index), arm_order(own["arm"])
    own = own.sort_values(
        ["cell_type", "arm"],
        key=lambda names: names.astype(str).map(
            (types if names.name == "cell_type" else arms).index
        ),
    )
    table(named(own), name=f"{metric}_by_type", key="rare/type_comparison",
          columns=columns_of(comparison) | {"share": "of the training cells"},
          formats=FORMATS | {"share": "percent"})  # fmt: skip


def show_drawn(run: Run) -> None:
    """Draw what every way of drawing drew."""
    from scdyn_core.plots.rare_arms import arm_mass_figure

    if not is_answered(run):
        return
    masses = needed(run, "arm_mass")
    chart(arm_mass_figure(masses, palette=palette()), name="arm_mass", key="rare/arm_mass",
          data=masses)  # fmt: skip
    st.caption("Share of the drawn cells after the last refresh, mean over pairs; rarest type on "
               "top. The line is what uniform draws.")  # fmt: skip
    table(drawn_by_arm(needed(run, "arm_sampling"), masses), name="arm_sampling",
          key="rare/arm_sampling", columns=_DRAWN,
          formats={"effective_share": "percent", "largest_weight": "%.3g",
                   "never_drawn": "%.1f"})  # fmt: skip


def drawn_by_arm(log: pd.DataFrame, masses: pd.DataFrame) -> pd.DataFrame:
    """Return how uneven each way drew after its last refresh, and how many cells it left out."""
    from scdyn_core.plots.rare_looks import arm_name

    last = log[log["epoch"] == log.groupby(["arm", "seed"])["epoch"].transform("max")]
    told = last.groupby("arm", sort=False)[["effective_share", "most"]].mean()
    never = masses.groupby(["arm", "seed"], sort=False)["never_drawn"].sum()
    told["never_drawn"] = never.groupby("arm", sort=False).mean()
    told = told.rename(columns={"most": "largest_weight"}).reset_index()
    return told.assign(arm=told["arm"].map(arm_name)).rename(columns={"arm": ARM})


_DRAWN = {
    "effective_share": "effective sample size after the last refresh, as a share of the cells",
    "largest_weight": "in times the uniform one",
    "never_drawn": "training cells that no step ever saw, mean over pairs",
}


def _choose(metrics: list[str]) -> str:
    key = "rare/metric"
    asked = remembered("metric")
    st.session_state[key] = asked if asked in metrics else metrics[0]
    metric: str = st.segmented_control(
        "Metric", metrics, required=True, key=key, label_visibility="collapsed",
        format_func=lambda name: name[:1].upper() + name[1:],
        on_change=lambda: remember("metric", st.session_state[key]),
    )  # fmt: skip
    remember("metric", metric)
    return metric


def named(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table of an experiment with ways of drawing and groups of cells in words."""
    from scdyn_core.plots.rare_looks import arm_name

    told = rows.assign(arm=rows["arm"].map(arm_name))
    if "cell_type" in told:
        told["cell_type"] = [PARTS.get(str(name), name) for name in told["cell_type"]]
    return told.rename(columns={"arm": ARM})


def needed(run: Run, name: str) -> pd.DataFrame:
    """Return a table that every answered experiment has (never change it)."""
    frame = table_of(run, name)
    assert frame is not None, f"an answered experiment has the table {name}"
    return frame
