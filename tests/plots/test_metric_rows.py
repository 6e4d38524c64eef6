"""Losses and draws are told apart in the metrics of a run."""

import pandas as pd

from scdyn_core.plots.loss_comparison import loss_comparison_figure
from scdyn_core.plots.loss_curves import loss_figure, terms_of
from scdyn_core.plots.metric_rows import draws_of, losses_of
from scdyn_core.plots.rare_epochs import sampling_epochs_figure
from tests.plots.synthetic_run import metrics


def draws(replicates: int = 2) -> list[dict[str, float | int | str]]:
    """Rows as the training loop writes them when it finds weights."""
    return [
        {
            "phase": "fit", "epoch": epoch, "epoch_total": epoch, "part": "sampling",
            "replicate": replicate, "effective_share": 1 - epoch / 200, "most": 1 + epoch / 10,
            "mass/<b>T": 0.2, "mass/B": 0.8,
        }
        for epoch in (0, 20, 60)
        for replicate in range(replicates)
    ]  # fmt: skip


def test_losses_are_what_they_are_without_draws() -> None:
    alone = pd.DataFrame(metrics())
    mixed = pd.DataFrame([*draws(), *metrics()])
    assert terms_of(losses_of(mixed)) == terms_of(alone)
    assert len(losses_of(mixed)) == len(alone)
    assert losses_of(alone) is alone
    assert loss_figure(mixed).to_plotly_json()["data"] is not None
    titles = [note.text for note in loss_figure(mixed).layout.annotations]
    assert not any("mass" in str(title) or "most" in str(title) for title in titles)
    assert len(loss_figure(mixed).data) == len(loss_figure(alone).data)


def test_draws_have_the_columns_of_the_table_of_a_finished_run() -> None:
    found = draws_of(pd.DataFrame([*draws(), *metrics()]))
    assert set(found.columns) == {"replicate", "phase", "epoch", "effective_share", "most"}
    assert found["epoch"].tolist() == [0, 0, 20, 20, 60, 60]
    assert len(sampling_epochs_figure(found).data)


def test_runs_without_draws_or_without_anything_have_none() -> None:
    assert draws_of(pd.DataFrame(metrics())).empty
    assert draws_of(pd.DataFrame()).empty
    assert losses_of(pd.DataFrame()).empty


def test_a_run_that_has_only_drawn_so_far_has_no_curve_yet() -> None:
    figure = loss_comparison_figure(
        {"new": pd.DataFrame(draws()), "old": pd.DataFrame([*draws(), *metrics()])}
    )
    assert [trace.name for trace in figure.data if trace.mode == "lines"] == ["old"]
