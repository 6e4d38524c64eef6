"""The report is complete, lets nothing in and asks nobody for anything."""

import base64
import hashlib
import html
import re

import pytest

from scdyn_core.export.methods_text import methods_text
from scdyn_core.export.report import report_html
from scdyn_core.export.software import software_citations
from scdyn_core.methods.registry import METHODS
from scdyn_core.preprocess.recipe import RECIPES
from scdyn_core.runs.writer import RunWriter
from tests.plots.synthetic_run import tables, write_run

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def run(tmp_path):
    run = write_run(tmp_path, frames=tables(gene=HOSTILE, cell_type=HOSTILE))
    packages = {"scdyn": "9.9", "scanpy": "8.8", "torch": "7.7", "scvelo": None}
    RunWriter(run).json("env.json", {"python": "3.11", "device": "cpu", "packages": packages})
    return run


def rewritten(run, **changes):
    (run.path / "config.json").write_text(run.spec.model_copy(update=changes).model_dump_json())
    return type(run).open(run.path)


def test_everything_a_reader_needs_is_in_it(run):
    page = html.unescape(report_html(run))
    for heading in ("Methods", "Scores", "Equations", "Figures", "Configuration", "Training",
                    "Recipe", "Environment", "Please cite"):  # fmt: skip
        assert f">{heading}</h2>" in page, heading
    assert "scanpy 8.8" in page
    assert "Champion et al." in page
    assert "Wolf et al." in page
    for score in run.scores():
        assert score.metric in page
        for name, value in score.baselines.items():
            assert name in page
            assert f"{value:.4g}" in page
    assert "dz₁/dt = " in page
    assert "interval" in page


def test_the_contents_lead_to_what_is_there(run):
    page = report_html(run)
    anchors = re.findall(r'<a href="#([^"]+)"', page)
    assert anchors
    for anchor in anchors:
        assert f'id="{anchor}"' in page, anchor


def test_only_its_own_scripts_may_run(run):
    page = report_html(run)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    policy = html.unescape(policy)
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert "connect-src" not in policy  # falls back to 'none'
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert page.index("Content-Security-Policy") < page.index("<script")


def test_no_name_becomes_markup(run):
    run.note = HOSTILE
    page = report_html(run)
    assert HOSTILE not in page
    assert "<img" not in page
    before_scripts = page.split("<script>")[0]
    assert not re.search(r'<[a-z]+[^>]*\s(src|href)="[^#]', before_scripts)


def test_it_is_light_dark_and_printed(run):
    page = report_html(run)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_every_method_is_described_and_cited(run, method):
    config = method.presets["scdyn"].model_dump(mode="json")
    page = html.unescape(report_html(rewritten(run, method=method.key, config=config)))
    assert method.title in page
    assert method.citation in page


def test_software_is_cited_where_it_was_used(run):
    plain = software_citations(rewritten(run, recipe=RECIPES["expression"]))
    assert not any("scvelo" in source for source in plain)
    assert any(source.startswith("scanpy 8.8: Wolf") for source in plain)
    velocity = software_citations(rewritten(run, recipe=RECIPES["velocity"]))
    assert any("Bergen" in source for source in velocity)
    fitted = software_citations(rewritten(run, method="path_network", config={}))
    assert not any("PyTorch" in source for source in fitted)
    assert "scanpy 8.8" in methods_text(run)
    assert "scvelo" not in methods_text(run)


def test_without_figures_no_script_may_run(run):
    for name in ("scores.json", "metrics.jsonl"):
        (run.path / name).unlink(missing_ok=True)
    for table in (run.path / "tables").iterdir():
        table.unlink()
    page = report_html(run)
    assert "script-src &#39;none&#39;" in page
    assert "<script" not in page
    assert "no scores" in page
