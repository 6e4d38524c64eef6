"""``scdyn export --what network``."""

import re

import networkx as nx
import pandas as pd
import pytest

from tests.dashboard.network_run import write_network_run
from tests.plots.synthetic_run import tables, write_run

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def run(tmp_path):
    return write_run(tmp_path / "runs", frames=tables(gene=HOSTILE))


def test_the_network_comes_as_tables_graphml_and_a_page(scdyn, run, tmp_path):
    out = tmp_path / "network"
    status, _, error = scdyn("export", run.path, out, "--what", "network")
    assert status == 0, error
    assert {path.name for path in out.iterdir()} == {
        "edges.csv", "nodes.csv", "network.graphml", "network.html", "network.sif",
    }  # fmt: skip
    edges = pd.read_csv(out / "edges.csv")
    assert set(edges["replicate"]) == {0, 1}
    assert {"equation", "decoder derivative"} == set(edges["evidence"])
    graph = nx.read_graphml(out / "network.graphml")
    nodes = pd.read_csv(out / "nodes.csv")
    assert sorted(nx.get_node_attributes(graph, "name").values()) == sorted(nodes["name"])
    assert HOSTILE + "0" in set(nodes["name"])


def test_the_page_needs_no_network_and_runs_no_name(scdyn, run, tmp_path):
    out = tmp_path / "network"
    assert scdyn("export", run.path, out, "--what", "network")[0] == 0
    page = (out / "network.html").read_text()
    assert HOSTILE not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page)


def test_a_run_without_a_network_is_refused_in_words(scdyn, trained, tmp_path):
    status, _, error = scdyn("export", trained, tmp_path / "x", "--what", "network")
    assert status == 1
    assert "no interaction network" in error


def test_a_network_of_genes_is_one_for_all_replicates(scdyn, tmp_path):
    run, out = write_network_run(tmp_path / "runs"), tmp_path / "network"
    status, _, error = scdyn("export", run.path, out, "--what", "network")
    assert status == 0, error
    edges = pd.read_csv(out / "edges.csv")
    assert "replicate" not in edges
    assert len(edges) == len(run.table("network"))
    assert not edges.duplicated(["evidence", "source", "target"]).any()
