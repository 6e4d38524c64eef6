"""Unpacking of gzip, zip and tar files from outside into a folder of our own."""

from __future__ import annotations

import gzip
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from scdyn_core.data.budget import in_words
from scdyn_core.data.text import clean_text, shown
from scdyn_core.errors import InputError

MOST_MEMBERS = 1_000
_BLOCK = 1 << 20
_IGNORED = ("__MACOSX", ".DS_Store")


def gunzip(path: Path, target: Path, limit: int) -> None:
    """Unpack a gzip file, at most ``limit`` bytes.

    Raises
    ------
    InputError
        When it is damaged or larger.
    """
    with _damage_named(path, "gzip"), gzip.open(path, "rb") as packed:
        _copy(packed, target, limit, path)


def unpack_archive(path: Path, folder: Path, limit: int) -> None:
    """Unpack the regular files of a zip or tar archive into ``folder``, flat by base name.

    Raises
    ------
    InputError
        When a member would leave the folder, is a link or device, when there are too many,
        when they are larger than ``limit`` together, or when the archive is damaged.
    """
    if zipfile.is_zipfile(path):
        with _damage_named(path, "zip"), zipfile.ZipFile(path) as archive:
            _unpack_zip(archive, path, folder, limit)
    else:
        with _damage_named(path, "tar"), tarfile.open(path, "r:*") as archive:
            _unpack_tar(archive, path, folder, limit)


def _unpack_zip(archive: zipfile.ZipFile, path: Path, folder: Path, limit: int) -> None:
    left = limit
    for number, member in enumerate(archive.infolist()):
        _count_members(number, path)
        mode = member.external_attr >> 16
        if stat.S_ISLNK(mode):
            _refuse(path, member.filename, "a symbolic link")
        if member.is_dir() or _ignored(member.filename):
            continue
        target = _target(folder, member.filename, path)
        with archive.open(member) as packed:
            left -= _copy(packed, target, left, path)


def _unpack_tar(archive: tarfile.TarFile, path: Path, folder: Path, limit: int) -> None:
    left = limit
    for number, member in enumerate(archive):
        _count_members(number, path)
        if member.isdir() or _ignored(member.name):
            continue
        if not member.isreg():
            _refuse(path, member.name, "a link, device or pipe")
        target = _target(folder, member.name, path)
        packed = archive.extractfile(member)
        if packed is not None:
            left -= _copy(packed, target, left, path)


def _target(folder: Path, name: str, path: Path) -> Path:
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
        _refuse(path, name, "a path that leads out of the archive's own folder")
    target = folder / clean_text(parts.name)
    if target.exists():
        _refuse(path, name, "a second file of the same name")
    return target


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, limit: int, path: Path) -> int:
    written = 0
    with target.open("xb") as out:
        while block := packed.read(_BLOCK):
            written += len(block)
            if written > limit:
                raise InputError(
                    clean_text(path.name),
                    found=f"more than {in_words(limit)} when unpacked "
                    f"({in_words(path.stat().st_size)} packed)",
                    needed=f"at most {in_words(limit)}",
                    fix="Take a part of the cells, or raise SCDYN_MEMORY_BUDGET_GB.",
                )
            out.write(block)
    return written


def _count_members(number: int, path: Path) -> None:
    if number >= MOST_MEMBERS:
        raise InputError(
            clean_text(path.name),
            found=f"more than {MOST_MEMBERS} files in the archive",
            needed="one matrix with its barcodes and features",
            fix="Pack only these three files.",
        )


def _ignored(name: str) -> bool:
    return any(part in _IGNORED or part.startswith("._") for part in PurePosixPath(name).parts)


def _refuse(path: Path, member: str, what: str) -> None:
    raise InputError(
        f"{clean_text(path.name)}:{clean_text(member)}",
        found=f"{what} ({shown(member)})",
        needed="plain files inside the archive",
        fix="Pack the matrix, barcodes and features files themselves.",
    )


@contextmanager
def _damage_named(path: Path, kind: str) -> Iterator[None]:
    try:
        yield
    except (
        OSError,
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
        tarfile.TarError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise InputError(
            clean_text(path.name),
            found=f"a {kind} file that cannot be unpacked ({clean_text(error)})",
            needed=f"a complete {kind} file without a password",
            fix="Pack or download the file again.",
        ) from error
