"""The page of the report; everything put into it is escaped by the template engine."""

from scdyn_core.export.page_head import HEAD

PAGE = (
    HEAD
    + """<body>
<h1>{{ title }}</h1>
<p>Run {{ run.id }}, {{ run.state.status }} {{ ended }}.</p>
{% if run.note %}<p><em>{{ run.note }}</em></p>{% endif %}
{% if answer %}<h2>Answer</h2>
{% for sentence in answer %}<p><b>{{ sentence }}</b></p>
{% endfor %}{% endif %}
<h2>Methods</h2>
{% for sentence in methods %}<p>{{ sentence }}</p>
{% endfor %}
<h2>Scores</h2>
{% if scores %}
<table>
<tr><th>Metric</th><th>On</th><th>Better</th><th>Model or baseline</th><th>Value</th></tr>
{% for score in scores %}
<tr><td>{{ score.metric }}</td><td>{{ score.split }}</td><td>{{ score.better }}</td>
<td><b>model</b></td><td class="number"><b>{{ "%.4g" % score.value }}
{%- if score.replicate_sd is not none %} ± {{ "%.2g" % score.replicate_sd }}{% endif %}
</b></td></tr>
{% for name, value in score.baselines.items() %}
<tr><td></td><td></td><td></td><td>{{ name }}</td><td class="number">{{ "%.4g" % value }}</td></tr>
{% endfor %}
{% if score.beaten_by() %}
<tr><td colspan="5" class="behind">The model is not better than:
{{ score.beaten_by() | join(", ") }}.</td></tr>
{% endif %}
{% endfor %}
</table>
{% else %}<p>This run has no scores.</p>{% endif %}
{% if figures %}<h2>Figures</h2>{% endif %}
{% for name, figure in figures.items() %}<h3>{{ name }}</h3>
{{ figure }}
{% endfor %}
{% macro listing(heading, rows) %}{% if rows %}<h2>{{ heading }}</h2>
<table>{% for name, value in rows.items() %}
<tr><td>{{ name }}</td><td>{{ value }}</td></tr>{% endfor %}
</table>{% endif %}{% endmacro %}
{{ listing("Experiment", asked) }}
{{ listing("Configuration", config) }}
{{ listing("Training", options) }}
{{ listing("Roles", roles) }}
<h2>Recipe</h2>
<pre>{{ recipe }}</pre>
{{ listing("Environment", environment) }}
{% if citations %}<h2>Please cite</h2>
<ul>{% for citation in citations %}<li>{{ citation }}</li>{% endfor %}</ul>{% endif %}
</body>
</html>
"""
)
