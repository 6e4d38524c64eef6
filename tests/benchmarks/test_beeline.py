"""BEELINE's archive is read in memory, and a known network is scored by its protocol."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import beeline

ARCHIVE = Path(__file__).parents[3] / "shared/data/grn/beeline_curated_synthetic_subset.tar.xz"


def files(cells=80, seed=0):
    rng = np.random.default_rng(seed)
    names = [f"E{number}" for number in range(cells)]
    source = rng.normal(size=cells)
    values = np.stack([source, 2 * source + 0.1 * rng.normal(size=cells), rng.normal(size=cells)])
    expression = pd.DataFrame(values, index=["a", "b", "c"], columns=names)
    time = pd.DataFrame({"PseudoTime1": np.arange(cells)[::-1]}, index=names[::-1])
    network = pd.DataFrame({"Gene1": ["a", "c"], "Gene2": ["b", "c"], "Type": ["+", "-"]})
    return {
        "ExpressionData.csv": expression.to_csv(),
        "PseudoTime.csv": time.to_csv(),
        "refNetwork.csv": network.to_csv(index=False),
    }


def archive(path, members):
    with tarfile.open(path, "w:xz") as written:
        for name, text in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            written.addfile(entry, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("inputs/Simulated/GSD/GSD_2000_0/refNetwork.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        written.addfile(link)
    return path


@pytest.fixture
def small(tmp_path):
    members = {
        f"../../inputs/Simulated/GSD/{name}/{file}": text
        for name in ("GSD_2000_0", "GSD_2000_0_50")
        for file, text in files().items()
    }
    return archive(tmp_path / "small.tar.xz", members)


def test_sets_are_read_without_unpacking(small, tmp_path):
    first, lost = beeline.read_sets(small, ("GSD",))
    assert (first.name, first.lost, lost.lost) == ("GSD_2000_0", False, True)
    assert first.expression.shape == (80, 3)
    assert [path.name for path in tmp_path.iterdir()] == [small.name]
    # Times belong to cells by name, not by row.
    np.testing.assert_array_equal(first.pseudotime[:, 0], np.arange(80))
    # The edge of c to itself is none.
    assert first.reference.edge.tolist() == [[False, True, False]] + [[False] * 3] * 2
    assert first.reference.sign[0, 1] == 1


def test_a_strong_edge_is_scored_both_ways_where_no_direction_is_known(small):
    table = beeline.scores(beeline.read_sets(small, ("GSD",))).set_index(["set", "model", "metric"])
    assert set(table.index.get_level_values("set")) == {"GSD", "GSD, dropout"}
    # One true edge of six pairs; a to b and b to a tie at the top.
    assert table.loc[("GSD", "correlation", "AUPRC"), "value"] == pytest.approx(0.5)
    assert table.loc[("GSD", "correlation", "EPR"), "value"] == pytest.approx(3.0)
    assert table.loc[("GSD", "random", "EPR"), "value"] == 1.0
    assert "trees along pseudotime" in table.index.get_level_values("model")


def test_published_values_are_over_the_share_of_true_edges(small):
    rows = {
        (m, metric): v for _, m, metric, v in beeline.published(beeline.read_sets(small, ("GSD",)))
    }
    name = "published: GENIE3"
    assert rows[name, "AUPRC ratio"] == pytest.approx(6 * rows[name, "AUPRC"])
    assert all(1 > rows[name, "AUPRC"] > 0 for name, _ in rows)


def test_an_archive_without_a_model_or_with_a_huge_file_is_refused(small, monkeypatch):
    with pytest.raises(ValueError, match="lacks HSC"):
        beeline.read_sets(small, ("GSD", "HSC"))
    monkeypatch.setattr(beeline, "LARGEST_FILE", 10)
    with pytest.raises(ValueError, match="more than 10"):
        beeline.read_sets(small, ("GSD",))


@pytest.mark.skipif(not ARCHIVE.is_file(), reason="needs BEELINE's archive in ../shared/data/grn")
def test_the_archive_has_the_networks_of_the_paper():
    sets = beeline.read_sets(ARCHIVE, beeline.CURATED)
    assert len(sets) == 16
    edges = {each.model: int(each.reference.edge.sum()) for each in sets}
    assert edges == {"GSD": 76, "HSC": 26, "VSC": 15, "mCAD": 13}
    assert all(each.expression.shape[0] == 2000 for each in sets)
    assert all(np.isfinite(each.pseudotime).any(axis=1).mean() > 0.9 for each in sets)
