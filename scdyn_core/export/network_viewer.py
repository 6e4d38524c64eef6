"""The part of the exported page that draws a network to move, zoom and search.

No library and nothing from elsewhere; names reach the page as text of nodes, never as markup.
"""

STYLE = """<style>
#net { width: 100%; height: 72vh; min-height: 26rem; border: 1px solid #ccc; cursor: grab;
  touch-action: none; user-select: none; background: #fff; }
#net text { font: italic 11px Arial, Helvetica, sans-serif; fill: #1b2733; pointer-events: none;
  paint-order: stroke; stroke: #fff; stroke-width: 3px; }
#net .other text { font: bold 14px Arial, Helvetica, sans-serif; }
#net .node { cursor: pointer; }
#net .faint { opacity: .08; }
#net .found .shape { stroke: #c8102e; stroke-width: 4; }
#bar { display: flex; gap: 1rem; align-items: center; flex-wrap: wrap; margin: .5rem 0; }
#bar input { font: inherit; padding: .25rem .5rem; min-width: 16rem; }
#said { min-height: 1.5em; color: #5f6b76; overflow-wrap: anywhere; }
</style>
"""

SCRIPT = r"""<script>
"use strict";
(() => {
  const told = JSON.parse(document.getElementById("network").textContent);
  const nodes = told.nodes, edges = told.edges;
  const svg = document.getElementById("net"), said = document.getElementById("said");
  const search = document.getElementById("search");
  const make = (name, parent, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return parent.appendChild(element);
  };
  const defs = make("defs", svg, {});
  for (const sign in told.signs) {
    const tip = make("marker", defs, { id: "tip" + sign, viewBox: "0 0 10 10", refX: 9, refY: 5,
      markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" });
    const shape = { "1": "M0,0 L10,5 L0,10 z", "-1": "M7,0 L10,0 L10,10 L7,10 z",
      "0": "M5,1 A4,4 0 1 1 4.9,1 z" }[sign];
    make("path", tip, { d: shape, fill: told.signs[sign].colour });
  }
  const world = make("g", svg, {}), below = make("g", world, {}), above = make("g", world, {});
  const pairs = new Set(edges.map(edge => edge.from + ">" + edge.to));
  nodes.forEach(node => { node.edges = []; });
  edges.forEach(edge => {
    edge.bent = pairs.has(edge.to + ">" + edge.from);
    edge.line = make("path", below, { fill: "none", stroke: told.signs[edge.sign].colour,
      "stroke-width": edge.width, "stroke-opacity": edge.opacity,
      "marker-end": "url(#tip" + edge.sign + ")" });
    nodes[edge.from].edges.push(edge);
    if (edge.to !== edge.from) nodes[edge.to].edges.push(edge);
  });
  nodes.forEach((node, number) => {
    const group = node.group = make("g", above, { class: "node " + node.look });
    const look = { class: "shape", fill: node.colour, stroke: "#fff", "stroke-width": 1 };
    if (node.look === "gene") make("circle", group, { ...look, r: node.size });
    else make("rect", group, { ...look, x: -node.size, y: -node.size, width: 2 * node.size,
      height: 2 * node.size, transform: "rotate(45)" });
    make("text", group, { x: node.size + 3, y: 4 }).textContent = node.name;
    group.addEventListener("pointerenter", () => { if (!held) light(number); });
    group.addEventListener("pointerleave", () => { if (!held) light(pinned); });
    group.addEventListener("pointerdown", event => { event.stopPropagation();
      held = { node: number, x: event.clientX, y: event.clientY, moved: false };
      svg.setPointerCapture(event.pointerId); });
  });
  let view = { x: 0, y: 0, zoom: 1 }, held = null, pinned = null;
  const drawEdge = edge => {
    const a = nodes[edge.from], b = nodes[edge.to];
    if (a === b) {
      const r = a.size + 9;
      edge.line.setAttribute("d", `M${a.x - 4},${a.y - a.size} a${r / 1.6},${r / 1.6} 0 1 1 8,0`);
      return;
    }
    const dx = b.x - a.x, dy = b.y - a.y, long = Math.hypot(dx, dy) || 1;
    const off = edge.bent ? 0.12 : 0;
    const cx = (a.x + b.x) / 2 - off * dy, cy = (a.y + b.y) / 2 + off * dx;
    const ex = b.x - cx, ey = b.y - cy, near = Math.hypot(ex, ey) || 1;
    const gap = Math.min(b.size + 2, long / 2);
    edge.line.setAttribute("d",
      `M${a.x},${a.y} Q${cx},${cy} ${b.x - gap * ex / near},${b.y - gap * ey / near}`);
  };
  const drawNode = node => node.group.setAttribute("transform", `translate(${node.x},${node.y})`);
  const move = () =>
    world.setAttribute("transform", `translate(${view.x},${view.y}) scale(${view.zoom})`);
  const fit = () => {
    const box = svg.getBoundingClientRect(), xs = nodes.map(n => n.x), ys = nodes.map(n => n.y);
    const left = Math.min(...xs) - 60, top = Math.min(...ys) - 40;
    const wide = Math.max(...xs) + 100 - left, high = Math.max(...ys) + 40 - top;
    const zoom = Math.min(box.width / wide, box.height / high);
    view = { zoom, x: (box.width - zoom * wide) / 2 - zoom * left,
      y: (box.height - zoom * high) / 2 - zoom * top };
    move();
  };
  const light = number => {
    const node = number === null ? null : nodes[number], lit = new Set();
    if (node) node.edges.forEach(edge => lit.add(edge.from).add(edge.to));
    nodes.forEach((each, n) => each.group.classList.toggle("faint",
      node !== null && n !== number && !lit.has(n)));
    edges.forEach(edge => edge.line.classList.toggle("faint",
      node !== null && !node.edges.includes(edge)));
    if (node === null) { said.textContent = ""; return; }
    const words = node.edges.slice(0, 12).map(edge => nodes[edge.from].name + " " +
      told.signs[edge.sign].word + " " + nodes[edge.to].name + " (" + edge.weight + ")");
    const more = node.edges.length > 12 ? ", and " + (node.edges.length - 12) + " more" : "";
    said.textContent = node.name + ", community " + node.community + ": " + words.join(", ") + more;
  };
  svg.addEventListener("pointerdown", event => {
    held = { node: null, x: event.clientX, y: event.clientY, moved: false };
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", event => {
    if (!held) return;
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    if (!held.moved && Math.hypot(dx, dy) < 3) return;
    held = { node: held.node, x: event.clientX, y: event.clientY, moved: true };
    if (held.node === null) { view.x += dx; view.y += dy; move(); return; }
    const node = nodes[held.node];
    node.x += dx / view.zoom; node.y += dy / view.zoom;
    drawNode(node); node.edges.forEach(drawEdge);
  });
  svg.addEventListener("pointerup", () => {
    if (held && !held.moved) { pinned = pinned === held.node ? null : held.node; light(pinned); }
    held = null;
  });
  svg.addEventListener("wheel", event => {
    event.preventDefault();
    const box = svg.getBoundingClientRect(), by = Math.exp(-event.deltaY / 500);
    const x = event.clientX - box.left, y = event.clientY - box.top;
    view = { zoom: view.zoom * by, x: x - by * (x - view.x), y: y - by * (y - view.y) };
    move();
  }, { passive: false });
  search.addEventListener("input", () => {
    const text = search.value.trim().toLowerCase();
    const found = node => text !== "" && node.name.toLowerCase().includes(text);
    let number = 0;
    nodes.forEach(node => { number += found(node);
      node.group.classList.toggle("found", found(node)); });
    said.textContent = text === "" ? "" : number + " found";
  });
  document.getElementById("whole").addEventListener("click", fit);
  window.addEventListener("resize", fit);
  nodes.forEach(drawNode); edges.forEach(drawEdge); fit();
})();
</script>
"""
