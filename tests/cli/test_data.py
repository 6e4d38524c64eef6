import json

import anndata


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


def test_names_from_the_file_are_printed_as_they_are(scdyn, cells, tmp_path):
    adata = anndata.read_h5ad(cells)
    adata.obs["[red]type[blue]"] = adata.obs.pop("cell_type")
    path = tmp_path / "hostile.h5ad"
    adata.write_h5ad(path)
    status, out, _ = scdyn("inspect", path, "--role", "cell_type=[red]type[blue]")
    assert status == 0
    assert "[red]type[blue]" in out
