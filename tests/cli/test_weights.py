"""``scdyn weights``: weights of cells from the shell."""

import json

import pandas as pd
import pytest

ASKED = ("weights", "pbmc68k_reduced", "--by", "bulk_labels")


def test_what_each_type_gains_is_printed(scdyn):
    status, out, error = scdyn(*ASKED)
    assert status == 0, error
    assert "700 cells, effective sample size" in out
    rows = [line for line in out.splitlines() if line.startswith("CD34+")]
    assert len(rows) == 1
    assert float(rows[0].split()[-1]) > 1.5


def test_weights_are_written_and_the_numbers_are_there_as_json(scdyn, tmp_path):
    out_file = tmp_path / "folder" / "weights.csv"
    status, out, error = scdyn(
        *ASKED, "--scheme", "neighbours", "--set", "most=3", "--set", "floor=0", "--out", out_file,
        "--json",
    )  # fmt: skip
    assert status == 0, error
    said, written = json.loads(out), pd.read_csv(out_file)
    assert list(written) == ["cell", "cell_type", "weight"]
    assert len(written) == said["cells"] == 700
    assert written["weight"].mean() == pytest.approx(1)
    assert written["weight"].max() == pytest.approx(said["most"])
    assert said["most"] <= 3 + 1e-9
    assert said["file"] == str(out_file)
    assert sum(row["mass"] for row in said["mass"]) == pytest.approx(1)


def test_the_same_seed_gives_the_same_weights(scdyn):
    assert scdyn(*ASKED, "--json")[1] == scdyn(*ASKED, "--json")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--key", "X_nothing"), "'X_nothing': no such embedding (obsm)"),
        (("--scheme", "nothing"), "needed one of uniform, balanced"),
        (("--set", "floor=2"), "less than or equal to 1"),
        (("--by", "nothing"), "no such column"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(scdyn, arguments, said):
    status, _, error = scdyn("weights", "pbmc68k_reduced", *arguments)
    assert status == 1
    assert said in error
    assert error.count("\n") == 1
