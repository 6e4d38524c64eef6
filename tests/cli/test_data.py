import json
import re

import anndata

from scdyn_core.data.simulators import SIMULATORS


def test_samples_are_listed_for_people_and_programs(scdyn):
    status, out, _ = scdyn("samples")
    assert status == 0
    assert "hopf" in out
    status, out, _ = scdyn("samples", "--json")
    assert {"hopf", "bistable", "pancreas"} <= {sample["key"] for sample in json.loads(out)}


def test_inspect_shows_shape_roles_and_findings(scdyn, cells):
    status, out, _ = scdyn("inspect", cells)
    assert status == 0
    assert "60 cells x 12 genes" in out
    assert "cell_type" in out


def test_inspect_as_json(scdyn, cells):
    status, out, _ = scdyn("inspect", cells, "--role", "batch=cell_type", "--json")
    content = json.loads(out)
    assert status == 0
    assert (content["cells"], content["genes"]) == (60, 12)
    assert content["roles"]["cell_type"] == content["roles"]["batch"] == "cell_type"
    assert all(guess["reason"] for guess in content["guesses"])


def test_simulate_writes_a_file_that_inspect_reads(scdyn, tmp_path):
    out = tmp_path / "new" / "hopf.h5ad"
    status, text, _ = scdyn("simulate", "hopf", out, "--seed", "3", "--json")
    assert status == 0
    assert anndata.read_h5ad(out).n_obs == json.loads(text)["cells"]
    assert json.loads(scdyn("inspect", out, "--json")[1])["roles"]["spliced"] == "spliced"


def test_the_help_of_simulate_names_every_sample(scdyn):
    status, text, _ = scdyn("simulate", "--help")
    assert status == 0
    assert set(SIMULATORS) <= set(re.findall(r"\w+", text))


def test_parameters_of_a_generated_sample_can_be_set(scdyn, tmp_path):
    out = tmp_path / "delay.h5ad"
    status, _, error = scdyn(
        "simulate", "delay", out, "--set", "n_genes=12", "--set", "times=[0, 2, 8]"
    )
    assert status == 0, error
    made = anndata.read_h5ad(out)
    assert made.n_vars == 12
    assert sorted(set(made.obs["time"])) == [0, 2, 8]
    content = json.loads(scdyn("inspect", out, "--json")[1])
    assert content["roles"] == {"time": "time", "counts": "X"}


def test_names_from_the_file_are_printed_as_they_are(scdyn, cells, tmp_path):
    adata = anndata.read_h5ad(cells)
    adata.obs["[red]type[blue]"] = adata.obs.pop("cell_type")
    path = tmp_path / "hostile.h5ad"
    adata.write_h5ad(path)
    status, out, _ = scdyn("inspect", path, "--role", "cell_type=[red]type[blue]")
    assert status == 0
    assert "[red]type[blue]" in out
