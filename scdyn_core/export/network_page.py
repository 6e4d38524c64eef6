"""A network as one page that needs no other file and no internet."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from scdyn_core.export.network_viewer import SCRIPT, STYLE
from scdyn_core.export.page_head import HEAD
from scdyn_core.networks.edges import COLUMNS
from scdyn_core.plots.network_look import (
    SIGN_WORDS,
    drawn_colours,
    line_width,
    node_sizes,
    opacity,
    sign_colours,
)
from scdyn_core.plots.palette import LIGHT
from scdyn_core.plots.text import node_name

if TYPE_CHECKING:
    from scdyn_core.networks.layout import Places
    from scdyn_core.networks.view import NetworkView

MOST_ROWS = 2000
SHOWN = ("source", "target", "weight", "sign", "stability", "evidence")
#: Pixels for places from -1 to 1.
SIDE = 1100.0
POLICY = """<meta http-equiv="Content-Security-Policy" content="default-src 'none';
 style-src 'unsafe-inline'; script-src 'unsafe-inline'">
"""
PAGE = (
    HEAD.replace("<style>", POLICY + "<style>", 1).replace("</head>", STYLE + "</head>", 1)
    + """<body>
<h1>{{ title }}</h1>
<p>{{ nodes }} nodes, {{ edges }} edges, {{ communities }} communities (Leiden), modularity
{{ "%.2f"|format(modularity) }}, agreement of seeds {{ "%.2f"|format(agreement) }}. Edges of a
model or an association, not proof of regulation.</p>
<div id="bar"><input id="search" type="search" placeholder="Search a name" aria-label="Search">
<button id="whole" type="button">Whole network</button>
<span>Drag a node or the background, turn the wheel to zoom, point at a node for its edges.
{% for one in signs %}<span style="color:{{ one.colour }}">&#9632;</span> {{ one.word }}
{% endfor %}</span></div>
<svg id="net" role="img" aria-label="network"></svg>
<p id="said" aria-live="polite"></p>
<script type="application/json" id="network">{{ data }}</script>
"""
    + SCRIPT
    + """<table>
<tr>{% for name in columns %}<th title="{{ meanings[name] }}">{{ name }}</th>{% endfor %}</tr>
{% for row in rows %}
<tr>{% for value in row %}<td{% if value is number %} class="number"{% endif %}>
{%- if value is float %}{% if value == value %}{{ "%.3g"|format(value) }}{% endif %}
{%- else %}{{ value }}{% endif %}</td>{% endfor %}</tr>
{% endfor %}
</table>
{% if edges > rows|length %}<p>The {{ rows|length }} strongest edges.</p>{% endif %}
</body>
</html>
"""
)


def network_html(
    view: NetworkView,
    *,
    title: str,
    places: Places | None = None,
    painted: Mapping[str, str] | None = None,
) -> str:
    """Return a network as HTML: a drawing to move, zoom and search, and its edges.

    Every text from the data is escaped, and reaches the drawing as text alone; the page may load
    nothing, from this machine or another.

    Parameters
    ----------
    view
        What is drawn.
    title
        Of the page.
    places
        Node -> position; by springs where not given.
    painted
        Node -> colour; by community where not given.
    """
    found = view.communities
    strongest = view.edges.head(MOST_ROWS)
    colours = sign_colours(LIGHT)
    signs = {
        str(sign): {"colour": colours[sign], "word": SIGN_WORDS[sign]}
        for sign in sorted(set(view.edges["sign"]), reverse=True)
    }
    told = _told(view, view.places if places is None else places, painted) | {"signs": signs}
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(PAGE).render(
        title=title,
        nodes=len(view.graph),
        edges=len(view.edges),
        communities=len(set(found.membership.values())),
        modularity=found.modularity,
        agreement=found.agreement,
        data=Markup(_inert(told)),
        signs=list(signs.values()),
        columns=SHOWN,
        meanings=COLUMNS,
        rows=strongest[list(SHOWN)].to_numpy(dtype=object).tolist(),
    )


def _told(view: NetworkView, places: Places, painted: Mapping[str, str] | None) -> dict[str, Any]:
    graph, membership = view.graph, view.communities.membership
    colours = drawn_colours(graph, membership, LIGHT, painted)
    sizes = node_sizes(graph)
    number = {node: at for at, node in enumerate(graph)}
    nodes = [
        {
            "name": node_name(told["kind"], told["name"]),
            "look": "gene" if told["kind"] == "gene" else "other",
            "x": round(SIDE / 2 * places[node][0], 1),
            "y": round(-SIDE / 2 * places[node][1], 1),
            "size": round(sizes[node] / 2.4, 1),
            "colour": colours[node],
            "community": membership[node],
        }
        for node, told in graph.nodes(data=True)
    ]
    edges = [
        {
            "from": number[source],
            "to": number[target],
            "sign": told["sign"],
            "weight": f"{told['weight']:.3g}"
            + ("" if math.isnan(told["stability"]) else f", {told['stability']:.0%}"),
            "width": round(line_width(told["weight"]), 2),
            "opacity": round(opacity(told["stability"]), 2),
        }
        for source, target, told in graph.edges(data=True)
    ]
    return {"nodes": nodes, "edges": edges}


def _inert(told: dict[str, Any]) -> str:
    """Return JSON in which nothing ends or begins an element of a page."""
    text = json.dumps(told, ensure_ascii=True, allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
