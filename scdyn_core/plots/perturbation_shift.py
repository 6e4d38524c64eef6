"""What one perturbation does to the latents: the shift of each, replicate by replicate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_looks import keep_colours
from scdyn_core.plots.style import legend_at_bottom, styled

#: Pixels of a latent, at most and at least, of all of them, and beside them; least reach, sd.
_ROW, _LEAST, _MOST, _EDGES, LEAST_REACH = 26.0, 14.0, 420.0, 150.0, 0.5


def perturbation_shift_figure(
    targets: pd.DataFrame, perturbation: str, *, palette: Palette = LIGHT
) -> go.Figure:
    """Draw the mean shift of every latent as a lollipop, with every replicate as a small dot.

    Parameters
    ----------
    targets
        A run's table: replicate, perturbation, latent, effect, on.
    perturbation
        Its name as it came.
    palette
        Colours. The number of a latent is ``customdata[0]`` of its points.
    """
    own = targets[targets["perturbation"] == perturbation]
    latents = own.groupby("latent").agg(effect=("effect", "mean"), stability=("on", "mean"))
    on = (latents["stability"] > 0.5).to_numpy()
    y = {latent: place for place, latent in enumerate(latents.index)}
    figure = go.Figure()
    for chosen, name, colour in (
        (~on, "off", palette.baseline),
        (on & (latents["effect"] > 0).to_numpy(), "shifted up", palette.diverging[-3]),
        (on & (latents["effect"] <= 0).to_numpy(), "shifted down", palette.diverging[1]),
    ):
        if not chosen.any():
            continue
        part = latents[chosen]
        stems = np.column_stack([np.zeros(len(part)), part["effect"], np.full(len(part), np.nan)])
        places = np.array([y[latent] for latent in part.index], dtype=np.float64)
        figure.add_trace(
            go.Scatter(
                x=stems.ravel(), y=np.repeat(places, 3), mode="lines", hoverinfo="skip",
                line={"color": colour, "width": 3}, showlegend=False,
            )
        )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=part["effect"], y=places, mode="markers", name=name,
                marker={"size": 12, "color": colour,
                        "symbol": "circle-open" if name == "off" else "circle",
                        "line": {"width": 2 if name == "off" else 0}},
                customdata=[[int(latent)] for latent in part.index],
                text=[f"<b>latent {latent}</b>: {effect:+.2f} sd<br>on in {share:.0%} of replicates"
                      for latent, effect, share in
                      zip(part.index, part["effect"], part["stability"], strict=True)],
                hovertemplate="%{text}<extra></extra>",
            )
        )  # fmt: skip
    _replicates(figure, own, y, palette)
    row = float(np.clip(_MOST / max(len(latents), 1), _LEAST, _ROW))
    styled(figure, palette, height=_EDGES + row * max(len(latents), 3))
    figure.add_vline(x=0, line={"color": palette.ink, "width": 1})
    reach = max(LEAST_REACH, 1.08 * float(own["effect"].abs().max()) if len(own) else 0.0)
    figure.update_xaxes(title_text="shift (sd of the latent)", range=[-reach, reach])
    figure.update_yaxes(
        tickvals=list(y.values()), ticktext=[f"latent {latent}" for latent in y],
        range=[len(y) - 0.4, -0.6], showline=False, ticks="", automargin=True, showgrid=True,
        gridcolor=palette.grid,
    )  # fmt: skip
    legend_at_bottom(figure)
    keep_colours(figure)
    return figure


def _replicates(figure: go.Figure, own: pd.DataFrame, y: dict[int, int], palette: Palette) -> None:
    replicates = own["replicate"].nunique()
    if replicates < 2:
        return
    # Beside each other: equal values would hide each other.
    beside = own["replicate"].rank(method="dense").to_numpy() - (replicates + 1) / 2
    figure.add_trace(
        go.Scatter(
            x=own["effect"], y=own["latent"].map(y) + 0.5 * beside / replicates, mode="markers",
            name="one replicate", showlegend=True,
            marker={"size": 5, "color": palette.ink, "opacity": 0.75,
                    "symbol": ["circle" if on else "circle-open" for on in own["on"].astype(bool)]},
            customdata=[[int(latent)] for latent in own["latent"]],
            text=[f"replicate {replicate}, latent {latent}: {effect:+.2f} sd"
                  f"{'' if on else ', off'}"
                  for replicate, latent, effect, on in
                  zip(own["replicate"], own["latent"], own["effect"], own["on"], strict=True)],
            hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
