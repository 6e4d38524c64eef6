"""The trial reading: what compiled code does with a file shows in a process of its own."""

import h5py
import pytest

from scdyn_core.data.trial import read_through, try_reading
from scdyn_core.errors import InputError
from tests.data import files

BUDGET = 100_000_000


def test_sound_files_pass_and_tables_need_no_trial(tmp_path):
    try_reading(files.h5ad(tmp_path / "good.h5ad"), BUDGET)
    try_reading(files.ragged_rows(tmp_path / "table.csv"), BUDGET)


def test_every_block_of_every_dataset_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("scdyn_core.data.trial._BLOCK_BYTES", 100)
    path = tmp_path / "blocks.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("chunked", data=range(1000), chunks=(7,), compression="gzip")
        file.create_dataset("text", data=["x"] * 50)
        file.create_dataset("empty", shape=(0, 3), dtype="f4")
        file["scalar"] = 1.0
        at = file["chunked"].id.get_chunk_info(142).byte_offset
    read_through(path, BUDGET)
    damaged = bytearray(path.read_bytes())
    damaged[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(damaged)
    with pytest.raises(InputError, match="damaged HDF5 file"):
        read_through(path, BUDGET)


def test_what_the_preflight_refuses_is_refused_in_its_words(tmp_path):
    with pytest.raises(InputError, match="soft link"):
        try_reading(files.soft_link(tmp_path / "bad.h5ad"), BUDGET)


def test_a_file_that_hangs_the_library_is_given_up(tmp_path):
    with pytest.raises(InputError, match="did not end within 0 seconds"):
        try_reading(files.h5ad(tmp_path / "slow.h5ad"), BUDGET, timeout=0.01)


def test_a_file_that_crashes_the_library_costs_only_itself(tmp_path, monkeypatch):
    # A library path that ends the interpreter stands for a crash inside compiled code.
    (tmp_path / "sitecustomize.py").write_text("import os\nos.kill(os.getpid(), 11)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(InputError, match="crashed \\(SIGSEGV\\)"):
        try_reading(files.h5ad(tmp_path / "evil.h5ad"), BUDGET)
