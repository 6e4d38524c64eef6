"""A network of 5,000 genes and 200,000 edges: what each thing takes, in the core and on screen.

Writes a run folder with such a network (a few strong regulators among many), measures the steps
behind the page in CPU seconds, then opens the page Gene networks in Chromium and times each
interaction from the click until the page is still and the network drawn anew: opening (the first
time a browser also loads the programs that draw), the threshold, the number of edges, a gene, its
surroundings, layouts, colours, the search in the table of edges, the comparison with a truth and of
two networks, and what follows when a gene is changed.

    python -m benchmarks.network_page [--genes 5000] [--edges 200000] [--screenshots FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from playwright.sync_api import Frame, Page, sync_playwright

from benchmarks.visitor import SECOND, drawn, heading
from scdyn_core.data.roles import Roles
from scdyn_core.methods.method import Table
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.runs.state import RunState
from scdyn_core.runs.tables import write_table
from scdyn_core.training.options import TrainingOptions
from tests.browser.server import chromium_path, running_app

REGULATORS = 800
QUIET_MILLISECONDS = 250
#: Seconds that a visitor looks at Home.
LOOKING = 6
WIDGET = "iframe[src*=cytoscape]"
#: The page is still and, where there is a network, its nodes are drawn; returns the moment.
_STILL = """
([evidence, quiet]) => new Promise(resolve => {
  const shown = new Function('return ' + evidence)
  const app = document.querySelector('[data-testid="stApp"]')
  let since = null
  const look = () => {
    const still = app && app.dataset.testScriptState === 'notRunning'
      && !document.querySelector('[data-stale="true"]')
      && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"]')
      && shown()
    since = still ? (since ?? Date.now()) : null
    if (since !== null && Date.now() - since >= quiet) resolve(since)
    else requestAnimationFrame(look)
  }
  look()
})
"""
_WRITTEN = "document.querySelector('[data-testid=stMain]').innerText"
#: What the drawing is, in a word that changes with it.
_DRAWING = """
() => {
  const cy = document.getElementById('cy')?._cyreg?.cy
  if (!cy || !cy.nodes().length) return ''
  return JSON.stringify(cy.nodes().map(node =>
    [node.id(), node.data('_colour'), node.data('_opacity'), Math.round(node.position('x'))]))
}
"""


def network_table(
    genes: int, edges: int, evidence: str = "direct effect", seed: int = 0
) -> pd.DataFrame:
    """Return the table ``network``: regulators have targets by a power law."""
    rng = np.random.default_rng(seed)
    names = np.array([f"GENE{number}" for number in range(genes)])
    share = 1 / np.arange(1, REGULATORS + 1) ** 0.7
    pairs: set[int] = set()
    while len(pairs) < edges:
        source = rng.choice(REGULATORS, edges, p=share / share.sum())
        target = rng.integers(0, genes, edges)
        pairs.update((source * genes + target)[source != target].tolist())
    chosen = rng.permutation(np.array(sorted(pairs)))[:edges]
    source, target = chosen // genes, chosen % genes
    # Strong regulators are strong on few targets of their own.
    value = rng.choice([-1.0, 1.0], edges) * rng.pareto(3, edges) * share[source] ** 0.5
    return pd.DataFrame(
        {
            "evidence": evidence,
            "source": names[source],
            "target": names[target],
            "value": value,
            "unit": "log change per log change",
            "stability": np.nan,
            "signed": True,
        }
    )


def write_big_run(root: Path, genes: int, edges: int) -> Run:
    """Write a finished run with such a network."""
    spec = RunSpec(
        kind="train",
        dataset=DatasetRef(
            path=root / "absent.h5ad", name="large", fingerprint="0" * 16, roles=Roles()
        ),
        recipe=Recipe(name="none"),
        method="path_network",
        preset="scdyn",
        config={},
        options=TrainingOptions(),
    )
    state = RunState(status="done", created=time.time(), started=time.time(), ended=time.time())
    run = Run.create(root, spec, state=state)
    rng = np.random.default_rng(1)
    facts = pd.DataFrame(
        {
            "gene": [f"GENE{number}" for number in range(genes)],
            "node": np.arange(genes) < REGULATORS,
            "measured": True,
            "dose": np.where(np.arange(genes) < REGULATORS, -1.5, np.nan),
            "dose_known": np.arange(genes) < REGULATORS,
            "control": rng.gamma(1.0, 1.0, genes),
        }
    )
    own = network_table(genes, edges)
    known = own.sample(edges // 10, random_state=2)
    tables = {
        "network": pd.concat([own, network_table(genes, edges, "correlation", seed=1)]),
        "network_genes": facts,
        "reference_network": known[["source", "target"]].assign(
            sign=np.sign(known["value"]).astype(np.int64), effect=known["value"], kind="direct"
        ),
        "responses": _responses(rng, facts["gene"].to_numpy(dtype=object)),
    }
    for name, frame in tables.items():
        meanings = dict.fromkeys(frame.columns, "made for a benchmark")
        write_table(run.path / "tables" / f"{name}.parquet", Table(frame, meanings))
    return run


def _responses(rng: np.random.Generator, genes: np.ndarray) -> pd.DataFrame:
    """Return what every regulator changes when it is perturbed."""
    change = rng.normal(0, 1, REGULATORS * len(genes))
    return pd.DataFrame(
        {
            "perturbation": np.repeat(genes[:REGULATORS], len(genes)),
            "gene": np.tile(genes, REGULATORS),
            "control": 1.0,
            "log2_fold_change": change,
            "p_adjusted": rng.uniform(0, 1, len(change)),
            "change_train": change,
            "change_test": change,
            "predicted": change,
        }
    )


def core_steps(file: Path) -> dict[str, float]:
    """Return the CPU seconds of every step behind the page."""
    from scdyn_core.networks.layouts import NAMES, places_of
    from scdyn_core.networks.look import Look
    from scdyn_core.networks.ranks import ranked_nodes
    from scdyn_core.networks.search import naming
    from scdyn_core.networks.stored import stored_edges
    from scdyn_core.networks.view import NetworkView, network_of
    from scdyn_core.plots.network_elements import network_elements
    from scdyn_core.plots.palette import LIGHT

    taken: dict[str, float] = {}

    def timed(name: str, step: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = step()
        taken[name] = round(time.process_time() - start, 3)
        return result

    # Libraries are imported when the first visitor comes; what is timed comes after.
    NetworkView.of(stored_edges(file)).communities.modularity  # noqa: B018
    edges = timed("read the edges", lambda: stored_edges(file, ["direct effect"]))
    network = timed("index", lambda: network_of(edges))
    timed("rank all nodes", lambda: ranked_nodes(network))
    view = timed("choose and graph", lambda: NetworkView.at(network, Look()))
    timed("communities", lambda: view.communities)
    for layout in NAMES:
        member = view.communities.membership
        timed(f"layout {layout}", lambda: places_of(view.graph, layout, member))  # noqa: B023
    timed("elements", lambda: network_elements(
        view.graph, view.communities.membership, view.places, LIGHT))  # fmt: skip
    hub = network.keys[int(np.bincount(network.source).argmax())]
    for hops in (1, 2, 3):
        look = Look(around=hub, hops=hops, edges=1000)
        near = timed(f"{hops} steps round a hub", lambda: NetworkView.at(network, look))  # noqa: B023
    timed("its communities", lambda: near.communities)
    timed("its places", lambda: near.places)
    timed("search", lambda: edges[naming(edges, "GENE12")])
    return taken


class Reader:
    """Somebody who asks the page one thing after the other; every answer is timed."""

    def __init__(self, page: Page, url: str, screenshots: Path | None) -> None:
        self.page, self.url, self.screenshots = page, url, screenshots
        self.taken: dict[str, float] = {}

    def come(self) -> None:
        """Come to the dashboard and look round."""
        self.page.goto(self.url)
        self.still(heading("How cells change"))
        self.page.wait_for_timeout(LOOKING * SECOND)

    def open(self, name: str) -> None:
        """Go to the page by the menu."""
        start = time.time()
        self._menu("Gene networks")
        self.page.locator(WIDGET).wait_for()
        self.frame().wait_for_function(f"({_DRAWING})() !== ''")
        drawn_at = time.time()
        self.taken[name] = round(max(self.still(heading("Gene networks")), drawn_at) - start, 2)
        self.keep(name)

    def leave(self) -> None:
        """Go back to Home."""
        self._menu("Home")
        self.still(heading("How cells change"))

    def _menu(self, name: str) -> None:
        menu = self.page.get_by_test_id("stSidebarNavItems")
        menu.get_by_role("link", name=name, exact=True).click()

    def ask(self, name: str, act: Callable[[], None], evidence: str = "true") -> None:
        """Do something that changes the drawing, and wait until it has changed."""
        before = self.frame().evaluate(_DRAWING)
        start = time.time()
        act()
        self.frame().wait_for_function(
            f"before => {{ const now = ({_DRAWING})(); return now && now !== before }}", arg=before
        )
        drawn_at = time.time()
        self.taken[name] = round(max(self.still(evidence), drawn_at) - start, 2)
        self.keep(name)

    def see(self, name: str, act: Callable[[], None], evidence: str) -> None:
        """Do something that changes the page without its drawing."""
        start = time.time()
        act()
        self.taken[name] = round(self.still(evidence) - start, 2)
        self.keep(name)

    def change(self, name: str, act: Callable[[], None]) -> None:
        """Do something that changes what is written on the page."""
        self.see(name, act, f"{_WRITTEN} !== {json.dumps(self.page.evaluate(_WRITTEN))}")

    def still(self, evidence: str) -> float:
        """Wait until the page shows ``evidence`` and is still; return that moment."""
        found = self.page.evaluate(_STILL, [evidence, QUIET_MILLISECONDS])
        return float(found) / SECOND

    def frame(self) -> Frame:
        """Return the frame in which the network is drawn."""
        element = self.page.locator(WIDGET).first.element_handle()
        frame = element.content_frame()
        assert frame is not None
        return frame

    def choose(self, key: str, text: str) -> None:
        """Type into a choice and take what is typed, or what is found."""
        box = self.page.locator(f".st-key-{key} input")
        box.click()
        box.fill(text)
        self.page.get_by_role("option").filter(has_text=text).first.click()

    def slide(self, key: str, to: str) -> None:
        """Move a slider by a key of the keyboard."""
        self.page.locator(f".st-key-{key}").get_by_role("slider").focus()
        self.page.keyboard.press(to)

    def press(self, name: str) -> None:
        """Press one of a row of buttons."""
        self.page.get_by_role("radio", name=name, exact=True).first.click()

    def keep(self, name: str) -> None:
        """Save what is on the screen."""
        if self.screenshots is not None:
            self.page.wait_for_timeout(0.5 * SECOND)
            self.page.screenshot(path=self.screenshots / f"{name.replace(' ', '_')}.png")


def interactions(reader: Reader, run: Run) -> dict[str, float]:
    """Ask everything once; return the seconds of every answer."""
    reader.come()
    reader.open("open, with what the browser must load")
    reader.leave()
    reader.open("open again")
    reader.ask("fewer edges", lambda: reader.slide("edges", "ArrowLeft"))
    reader.ask("only the strongest edge", lambda: reader.slide("weakest", "End"))
    reader.ask("all again", lambda: reader.slide("weakest", "Home"))
    reader.ask("expression", lambda: reader.choose("colour", "Expression"))
    for layout in ("Rings round a node", "Circle by community", "Layers by direction", "Springs"):
        reader.ask(f"layout {layout}", lambda: reader.choose("layout", layout))  # noqa: B023
    reader.ask("a gene", lambda: reader.choose("node", "GENE4200"))
    for steps in ("1 step", "2 steps"):
        reader.ask(steps, lambda: reader.press(steps))  # noqa: B023
    reader.ask("1,000 edges", lambda: reader.slide("edges", "End"))
    table = drawn("[data-testid=stDataFrame]")
    reader.see("table of edges", lambda: reader.press("Edges"), table)

    def search() -> None:
        box = reader.page.locator(".st-key-find input")
        box.fill("GENE12")
        box.press("Enter")

    found = "document.body.innerText.includes(' of 200,000 edges') && " + table
    reader.see("search", search, found.replace("200,000", f"{edges_in(run):,}"))
    reader.see("table of genes", lambda: reader.press("Genes"),
               heading("Gene networks") + " && document.body.innerText.includes(' nodes; ') && "
               + drawn("[data-testid=stDataFrame]"))  # fmt: skip
    _compare(reader)
    _what_if(reader)
    return reader.taken


def _compare(reader: Reader) -> None:
    curve = "document.body.innerText.includes('Strongest edges of') && "
    table = drawn("[data-testid=stDataFrame]")
    reader.see("compare with the truth", lambda: reader.press("Compare"), curve + table)
    reader.change("another of its networks", lambda: reader.press("correlation"))
    reader.see(
        "compare two networks",
        lambda: reader.choose("networks-against", "Another network of this run"),
        "document.body.innerText.includes('strongest edges of each, between') && " + table,
    )
    slider = reader.page.locator("[class*=st-key-networks-sizes]").get_by_role("slider")

    def slide() -> None:
        slider.focus()
        reader.page.keyboard.press("ArrowRight")

    reader.change("more of their edges", slide)


def _what_if(reader: Reader) -> None:
    page = reader.page
    reader.see(
        "what if",
        lambda: reader.press("What if"),
        "document.body.innerText.includes('How it gets there') && "
        + drawn("[data-testid=stDataFrame]"),
    )
    genes = page.locator(".st-key-networks-what_if")
    levels = page.locator("[class*=st-key-networks-what_if-level]")

    def also() -> None:
        genes.locator("input").fill("GENE123")
        page.get_by_role("option", name="GENE123", exact=True).click()
        page.keyboard.press("Escape")

    def lower() -> None:
        levels.first.locator("input").click()
        page.get_by_role("option", name="down to 50%").click()

    reader.change("another level", lower)
    reader.change("a second gene", also)
    target = page.locator(".st-key-networks-what_if_target input")

    def far() -> None:
        target.click()
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)

    reader.change("how it gets to another gene", far)


def edges_in(run: Run) -> int:
    """Return the number of direct effects of the run."""
    return int((run.table("network")["evidence"] == "direct effect").sum())


def main() -> None:
    """Measure the core, then the page; print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genes", type=int, default=5000)
    parser.add_argument("--edges", type=int, default=200_000)
    parser.add_argument("--screenshots", type=Path)
    arguments = parser.parse_args()
    if arguments.screenshots is not None:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder:
        run = write_big_run(Path(folder) / "runs", arguments.genes, arguments.edges)
        print(json.dumps({"core_cpu_seconds": core_steps(run.table_file("network"))}, indent=1))
        with running_app(Path(folder)) as app, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=sandbox)
            for visitor in ("first visitor", "second visitor"):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.set_default_timeout(30 * SECOND)
                taken = interactions(Reader(page, app.url, arguments.screenshots), run)
                over = [name for name, seconds in taken.items() if seconds >= 2]
                print(json.dumps({visitor: taken, "2 s or more": over}, indent=1))
                page.close()
            browser.close()


if __name__ == "__main__":
    main()
