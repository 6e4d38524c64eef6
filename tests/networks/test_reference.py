"""Network files are untrusted: what is no network is refused in words."""

import gzip
from pathlib import Path

import pandas as pd
import pooch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.errors import InputError
from scdyn_core.networks import reference, reference_table
from scdyn_core.networks.collectri import collectri
from scdyn_core.networks.reference import COLUMNS, read_network, read_network_file


def rows(content: bytes, name: str = "x.csv") -> list[tuple[str, str, int, float]]:
    return list(read_network(content, name).itertuples(index=False, name=None))


def test_a_plain_list_of_edges_has_no_sign_and_equal_weights():
    assert rows(b"Gene1,Gene2\nKLF6,JUN\n") == [("KLF6", "JUN", 0, 1.0)]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_columns_are_found_by_their_names_in_any_order(delimiter):
    text = "n_references,target,sign,source\n3,IRF1,-1,STAT1\n2,MYC,+,E2F1\n"
    assert rows(text.replace(",", delimiter).encode()) == [
        ("STAT1", "IRF1", -1, 1.0),
        ("E2F1", "MYC", 1, 1.0),
    ]


def test_a_weight_tells_the_sign_where_some_are_negative():
    assert rows(b"tf,target,weight\nA,B,-0.5\nA,C,2\n") == [("A", "B", -1, 0.5), ("A", "C", 1, 2.0)]
    assert rows(b"tf,target,weight\nA,B,0.5\n") == [("A", "B", 0, 0.5)]
    assert rows(b"tf,target,mor\nA,B,1\n") == [("A", "B", 1, 1.0)]


def test_a_sif_file_may_have_many_targets_a_line():
    content = b"A\tactivates\tB\tC\nB inhibits A\n"
    assert rows(content, "x.sif") == [("A", "B", 1, 1.0), ("A", "C", 1, 1.0), ("B", "A", -1, 1.0)]


def test_gzip_marks_windows_lines_comments_and_quotes_do_no_harm():
    content = b'\xef\xbb\xbf# made by hand\r\nsource,target\r\n\r\n"A, B",C\r\n'
    assert rows(gzip.compress(content), "x.csv.gz") == [("A, B", "C", 0, 1.0)]


def test_all_parts_of_a_gzip_file_are_read():
    parts = gzip.compress(b"source,target\nA,B\n") + gzip.compress(b"A,C\n")
    assert [row[1] for row in rows(parts)] == ["B", "C"]


def test_a_pair_counts_once_and_disagreeing_signs_are_none():
    content = b"source,target,sign,weight\nA,B,1,2\nA,B,1,5\nA,C,1,1\nA,C,-1,1\nA,A,1,1\n"
    assert rows(content) == [("A", "B", 1, 5.0), ("A", "C", 0, 1.0)]


def test_markup_stays_text_and_control_characters_go():
    assert rows("source,target\na\u202e<b>\x07,=cmd()\n".encode()) == [("a<b>", "=cmd()", 0, 1.0)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no line"),
        (b"\n\n# nothing\n", "no line"),
        (b"source,target\n", "no edge"),
        (b"source,target\nA,A\n", "no edge"),
        (b"gene,score\nA,1\n", "no column source and no column target"),
        (b"source,target\nA\n", "too few columns in line 2"),
        (b"source,target\nA,B\n , C\n", "an empty source in line 3"),
        (b"source,target,weight\nA,B,much\n", "'much' for a weight in line 2"),
        (b"source,target,weight\nA,B,inf\n", "'inf' for a weight in line 2"),
        (b"source,target,sign\nA,B,1\nA,C,perhaps\n", "'perhaps' for a sign in line 3"),
        (b"source,target\nA,\xff\n", "no UTF-8"),
        (b"source,target\nA,B\0\n", "zero bytes"),
        (b"\x1f\x8b\x07" + b"broken" * 9, "damaged"),
        (gzip.compress(b"source,target\nA,B\n" * 50, mtime=0)[:-20], "ends too early"),
        (b"PK\x03\x04\xff\xff", "no UTF-8"),
    ],
)
def test_what_is_no_network_is_refused(content, words):
    with pytest.raises(InputError) as refusal:
        read_network(content, "x.csv")
    assert words in refusal.value.found
    assert "source" in refusal.value.needed


def test_a_sif_line_without_a_target_is_named():
    with pytest.raises(InputError, match="line 2"):
        read_network(b"A activates B\nA activates\n", "x.sif")


def test_size_and_edges_are_limited(monkeypatch):
    monkeypatch.setattr(reference, "LARGEST_FILE", 20)
    with pytest.raises(InputError, match="more than 20 B"):
        read_network(b"source,target\n" + b"A" * 30, "x")
    monkeypatch.setattr(reference, "LARGEST_FILE", 10_000)
    monkeypatch.setattr(reference, "LARGEST_TEXT", 1_000)
    with pytest.raises(InputError, match="when unpacked"):
        read_network(gzip.compress(b"source,target\n" + b"A,B\n" * 1_000), "x")
    monkeypatch.setattr(reference_table, "MOST_EDGES", 2)
    with pytest.raises(InputError, match="more than 2 edges"):
        read_network(b"source,target\nA,B\nA,C\nA,D\n", "x")
    with pytest.raises(InputError, match="more than 2 edges"):
        read_network(b"A x B C D E\n", "x.sif")


def test_empty_lines_cannot_keep_the_reader_busy(monkeypatch):
    monkeypatch.setattr(reference_table, "MOST_EDGES", 10)
    with pytest.raises(InputError, match="more than 10 edges"):
        read_network(b"source,target\n" + b"\n" * 2_000, "x")


def test_an_endless_line_is_refused():
    with pytest.raises(InputError, match="characters"):
        read_network(b"source,target" + b",x" * 100_000, "x")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch):
    path = tmp_path / "large.csv"
    with path.open("wb") as handle:
        handle.truncate(reference.LARGEST_FILE + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("was read"))
    with pytest.raises(InputError, match="more than"):
        read_network_file(path)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"absent\.csv"):
        read_network_file(tmp_path / "absent.csv")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.sif", "x.tsv.gz"]))
def test_any_bytes_give_a_network_or_a_refusal(content, name):
    for bytes_ in (content, gzip.compress(content), b"source,target,sign,weight\n" + content):
        try:
            frame = read_network(bytes_, name)
        except InputError:
            continue
        assert_proper(frame)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=8), st.sampled_from(",\t;"))
def test_any_table_gives_a_network_or_a_refusal(cells, delimiter):
    lines = [("tf", "target", "mor"), *cells]
    text = "\n".join(delimiter.join(line) for line in lines)
    try:
        frame = read_network(text.encode(), "x.csv")
    except InputError:
        return
    assert_proper(frame)


def assert_proper(frame: pd.DataFrame) -> None:
    assert list(frame) == list(COLUMNS)
    assert len(frame)
    assert not frame.duplicated(["source", "target"]).any()
    assert (frame["source"] != frame["target"]).all()
    assert frame["sign"].isin([-1, 0, 1]).all()
    assert (frame["weight"] > 0).all()
    for end in ("source", "target"):
        assert frame[end].map(lambda name: 0 < len(name) <= 200 and name == name.strip()).all()


def test_without_a_network_the_upload_is_named_as_the_way_out(tmp_path: Path, monkeypatch):
    def offline(*_args, **_options):
        raise OSError("no route")

    monkeypatch.setattr(pooch, "retrieve", offline)
    with pytest.raises(InputError, match="upload") as refusal:
        collectri(tmp_path)
    assert "zenodo.org" in refusal.value.found


def test_what_was_downloaded_is_read_like_an_upload(tmp_path: Path, monkeypatch):
    path = tmp_path / "collectri.csv"
    path.write_text("source,target,weight,resources,references,sign.decision\n"
                    "MYC,TERT,1,DoRothEA,1,PMID\nSPI1,BGLAP,-1,,,default\n")  # fmt: skip
    monkeypatch.setattr(pooch, "retrieve", lambda *_args, **_options: str(path))
    assert collectri(tmp_path)["sign"].tolist() == [1, -1]
