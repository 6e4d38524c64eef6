"""What a run says most of is looked at first, whichever tables it has."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scdyn_core.errors import RunError
from scdyn_core.methods.method import Table
from scdyn_core.runs.run import Run
from scdyn_core.runs.suggested_genes import suggested_genes
from scdyn_core.runs.tables import write_table
from tests.plots.synthetic_run import write_run


def holding(folder: Path, **tables: pd.DataFrame) -> Run:
    """Return a run with these tables alone."""
    run = write_run(folder)
    for file in (run.path / "tables").glob("*.parquet"):
        file.unlink()
    for name, frame in tables.items():
        write_table(run.path / "tables" / f"{name}.parquet", Table(frame, {}))
    return run


def test_the_strongest_genes_of_every_program_of_the_best_replicate_come_in_turn(
    tmp_path: Path,
) -> None:
    run = write_run(tmp_path, replicates=3)
    found = suggested_genes(run, 6)
    programs = run.table("programs")
    best = run.table("replicates").query("chosen")["replicate"].item()
    assert best > 0
    own = programs[programs["replicate"] == best]
    strongest = {}
    for latent, rows in own.groupby("latent"):
        strongest[latent] = rows.set_index("gene")["effect"].abs().sort_values().index[::-1]
    expected = list(dict.fromkeys(strongest[i][rank] for rank in range(40) for i in (1, 2, 3)))
    assert found == expected[:6]
    assert len(suggested_genes(run)) == 12


def test_every_kind_of_run_has_its_own_answer(tmp_path: Path) -> None:
    latents = pd.DataFrame(
        {"latent": [1, 1, 2, 2], "gene": list("abab"), "effect": [0.1, -3.0, 0.2, 0.1]}
    )
    network = pd.DataFrame(
        {
            "evidence": ["direct"] * 3 + ["baseline"],
            "source": ["s", "t", "s", "u"],
            "value": [0.4, -0.5, 0.2, 9.0],
        }
    )
    responses = pd.DataFrame(
        {
            "perturbation": ["P", "P", "Q"],
            "gene": ["g", "h", "k"],
            "log2_fold_change": [-2.0, 5.0, 0.3],
            "p_adjusted": [0.01, 0.5, 0.01],
        }
    )
    unseen = pd.DataFrame(
        {"held_out": "B", "gene": list("xyx"), "control": 1.0, "predicted": [1.1, 0.0, 1.2]}
    )
    types = pd.DataFrame(
        {
            "cell_type": np.repeat(["A", "B"], 2),
            "gene": list("mnmn"),
            "denoised": [1.0, 5.0, 30.0, 5.5],
        }
    )
    genes = pd.DataFrame({"gene": list("vw"), "change": [0.5, -2.0]})
    for number, (table, expected) in enumerate(
        [
            ({"latent_genes": latents}, ["b", "a"]),
            ({"network": network, "responses": responses}, ["s", "t"]),
            ({"network": network.iloc[:0], "responses": responses}, ["g", "k"]),
            ({"unseen_genes": unseen, "genes": genes}, ["y", "x"]),
            ({"type_expression": types}, ["m", "n"]),
            ({"genes": genes}, ["w", "v"]),
            ({"genes": genes[["gene"]]}, []),
            ({}, []),
        ]
    ):
        assert suggested_genes(holding(tmp_path / str(number), **table)) == expected


def test_a_table_without_its_columns_is_said(tmp_path: Path) -> None:
    run = holding(tmp_path, programs=pd.DataFrame({"gene": ["a"]}))
    with pytest.raises(RunError, match="programs"):
        suggested_genes(run)
