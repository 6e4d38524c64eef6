"""The page of the report; everything put into it is escaped by the template engine."""

from scdyn_core.export.report_style import STYLE

PAGE = (
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{ title }}</title>
<style>"""
    + STYLE
    + """</style>
</head>
<body>
{% macro listing(heading, anchor, rows) %}{% if rows %}<h2 id="{{ anchor }}">{{ heading }}</h2>
<div class="scroll"><table>{% for name, value in rows.items() %}
<tr><th scope="row">{{ name }}</th><td>{{ value }}</td></tr>{% endfor %}
</table></div>{% endif %}{% endmacro %}
<h1>{{ title }}</h1>
<p class="muted">Run {{ run.id }}, {{ run.state.status }} {{ ended }}. Report of scdyn
{{ version }}; nothing in it is loaded from elsewhere.</p>
{% if run.note %}<p><em>{{ run.note }}</em></p>{% endif %}
<nav aria-label="Contents"><ul>
{% for anchor, heading in contents %}<li><a href="#{{ anchor }}">{{ heading }}</a></li>
{% endfor %}</ul></nav>
{% if parts.answer %}<h2 id="answer">Answer</h2>
{% for sentence in parts.answer %}<p class="answer">{{ sentence }}</p>
{% endfor %}{% endif %}
<h2 id="methods">Methods</h2>
{% for sentence in parts.methods %}<p>{{ sentence }}</p>
{% endfor %}
<h2 id="scores">Scores</h2>
{% if parts.scores %}
<div class="scroll"><table>
<caption>Measured on what the model was never trained on. ±: standard deviation over replicates.
</caption>
<tr><th scope="col">Metric</th><th scope="col">On</th><th scope="col">Better</th>
<th scope="col">Model or baseline</th><th scope="col" class="number">Value</th></tr>
{% for score in parts.scores %}
<tr class="model"><td>{{ score.metric }}</td><td>{{ score.measured_on }}</td>
<td>{{ score.better }}</td><td>model</td><td class="number">{{ "%.4g" % score.value }}
{%- if score.replicate_sd is not none %} ± {{ "%.2g" % score.replicate_sd }}{% endif %}</td></tr>
{% for name, value in score.baselines.items() %}
<tr><td></td><td></td><td></td><td>{{ name }}</td><td class="number">{{ "%.4g" % value }}</td></tr>
{% endfor %}
{% if score.beaten_by() %}
<tr><td colspan="5" class="behind">The model is not better than:
{{ score.beaten_by() | join(", ") }}.</td></tr>
{% endif %}
{% endfor %}
</table></div>
{% else %}<p>This run has no scores of its own.</p>{% endif %}
{% for table in compared %}
<h3>{{ table.title }}</h3>
<div class="scroll"><table>
<tr>{% for name, meaning in table.columns %}<th scope="col" title="{{ meaning }}">{{ name }}</th>
{%- endfor %}</tr>
{% for row in table.rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}
</table></div>
{% if table.left_out %}<p class="muted">{{ table.left_out }} more rows are in the tables.</p>
{% endif %}{% endfor %}
{% if parts.equations %}<h2 id="equations">Equations</h2>
{% for line in parts.equations %}<p class="equation">{{ line }}</p>
{% endfor %}{% endif %}
{% if parts.figures %}<h2 id="figures">Figures</h2>
<noscript><p>The figures are drawn by scripts in this page.</p></noscript>{% endif %}
{% for name, data in parts.figures.items() %}
<h3 id="figure{{ loop.index }}">{{ name | capitalize }}</h3>
<div class="figure" data-of="data{{ loop.index }}" data-name="{{ name }}"></div>
<script type="application/json" id="data{{ loop.index }}">{{ data }}</script>
{% endfor %}
{{ listing("Experiment", "experiment", parts.experiment) }}
{{ listing("Configuration", "configuration", parts.configuration) }}
{{ listing("Training", "training", parts.training) }}
{{ listing("Roles", "roles", parts.roles) }}
<h2 id="recipe">Recipe</h2>
<pre>{{ parts.recipe }}</pre>
{{ listing("Environment", "environment", parts.environment) }}
<h2 id="cite">Please cite</h2>
<ul>{% for source in parts.cite %}<li>{{ source }}</li>{% endfor %}</ul>
{% for script in scripts %}<script>{{ script }}</script>
{% endfor %}</body>
</html>
"""
)
