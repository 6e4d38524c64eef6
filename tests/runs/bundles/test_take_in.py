"""A bundle comes in whole, checked, and says what it lacks."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from filelock import Timeout

from scdyn_core.errors import ConfigError, InputError, RunError
from scdyn_core.export.bundle import export_bundle
from scdyn_core.export.offers import OFFERS
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.runs.bundles.take_in import import_bundle
from scdyn_core.runs.model import read_training_tensors
from scdyn_core.runs.prepared_data import dataset_of
from scdyn_core.runs.run import Run
from scdyn_core.runs.store import RunStore
from tests.runs.bundles.packed import bundle, contents, packed


def changed(path, name, **values):
    """Pack a bundle anew with values of one JSON file changed."""
    files = contents(path)
    (full,) = [each for each in files if each.endswith(f"/{name}")]
    found = json.loads(files[full])
    for key, value in values.items():
        place = found
        *outer, last = key.split("__")
        for each in outer:
            place = place[each]
        place[last] = value
    return packed(path.with_name("changed.zip"), {**files, full: json.dumps(found)})


def test_a_run_comes_in_as_it_left(tmp_path, workspace):
    run, path = bundle(tmp_path / "a")
    found = import_bundle(path, workspace)
    assert found.path.parent == workspace.runs
    assert found.scores() == run.scores()
    assert found.tables == run.tables
    for name in run.tables:
        one, other = run.table(name), found.table(name)
        pd.testing.assert_frame_equal(one, other, check_dtype=False)
        assert one.attrs == other.attrs
    assert found.spec.config == run.spec.config
    assert [each.id for each in RunStore(workspace).runs()] == [found.id]
    assert not list(workspace.runs.glob(".new-*"))


def test_no_path_of_either_machine_is_in_it(tmp_path, workspace):
    run, path = bundle(tmp_path / "a")
    packed_bytes = b"".join(contents(path).values())
    assert str(run.spec.dataset.path.parent).encode() not in packed_bytes
    elsewhere = changed(path, "config.json", dataset__path="/etc/passwd", explains="/root")
    found = import_bundle(elsewhere, workspace)
    assert found.spec.dataset.path.is_relative_to(workspace.datasets)
    assert found.spec.explains is None
    with pytest.raises(RunError, match="not on this computer"):
        dataset_of(found.spec, SilentReporter())


def test_the_id_is_kept_unless_it_is_taken(tmp_path, workspace):
    _, path = bundle(tmp_path / "a")
    stamped = changed(path, "bundle.json", run="20250102-030405-000006-abcdef")
    assert import_bundle(stamped, workspace).id == "20250102-030405-000006-abcdef"
    again = import_bundle(stamped, workspace)
    assert again.id != "20250102-030405-000006-abcdef"
    store = RunStore(workspace)
    store.delete(again)
    assert len(store.runs()) == 1


def test_a_run_folder_may_be_called_anything(tmp_path, workspace):
    run, _ = bundle(tmp_path / "a")
    odd = Run.open(run.path.rename(tmp_path / ("Läufe (1) " + "x" * 120)))
    found = import_bundle(export_bundle(odd, tmp_path / "b.zip", SilentReporter()), workspace)
    assert found.tables == odd.tables
    assert found.scores() == odd.scores()


def test_two_imports_at_once_are_two_runs(tmp_path, workspace):
    _, path = bundle(tmp_path / "a")
    stamped = changed(path, "bundle.json", run="20250102-030405-000006-abcdef")
    with ThreadPoolExecutor(4) as pool:
        found = {run.id for run in pool.map(lambda _: import_bundle(stamped, workspace), range(4))}
    assert len(found) == 4
    assert "20250102-030405-000006-abcdef" in found
    assert {run.id for run in RunStore(workspace).runs()} == found


def test_nobody_else_takes_an_id_while_a_run_lands(tmp_path, workspace, monkeypatch):
    """Between the look whether an id is free and the renaming, no other import may land."""
    _, path = bundle(tmp_path / "a")
    real, held = Path.rename, []

    def rename(self, target):
        held.append(RunStore(workspace).lock().is_locked or locked_elsewhere(workspace))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    import_bundle(path, workspace)
    assert held == [True]


def locked_elsewhere(workspace):
    try:
        with RunStore(workspace).lock().acquire(timeout=0):
            return False
    except Timeout:
        return True


def test_a_cancelled_import_leaves_nothing(tmp_path, workspace):
    class Impatient(SilentReporter):
        def cancelled(self):
            return True

    _, path = bundle(tmp_path / "a")
    with pytest.raises(Cancelled):
        import_bundle(path, workspace, Impatient())
    assert not list(workspace.runs.iterdir())


def test_what_a_killed_import_left_is_cleared_away_in_time(tmp_path, workspace):
    workspace.runs.mkdir(parents=True, exist_ok=True)
    for name, age in (("old", 2 * 86_400), ("new", 60)):
        folder = workspace.runs / f".new-{name}"
        folder.mkdir()
        (folder / "config.json").write_text("{}")
        os.utime(folder, (time.time() - age,) * 2)
    _, path = bundle(tmp_path / "a")
    import_bundle(path, workspace)
    assert [folder.name for folder in workspace.runs.glob(".new-*")] == [".new-new"]
    assert len(RunStore(workspace).runs()) == 1


def test_names_are_cut_to_what_file_names_hold(tmp_path, workspace):
    _, path = bundle(tmp_path / "a")
    found = import_bundle(changed(path, "config.json", dataset__name="x" * 9_000), workspace)
    assert len(found.spec.dataset.name) == 200
    for each in OFFERS:
        assert len(each.file_name(found)) < 250


@pytest.mark.parametrize(
    ("file", "values"),
    [
        ("bundle.json", {"format": 99}),
        ("bundle.json", {"run": 3}),
        ("config.json", {"kind": "explain"}),
        ("config.json", {"kind": "prepare"}),
        ("config.json", {"schema_version": 99}),
        ("config.json", {"dataset__fingerprint": "../../x"}),
        ("config.json", {"dataset__path": 3}),
        ("config.json", {"method": "magic"}),
        ("config.json", {"config": {"fit_epochs": -1}}),
        ("config.json", {"options": {"replicates": 10**6}}),
        ("state.json", {"status": "queued"}),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_lands(tmp_path, workspace, file, values):
    _, path = bundle(tmp_path / "a")
    with pytest.raises((InputError, ConfigError)):
        import_bundle(changed(path, file, **values), workspace)
    assert not list(workspace.runs.iterdir())


def test_a_file_that_breaks_its_reader_is_refused(tmp_path, workspace):
    _, path = bundle(tmp_path / "a")
    files = contents(path)
    name = next(each for each in files if each.endswith(".parquet"))
    for broken in (b"", b"PAR1" + bytes(100) + b"PAR1", files[name][:200]):
        with pytest.raises(InputError):
            import_bundle(packed(tmp_path / "b.zip", {**files, name: broken}), workspace)
    assert not list(workspace.runs.iterdir())


def test_without_its_data_a_model_says_what_is_missing(tmp_path, workspace):
    import numpy as np
    from safetensors.numpy import save_file

    run, _ = bundle(tmp_path / "a")
    (run.path / "model").mkdir()
    (run.path / "model" / "info.json").write_text("{}")
    tensors = {"parts/train/x": np.ones((3, 2), np.float32), "constants/mean": np.ones(2)}
    save_file(tensors, run.path / "model" / "tensors.safetensors")
    lean = export_bundle(run, tmp_path / "lean.zip", SilentReporter())
    with pytest.raises(RunError, match="without the values"):
        read_training_tensors(import_bundle(lean, workspace).path)
    whole = export_bundle(run, tmp_path / "whole.zip", SilentReporter(), with_data=True)
    assert read_training_tensors(import_bundle(whole, workspace).path).parts["train"]
