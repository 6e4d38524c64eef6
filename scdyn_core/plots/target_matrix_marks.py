"""What lies on the squares of the matrix of targets: doubts, planted truth, points to click."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import Palette
from scdyn_core.plots.pickable import MOST_PICKABLE
from scdyn_core.plots.text import escaped

#: Share of replicates below which a shift is marked as unsure.
SURE = 0.8
#: Height of a row from which squares have gaps and frames, pixels.
FRAMED = 8.0


def add_doubts(figure: go.Figure, table: pd.DataFrame, palette: Palette) -> None:
    """Mark what not all replicates agree on."""
    on = table["on"].astype(bool)
    unsure = table[on & (table["stability"] < SURE)]
    some = table[~on & (table["stability"] > 0)]
    for own, name, marker in (
        (unsure, f"on in less than {SURE:.0%} of replicates",
         {"symbol": "circle", "size": 6, "color": palette.background,
          "line": {"width": 1.2, "color": palette.ink}}),
        (some, "on in fewer than half",
         {"symbol": "circle-open", "size": 5, "color": palette.muted, "line": {"width": 1}}),
    ):  # fmt: skip
        if len(own):
            figure.add_trace(
                go.Scatter(x=own["x"], y=own["y"], mode="markers", name=name, marker=marker,
                           hoverinfo="skip", unselected={"marker": {"opacity": 1.0}})
            )  # fmt: skip


def add_truth(
    figure: go.Figure, true: pd.DataFrame, table: pd.DataFrame, pixels: float, palette: Palette
) -> None:
    """Frame every planted target; where squares are too small for it, mark what is wrong."""
    if pixels >= FRAMED:
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1], [np.nan, np.nan]]) * 0.49
        # One line with breaks, as many shapes would be slow.
        lines = (true[["x", "y"]].to_numpy()[:, None] + corners).reshape(-1, 2)
        figure.add_trace(
            go.Scatter(
                x=lines[:, 0], y=lines[:, 1], mode="lines", name="planted target",
                hoverinfo="skip", line={"color": palette.ink, "width": 1.6},
            )
        )  # fmt: skip
        return
    keys = ["perturbation", "latent"]
    on = table[table["on"].astype(bool)]
    planted, found = (pd.MultiIndex.from_frame(each[keys]) for each in (true, on))
    for own, name, symbol in (
        (true[~planted.isin(found)], "planted, but off", "triangle-right-open"),
        (on[~found.isin(planted)], "on, but not planted", "x-thin-open"),
    ):
        figure.add_trace(
            go.Scatter(
                x=own["x"], y=own["y"], mode="markers", hoverinfo="skip",
                name=f"{name} ({len(own):,})",
                marker={"symbol": symbol, "size": 7, "color": palette.ink, "line": {"width": 1.2}},
            )
        )  # fmt: skip


def pickable_squares(
    table: pd.DataFrame, perturbations: pd.DataFrame, latents: pd.DataFrame | None, pixels: float
) -> go.Scatter | go.Scattergl:
    """Return invisible points that tell what is there and can be clicked."""
    first = table["on"].astype(bool).to_numpy() | (table["stability"] > 0).to_numpy()
    kept = table.iloc[np.argsort(~first, kind="stable")[:MOST_PICKABLE]]
    row = pd.Series(np.arange(len(perturbations)), perturbations["perturbation"])
    genes = _genes(latents)
    text = [
        f"<b>{escaped(name)}</b>, latent {latent}<br>"
        + (f"shift {effect:+.2f} sd" + (f" ± {sd:.2f}" if np.isfinite(sd) else "") if on else "off")
        + f"<br>on in {stability:.0%} of replicates{genes.get(latent, '')}"
        for name, latent, effect, sd, on, stability in zip(
            kept["perturbation"], kept["latent"], kept["effect"], kept["effect_sd"],
            kept["on"].astype(bool), kept["stability"], strict=True,
        )
    ]  # fmt: skip
    kind = go.Scatter if len(kept) <= 3_000 else go.Scattergl
    return kind(
        x=kept["x"], y=kept["y"], mode="markers", text=text, showlegend=False,
        marker={"size": float(np.clip(pixels, 3, 18)), "symbol": "square",
                "color": "rgba(0,0,0,0)"},
        # Lists, not arrays: those of an array come back from the browser as objects.
        customdata=[[int(row[name]), int(latent)] for name, latent in
                    zip(kept["perturbation"], kept["latent"], strict=True)],
        hovertemplate="%{text}<extra></extra>",
        selected={"marker": {"color": "rgba(0,0,0,0)"}}, unselected={"marker": {"opacity": 0}},
    )  # fmt: skip


def _genes(latents: pd.DataFrame | None) -> dict[int, str]:
    if latents is None:
        return {}
    return {
        int(latent): f"<br>latent up: {escaped(up)}<br>latent down: {escaped(down)}"
        for latent, up, down in zip(
            latents["latent"], latents["top_up"], latents["top_down"], strict=True
        )
    }
