"""``scdyn de``: two sets of cells compared from the shell."""

import json

import anndata
import numpy as np
import pandas as pd
import pytest

from tests.evaluation.expression.cells import donors


@pytest.fixture
def file(tmp_path):
    cells, donor, treated = donors(0, n_genes=30, n_donors=8, changed=3)
    obs = pd.DataFrame(
        {"donor": donor.to_numpy(), "treatment": np.where(treated, "drug", "none")},
        index=[f"c{number}" for number in range(len(donor))],
    )
    path = tmp_path / "cells.h5ad"
    anndata.AnnData(cells.raw, obs=obs, var=pd.DataFrame(index=list(cells.genes))).write_h5ad(path)
    return path


ASKED = ("--by", "treatment", "--first", "drug", "--role", "counts=X", "--role", "sample=donor")


def test_genes_are_written_and_the_statement_is_printed(scdyn, file, tmp_path):
    out_file = tmp_path / "folder" / "genes.csv"
    status, out, error = scdyn("de", file, *ASKED, "--out", out_file)
    assert status == 0, error
    assert "120 cells against 120; 30 genes tested" in out
    assert "Exploratory" in out
    assert "For a claim, compare pseudobulks" in out
    written = pd.read_csv(out_file)
    assert len(written) == 30
    assert {"gene", "z", "p_adjusted", "log2_fold_change"} <= set(written)


def test_pseudobulk_takes_the_sample_role_and_answers_as_json(scdyn, file):
    status, out, error = scdyn(
        "de", file, *ASKED, "--second", "none", "--method", "pseudobulk", "--json"
    )
    assert status == 0, error
    said = json.loads(out)
    assert said["facts"]["samples"]["column"] == "donor"
    assert (said["facts"]["samples"]["first"], said["facts"]["samples"]["second"]) == (4, 4)
    assert len({row["gene"] for row in said["genes"][:4]} & {"gene0", "gene1", "gene2"}) >= 2
    assert "support a claim" in said["statements"][0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("--first", "other"), "no level 'other'"),
        (("--by", "nothing"), "which the data do not have"),
        (("--method", "pseudobulk", "--role", "sample="), "no column that names samples"),
        (("--method", "pseudobulk", "--samples", "treatment"), "at least 2 on each side"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(scdyn, file, changes, said):
    status, _, error = scdyn("de", file, *ASKED, *changes)
    assert status == 1
    assert said in error
    assert error.count("\n") == 1
