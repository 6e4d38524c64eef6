"""Zip files are looked at entry by entry before anything is unpacked."""

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scdyn_core.errors import InputError
from scdyn_core.runs.bundles.archive import MOST_ENTRIES, unpack
from scdyn_core.runs.bundles.layout import NEEDED, kind_of
from tests.runs.bundles.packed import packed

GOOD = {f"r/{name}": "{}" for name in NEEDED}
BUDGET = 10**6


def entry(name, content="{}", **attributes):
    found = zipfile.ZipInfo(name)
    for key, value in attributes.items():
        setattr(found, key, value)
    return found, content


def with_entries(path, *entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
        for info, content in entries:
            archive.writestr(info, content)
    return path


def refused(path, tmp_path, budget=BUDGET):
    folder = tmp_path / "out"
    folder.mkdir(exist_ok=True)
    with pytest.raises(InputError) as caught:
        unpack(path, folder, budget)
    return caught.value


def test_the_files_of_a_run_are_unpacked(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    path = packed(tmp_path / "x.zip", {**GOOD, "r/tables/latent.parquet": "x"})
    assert set(unpack(path, folder, BUDGET)) == {*NEEDED, "tables/latent.parquet"}
    assert (folder / "tables" / "latent.parquet").read_text() == "x"


@pytest.mark.parametrize(
    "name",
    [
        "r/../../evil", "/etc/passwd", "r/tables/../../x.parquet", "..\\r\\config.json",
        "r\\tables\\x.parquet", "C:/r/config.json", "r/tables/A.parquet", "r/TABLES/a.parquet",
        "r/tables/a.parquet/", "r/tables/", "r/", "config.json", "r/r/config.json",
        "r/checkpoints/last.safetensors", "r/prepared/data.h5ad", "r/tables/a.pkl", "r/.lock",
        "r/tables/.a.parquet", "r/tables/a\u202e.parquet", "r/tables/a\n.parquet", "-r/note.txt",
        "r/cancel",
    ],
)  # fmt: skip
def test_a_name_that_is_none_of_a_run_is_refused(tmp_path, name):
    refused(packed(tmp_path / "x.zip", {**GOOD, name: "x"}), tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["x.zip"]
    assert not list((tmp_path / "out").iterdir())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(name=st.text(max_size=60))
def test_no_other_name_leads_anywhere(name):
    kind = kind_of(name)
    if kind is not None:
        assert ".." not in name
        assert name.count("/") <= 1
        assert name == name.lower()
        assert name.isascii()


def test_links_and_devices_are_refused(tmp_path):
    for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFDIR, stat.S_IFIFO):
        link = entry("r/note.txt", "/etc/passwd", external_attr=(kind | 0o777) << 16)
        assert "link" in refused(with_entries(tmp_path / "x.zip", link), tmp_path).found


def test_duplicates_and_a_second_folder_are_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = with_entries(tmp_path / "x.zip", entry("r/config.json"))
    assert "two files" in refused(path, tmp_path).found
    path = with_entries(tmp_path / "y.zip", entry("q/note.txt"))
    assert "2 folders" in refused(path, tmp_path).found


def test_a_run_without_its_state_is_none(tmp_path):
    without = {name: text for name, text in GOOD.items() if "state" not in name}
    assert "state.json" in refused(packed(tmp_path / "x.zip", without), tmp_path).found
    assert "0 files" in refused(packed(tmp_path / "y.zip", {}), tmp_path).found


def test_too_many_files_and_too_large_ones_are_refused(tmp_path):
    many = {f"r/tables/t{i}.parquet": "x" for i in range(MOST_ENTRIES)}
    refused(packed(tmp_path / "a.zip", {**GOOD, **many}), tmp_path)
    large = packed(tmp_path / "b.zip", {**GOOD, "r/tables/a.parquet": bytes(2 * BUDGET)})
    assert "more than" in refused(large, tmp_path).found
    long = packed(tmp_path / "c.zip", {**GOOD, "r/note.txt": bytes(2**21)})
    assert "note.txt" in refused(long, tmp_path, 10**8).found


def test_a_bomb_that_declares_little_is_found_when_it_is_unpacked(tmp_path):
    """The declared size is lowered after packing, as a bomb would."""
    path = packed(tmp_path / "x.zip", {**GOOD, "r/tables/a.parquet": bytes(5 * BUDGET)})
    raw = path.read_bytes()
    for declared in (struct.pack("<I", 5 * BUDGET),):
        assert raw.count(declared) == 2
        raw = raw.replace(declared, struct.pack("<I", 10))
    path.write_bytes(raw)
    refused(path, tmp_path)
    assert sum(file.stat().st_size for file in (tmp_path / "out").rglob("*") if file.is_file()) < (
        BUDGET + 2**20
    )


def test_entries_over_each_other_are_refused(tmp_path):
    """The same packed bytes named many times: small file, large contents."""
    content = bytes(1000) + b"x" * 1000
    path = packed(tmp_path / "x.zip", {**GOOD, "r/tables/a0.parquet": content})
    with zipfile.ZipFile(path, "a") as archive:
        first = archive.getinfo("r/tables/a0.parquet")
        for number in range(1, 300):
            again = zipfile.ZipInfo(f"r/tables/a{number}.parquet")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(again, name, getattr(first, name))
            archive.filelist.append(again)
            archive.NameToInfo[again.filename] = again
        archive._didModify = True
    refused(path, tmp_path)


def test_passwords_and_other_packers_are_refused(tmp_path):
    path = with_entries(tmp_path / "x.zip", method=zipfile.ZIP_BZIP2)
    assert "packed in another way" in refused(path, tmp_path).found
    raw = bytearray(packed(tmp_path / "y.zip", GOOD).read_bytes())
    start = raw.index(b"PK\x01\x02")
    raw[start + 8] |= 1
    (tmp_path / "y.zip").write_bytes(raw)
    refused(tmp_path / "y.zip", tmp_path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_zip_is_refused_or_unpacked_and_never_more(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("z")
    raw = bytearray(packed(folder / "x.zip", {**GOOD, "r/log.txt": "x" * 500}).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    (folder / "x.zip").write_bytes(raw[: data.draw(st.integers(1, len(raw)))])
    out = folder / "out"
    out.mkdir()
    try:
        names = unpack(folder / "x.zip", out, BUDGET)
    except InputError:
        return
    assert all(kind_of(name) for name in names)


def test_what_is_no_zip_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(io.BytesIO(b"\x89PNG").getvalue())
    assert "zip" in refused(path, tmp_path).found
