"""Figures of a report: data in the page, drawn by one script that the page itself names.

The policy of the page (Content-Security-Policy) lets exactly these scripts run, by their hashes,
and lets nothing be asked of any server.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    import plotly.graph_objects as go

#: Draws a figure when it comes into view, and all of them for paper.
DRAW = """
(() => {
  const boxes = [...document.querySelectorAll(".figure")];
  const config = {displaylogo: false, responsive: true,
    modeBarButtonsToRemove: ["sendDataToCloud"], toImageButtonOptions: {format: "svg"}};
  const draw = (box) => {
    if (box.dataset.drawn) return Promise.resolve();
    box.dataset.drawn = "yes";
    const figure = JSON.parse(document.getElementById(box.dataset.of).textContent);
    const here = {...config, toImageButtonOptions: {format: "svg", filename: box.dataset.name}};
    return Plotly.newPlot(box, figure.data, figure.layout, here);
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) draw(entry.target);
  }, {rootMargin: "400px"});
  boxes.forEach((box) => seen.observe(box));
  window.addEventListener("beforeprint", () => boxes.forEach((box) => {
    draw(box).then(() => Plotly.relayout(box, {width: 680}));
  }));
  window.addEventListener("afterprint", () => boxes.forEach((box) => {
    if (box.dataset.drawn) Plotly.relayout(box, {width: null, autosize: true});
  }));
})();
"""
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
)


def scripts(figures: Mapping[str, go.Figure]) -> list[Markup]:
    """Return the scripts of a page with these figures; none where there are no figures."""
    if not figures:
        return []
    from plotly.offline import get_plotlyjs

    return [Markup(get_plotlyjs().replace("\r", "")), Markup(DRAW)]


def policy(figures: Mapping[str, go.Figure]) -> str:
    """Return the policy of a page: its own scripts and styles, and nothing from anywhere."""
    hashes = [
        base64.b64encode(hashlib.sha256(str(script).encode()).digest()).decode()
        for script in scripts(figures)
    ]
    allowed = [f"'sha256-{each}'" for each in hashes] or ["'none'"]
    if any(str(trace.type).endswith("gl") for each in figures.values() for trace in each.data):
        # Plotly compiles what it draws with the graphics card.
        allowed.append("'unsafe-eval'")
    return _POLICY.format(scripts=" ".join(allowed))


def figure_data(figures: Mapping[str, go.Figure]) -> dict[str, Markup]:
    """Return every figure as JSON that can stand inside a page, whatever texts it holds."""
    return {
        name.replace("_", " "): Markup(
            json.dumps(json.loads(figure.to_json()), separators=(",", ":")).replace("<", "\\u003c")
        )
        for name, figure in figures.items()
    }
