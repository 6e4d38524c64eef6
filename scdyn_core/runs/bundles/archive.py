"""The zip file of a bundle, looked at entry by entry before anything is unpacked."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scdyn_core.data.budget import in_words
from scdyn_core.data.text import clean_text, shown
from scdyn_core.errors import InputError
from scdyn_core.runs.bundles.layout import MOST_BYTES, NEEDED, kind_of

MOST_ENTRIES = 500
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_BLOCK = 2**20


def unpack(path: Path, folder: Path, budget: int) -> list[str]:
    """Check a bundle and unpack it into an empty folder; return the names of its files.

    Parameters
    ----------
    budget
        Bytes that all files may have together, unpacked.

    Raises
    ------
    InputError
        When it is no bundle, or has anything in it that a bundle has not.
    """
    with _damage_named(path), zipfile.ZipFile(path) as archive:
        members = _checked(archive, path, budget)
        left = budget
        for name, member in members.items():
            target = folder / name
            target.parent.mkdir(exist_ok=True)
            with archive.open(member) as packed, target.open("xb") as out:
                while block := packed.read(_BLOCK):
                    left -= len(block)
                    if left < 0:
                        raise _too_large(path, budget)
                    out.write(block)
    return list(members)


def _checked(archive: zipfile.ZipFile, path: Path, budget: int) -> dict[str, zipfile.ZipInfo]:
    """Return path in the run folder -> entry."""
    entries = archive.infolist()
    if not 0 < len(entries) <= MOST_ENTRIES:
        raise _refused(path, f"{len(entries)} files", f"1 to {MOST_ENTRIES} files")
    if sum(entry.file_size for entry in entries) > budget:
        raise _too_large(path, budget)
    if sum(entry.compress_size for entry in entries) > path.stat().st_size:
        raise _refused(path, "files that lie over each other", "files that lie one after another")
    found: dict[str, zipfile.ZipInfo] = {}
    tops = set()
    for entry in entries:
        top, name = _name(entry, path)
        tops.add(top)
        if name in found:
            raise _refused(path, f"two files {shown(name)}", "every file once")
        found[name] = entry
    if len(tops) != 1:
        raise _refused(path, f"{len(tops)} folders", "the folder of one run")
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise _refused(path, f"no {missing[0]}", "a run that scdyn exported as a bundle")
    return found


def _name(entry: zipfile.ZipInfo, path: Path) -> tuple[str, str]:
    """Return the folder of an entry and its path in it, if it is a plain file of a run."""
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode not in (0, stat.S_IFREG):
        raise _refused(path, f"a link or device ({shown(entry.filename)})", "plain files")
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        raise _refused(path, f"{shown(entry.filename)} packed in another way", "a zip as scdyn has")
    top, _, name = entry.filename.partition("/")
    kind = kind_of(name)
    if kind is None or not _ID.fullmatch(top) or entry.filename != entry.orig_filename:
        raise _refused(path, f"a file {shown(entry.filename)}", "only files of a run folder")
    if entry.file_size > MOST_BYTES.get(kind, entry.file_size):
        raise _refused(path, f"{shown(name)} of {in_words(entry.file_size)}",
                       f"at most {in_words(MOST_BYTES[kind])}")  # fmt: skip
    return top, name


def _refused(path: Path, found: str, needed: str) -> InputError:
    return InputError(
        clean_text(path.name),
        found=found,
        needed=needed,
        fix="Export the run again where it was made: scdyn export RUN FILE.zip --what bundle.",
    )


def _too_large(path: Path, budget: int) -> InputError:
    return InputError(
        clean_text(path.name),
        found=f"more than {in_words(budget)} when unpacked",
        needed=f"at most {in_words(budget)}",
        fix="Close other programs, or raise SCDYN_MEMORY_BUDGET_GB.",
    )


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError,
        ValueError, UnicodeError,
    ) as error:  # fmt: skip
        raise _refused(path, f"no readable zip file ({clean_text(error)})", "a zip file") from error
