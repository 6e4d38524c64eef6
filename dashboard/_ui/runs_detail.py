"""One run: how far it is, its losses while it trains, its log, its settings, its scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.check_view import show_check
from dashboard._ui.check_words import check_words
from dashboard._ui.downloads import table
from dashboard._ui.errors import show_error_parts
from dashboard._ui.metric_words import meanings
from dashboard._ui.preview_view import show_steps
from dashboard._ui.rare_answer import named
from dashboard._ui.rare_words import ONCE
from dashboard._ui.results_page import has_losses
from dashboard._ui.run_stale import show_stale
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.run_words import ago, duration, progress_bar, run_title, status_badge
from dashboard._ui.runs_actions import show_actions, show_note
from dashboard._ui.runs_label import asked_words
from dashboard._ui.runs_list import REFRESH_SECONDS, is_active
from dashboard._ui.runs_scores import score_frame
from dashboard._ui.text import count, plain
from scdyn_core.runs.comparison.settings import settings_rows, training_settings

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

LOG_LINES = 200
LONGEST = 1000
LOG_HEIGHT = 320


def show_detail(run: Run) -> None:
    """Draw everything there is to know of one run."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(run_title(run), width="content", anchor=False)
        status_badge(run.state.status)
    st.caption(_history(run))
    show_actions(run)
    show_note(run)
    if run.state.status == "done":
        show_stale(run)
    if run.state.error is not None:
        show_error_parts(run.state.error)
    live = is_active(run)
    st.fragment(_live, run_every=REFRESH_SECONDS if live else None)(run, run.state.status)


def _history(run: Run) -> str:
    state = run.state
    words = [f"created {ago(state.created)}"]
    if state.started and state.ended:
        words.append(f"took {duration(state.ended - state.started)}")
    if run.spec.kind in ("train", "experiment"):
        words.append(f"preset {run.spec.preset or 'own'}")
    if run.spec.kind == "train":
        words.append(count(run.spec.options.replicates, "replicate"))
    if run.spec.kind == "experiment":
        words.append(asked_words(run.spec.experiment))
    return " · ".join(words)


def _live(run: Run, drawn_as: str) -> None:
    if run.state.status != drawn_as:
        st.rerun()  # buttons and results depend on the state
    if drawn_as == "running":
        progress_bar(run)
    elif drawn_as == "queued":
        st.info("Waits for a free slot; the run that is working now goes first.")
    views = {"Log": _log, "Settings": _settings}
    if run.spec.kind == "train":
        training = {"Training": show_losses} if has_losses(run) else {}
        key, views = "run_view", {**training, "Scores": show_scores, **views}
    elif run.spec.kind == "check":
        key, views = (
            "check_view",
            {check_words(run.spec.method).tab: _found, "Steps": _steps, **views},
        )
    elif run.spec.kind == "experiment":
        key, views = "experiment_view", {"Answer": _answer, "Steps": _steps, **views}
    else:
        key, views = "prepare_view", {"Steps": _steps, **views}
    for tab, show in zip(
        st.tabs(list(views), key=key, bind="query-params"), views.values(), strict=True
    ):
        # A live page is drawn every two seconds: only what is looked at.
        if tab.open:
            with tab:
                show(run)


def _found(run: Run) -> None:
    show_check(run, key=f"check/{run.id}")


def _answer(run: Run) -> None:
    """Say what an experiment found; the page of its results shows what it rests on."""
    answer = table_of(run, "answer") if run.state.status == "done" else None
    if answer is None:
        st.caption("The answer appears here when all models are trained.")
        return
    for sentence in answer["sentence"]:
        st.markdown(plain(sentence, LONGEST))
    for name in ("arm_comparison", "unseen_summary"):
        rows = table_of(run, name)
        if rows is not None:
            table(named(rows), name=f"{name}_{run.id}", key=f"{name}/{run.id}",
                  columns=columns_of(rows))  # fmt: skip


def _steps(run: Run) -> None:
    prepared = run.prepared
    if prepared is None:
        st.caption("What every step did appears here when the data are prepared.")
    else:
        show_steps(prepared.records, f"steps/{run.id}")


def show_losses(run: Run) -> None:
    """Draw the losses of a training."""
    from scdyn_core.plots.loss_curves import loss_figure
    from scdyn_core.plots.metric_rows import draws_of, losses_of

    rows = run.metrics()
    metrics = losses_of(rows)
    if metrics.empty:
        st.caption("The first losses appear after the data are prepared.")
        return
    chart(
        loss_figure(metrics, palette=palette()),
        name=f"losses_{run.id}",
        key=f"losses/{run.id}",
        data=metrics,
    )
    st.caption(
        "Median over the replicates; bands: their range. Dotted lines: where a phase of the "
        "training begins (every phase weighs the terms differently, so the loss may jump). Where "
        "the training curve lies above that of validation data, noise was added to the "
        "training data on purpose."
    )
    if run.spec.options.sampling.scheme != "uniform":
        _draws(run, draws_of(rows))


def _draws(run: Run, draws: pd.DataFrame) -> None:
    """Draw how uneven the draws became while the model learned."""
    from scdyn_core.plots.rare_epochs import sampling_epochs_figure
    from scdyn_core.training.resampling.words import sampler_name

    if draws.empty:
        return
    st.markdown(f"**Cells drawn: {sampler_name(run.spec.options.sampling)}**")
    if not run.spec.options.sampling.adaptive:
        last = draws.groupby("replicate").last()
        st.markdown(
            f"Effective sample size: **{last['effective_share'].mean():.0%}** of the cells; "
            f"largest weight: **{last['most'].mean():.2g}** times the uniform one. {ONCE}"
        )
        return
    chart(
        sampling_epochs_figure(draws, palette=palette()),
        name=f"draws_{run.id}",
        key=f"draws/{run.id}",
        data=draws,
    )
    st.caption(
        "Effective sample size: how many cells drawn evenly would be as varied (100 %: uniform). "
        "Largest weight: how much more often than uniform the most favoured cell is drawn. Every "
        "point: weights found again."
    )


def show_scores(run: Run) -> None:
    """Draw the scores beside their baselines, or say when there will be some."""
    from scdyn_core.plots.score_dots import score_figure

    scores = run.scores()
    if not scores:
        st.caption("Scores are measured when the run is done.")
        return
    chart(
        score_figure(scores, palette=palette()),
        name=f"scores_{run.id}",
        key=f"scores/{run.id}",
    )
    told = meanings([score.metric for score in scores])
    if all(score.measured_on == "test cells" for score in scores):
        told = (
            "On cells that training never touched. Shares and R² are 1 for a perfect prediction, "
            f"0 for one no better than nothing, and below 0 for a worse one. {told}"
        )
    st.caption(told)
    frame = score_frame({run.id: scores}).drop(columns="run")
    table(frame, name=f"scores_{run.id}", key=f"score_table/{run.id}")


def _log(run: Run) -> None:
    st.code(run.log(LOG_LINES) or "Nothing logged yet.", language=None, height=LOG_HEIGHT)


def _settings(run: Run) -> None:
    import pandas as pd

    spec = run.spec
    values = {
        **spec.config,
        "training": training_settings(spec.options),
        "recipe": spec.recipe.name,
    }
    if spec.kind == "experiment":
        values["experiment"] = spec.experiment
    rows = settings_rows({"value": values}, only_differences=False)
    table(pd.DataFrame(rows), name=f"settings_{run.id}", key=f"settings/{run.id}")
    st.download_button(
        "config.json",
        data=spec.model_dump_json(indent=1),
        file_name=f"{run.id}.json",
        mime="application/json",
        key=f"config/{run.id}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help="Everything needed to repeat this run",
    )
