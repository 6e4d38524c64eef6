"""The head of every HTML page scdyn writes: self-contained, nothing is loaded from elsewhere."""

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid #ccc; }
td.number { font-variant-numeric: tabular-nums; text-align: right; }
pre { background: #f5f5f5; padding: 1rem; overflow-x: auto; }
.behind { font-weight: 600; }
</style>
</head>
"""
