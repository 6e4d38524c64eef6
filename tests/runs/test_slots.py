import os
import stat

import pytest

from scdyn_core.runs.slots import Slot, find_slots


@pytest.fixture
def two_gpus(tmp_path, monkeypatch):
    """A machine whose driver tells of two GPUs."""
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\nprintf '0\\n1\\n'\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def visible(slots):
    return [slot.environment.get("CUDA_VISIBLE_DEVICES") for slot in slots]


def test_without_a_gpu_the_cpu_takes_every_run(monkeypatch, tmp_path, make_spec):
    monkeypatch.setenv("PATH", str(tmp_path))
    (slot,) = find_slots()
    assert slot == Slot("CPU")
    assert slot.accepts(make_spec())
    assert slot.accepts(make_spec("prepare"))


def test_every_gpu_is_a_slot_and_the_cpu_prepares(two_gpus, make_spec):
    first, second, cpu = find_slots()
    assert visible([first, second, cpu]) == ["0", "1", None]
    assert first.accepts(make_spec())
    assert not cpu.accepts(make_spec())
    for spec in (make_spec("prepare"), make_spec(options={"device": "cpu"})):
        assert cpu.accepts(spec)
        assert not first.accepts(spec)


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [("1", ["1"]), ("1,0", ["1", "0"]), ("", []), ("-1", []), ("1,-1,0", ["1"])],
)
def test_the_administrators_choice_of_gpus_is_kept(two_gpus, monkeypatch, allowed, expected):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", allowed)
    assert visible(find_slots())[:-1] == expected


def test_a_driver_that_does_not_work_counts_as_no_gpu(tmp_path, monkeypatch):
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\nexit 9\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert [slot.name for slot in find_slots()] == ["CPU"]
