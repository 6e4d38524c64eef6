"""Gene-set files are untrusted: what is no GMT file is refused in words."""

from pathlib import Path

import pooch
import pytest

from scdyn_core.data import gene_sets
from scdyn_core.data.gene_sets import read_gmt, read_gmt_file
from scdyn_core.data.hallmark import hallmark_sets
from scdyn_core.errors import InputError


def test_sets_are_read_with_their_genes_in_upper_case():
    found = read_gmt(b"islet\thttp://x\tIns1\tins1\tGcg\n\nother\t\tA B\n", "mine.gmt")
    assert found.sets == {"islet": {"INS1", "GCG"}, "other": {"A B"}}
    assert found.genes == {"INS1", "GCG", "A B"}


def test_a_byte_order_mark_and_windows_lines_do_no_harm():
    assert read_gmt(b"\xef\xbb\xbfset\td\tA\r\nnext\td\tB\r\n", "x").sets == {
        "set": {"A"},
        "next": {"B"},
    }


def test_markup_stays_text_and_control_characters_go():
    name = next(iter(read_gmt("a\u202e<b>\x07\td\tX".encode(), "x").sets))
    assert name == "a<b>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no gene set"),
        (b"\n \n", "no gene set"),
        (b"\x1f\x8b\x08rest", "compressed"),
        (b"set\td\t\xff\xfe", "no UTF-8"),
        (b"set\td\tA\0B", "zero bytes"),
        (b"set\tdescription only\n", "no name or no genes in line 1"),
        (b"ok\td\tA\n\td\tA\n", "line 2"),
        (b"set\td\tA\nset\td\tB\n", "two sets called 'set' (line 2)"),
        (b"gene,value\nINS1,3\n", "line 1"),
    ],
)
def test_what_is_no_gmt_file_is_refused(content, words):
    with pytest.raises(InputError) as refusal:
        read_gmt(content, "x.gmt")
    assert words in refusal.value.found
    assert "tab-separated" in refusal.value.needed


def test_size_sets_and_genes_are_limited(monkeypatch):
    monkeypatch.setattr(gene_sets, "LARGEST_FILE", 20)
    with pytest.raises(InputError, match="more than 20 B"):
        read_gmt(b"set\td\t" + b"A" * 30, "x")
    monkeypatch.setattr(gene_sets, "LARGEST_FILE", 1000)
    monkeypatch.setattr(gene_sets, "MOST_SETS", 2)
    with pytest.raises(InputError, match="more than 2 sets"):
        read_gmt(b"a\td\tA\nb\td\tA\nc\td\tA\n", "x")
    monkeypatch.setattr(gene_sets, "MOST_GENES", 3)
    with pytest.raises(InputError, match="3 genes"):
        read_gmt(b"a\td\tA\tB\tC\tD\n", "x")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch):
    path = tmp_path / "large.gmt"
    with path.open("wb") as handle:
        handle.truncate(gene_sets.LARGEST_FILE + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("was read"))
    with pytest.raises(InputError, match="more than"):
        read_gmt_file(path)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"absent\.gmt"):
        read_gmt_file(tmp_path / "absent.gmt")


def test_without_a_network_the_upload_is_named_as_the_way_out(tmp_path: Path, monkeypatch):
    def offline(*_, **__):
        raise ConnectionError("no route")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", offline)
    with pytest.raises(InputError, match="upload it instead"):
        hallmark_sets(tmp_path)


def test_another_file_than_the_known_one_is_refused(tmp_path: Path, monkeypatch):
    def swapped(self, url, output, *_, **__):
        Path(output).write_bytes(b"evil\td\tA\n")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", swapped)
    with pytest.raises(InputError, match="gives another file"):
        hallmark_sets(tmp_path)
