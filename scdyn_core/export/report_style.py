"""How the report looks: on a screen, light and dark, and on paper."""

STYLE = """
:root { color-scheme: light dark; --text: #1c1c1c; --page: #fff; --line: #d0d0d0; --soft: #f4f4f4;
  --muted: #5a5a5a; --link: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8e8e8; --page: #16181c; --line: #3c4048; --soft: #22252b; --muted: #a8adb5;
    --link: #7db8f0; }
}
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
a { color: var(--link); }
nav { background: var(--soft); padding: .75rem 1.25rem; columns: 2 18rem; }
nav ul { margin: 0; padding-left: 1.1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; color: var(--muted); }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td.number, th.number { font-variant-numeric: tabular-nums; text-align: right;
  overflow-wrap: normal; }
tr.model td { font-weight: 600; border-top: 2px solid var(--line); }
pre { background: var(--soft); padding: 1rem; overflow-x: auto; }
.equation { font-family: ui-monospace, monospace; }
.behind, .answer { font-weight: 600; }
.muted { color: var(--muted); }
.figure { background: #fff; padding: .5rem; overflow-x: auto; }
.figure:not([data-drawn]) { min-height: 24rem; }
@media print {
  :root { color-scheme: light; --text: #000; --page: #fff; --soft: #f4f4f4; --muted: #444; }
  body { margin: 0; max-width: none; font-size: 10.5pt; }
  nav { display: none; }
  h2, h3 { break-after: avoid; }
  tr, .figure, pre { break-inside: avoid; }
  .figure { padding: 0; }
  .scroll { overflow: visible; }
}
"""
