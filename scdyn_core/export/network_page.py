"""A network as one page that needs no other file and no internet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from scdyn_core.export.page_head import HEAD
from scdyn_core.networks.edges import COLUMNS
from scdyn_core.plots.network import network_figure

if TYPE_CHECKING:
    from scdyn_core.networks.view import NetworkView

MOST_ROWS = 2000
SHOWN = ("source", "target", "weight", "sign", "stability", "evidence")
PAGE = (
    HEAD
    + """<body>
<h1>{{ title }}</h1>
<p>{{ nodes }} nodes, {{ edges }} edges, {{ communities }} communities (Leiden), modularity
{{ "%.2f"|format(modularity) }}, agreement of seeds {{ "%.2f"|format(agreement) }}. An association
within a model, not proof of regulation.</p>
{{ figure }}
<table>
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


def network_html(view: NetworkView, *, title: str) -> str:
    """Return a network as HTML: the figure, to zoom into, and its edges.

    Every text from the data is escaped; only the figure's own markup is taken as it is.
    """
    found = view.communities
    figure = network_figure(view.graph, found.membership, view.places)
    strongest = view.edges.head(MOST_ROWS)
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(PAGE).render(
        title=title,
        nodes=len(view.graph),
        edges=len(view.edges),
        communities=len(set(found.membership.values())),
        modularity=found.modularity,
        agreement=found.agreement,
        figure=Markup(
            figure.to_html(full_html=False, include_plotlyjs=True, include_mathjax=False)
        ),
        columns=SHOWN,
        meanings=COLUMNS,
        rows=strongest[list(SHOWN)].to_numpy(dtype=object).tolist(),
    )
