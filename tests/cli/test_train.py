import json
import os
import signal
import threading
import time

import pytest

from scdyn_core.runs.run import Run
from scdyn_core.runs.store import RunStore
from scdyn_core.runs.writer import RunWriter


def test_train_leaves_a_run_folder_that_the_dashboard_lists(scdyn, cells, tmp_path, home):
    out = tmp_path / "R"
    status, text, _ = scdyn(
        "train", "line", cells, "--out", out, "--recipe", "none", "--preset", "published",
        "--set", "pause=1e-4", "--replicates", "2", "--seed", "7", "--role", "batch=cell_type",
    )  # fmt: skip
    assert status == 0
    assert "distance" in text
    run = Run.open(out)
    assert run.state.status == "done"
    assert run.spec.config == {"epochs": 20, "pause": 1e-4, "broken": False}
    assert (run.spec.options.replicates, run.spec.options.seed) == (2, 7)
    assert run.spec.dataset.roles.batch == "cell_type"
    assert [listed.path for listed in RunStore(home).runs()] == [out]


def test_show_gives_state_config_and_scores_as_json(scdyn, trained):
    status, out, _ = scdyn("show", trained, "--json")
    content = json.loads(out)
    assert status == 0
    assert content["state"] == "done"
    assert content["config"]["method"] == "line"
    score = content["scores"][0]
    assert {"metric", "value", "split", "better", "replicate_sd", "baselines"} == score.keys()


def test_show_says_in_words_which_baselines_the_model_does_not_beat(scdyn, trained):
    run = Run.open(trained)
    score = run.scores()[0].model_copy(
        update={"value": 1.0, "better": "lower", "baselines": {"wise": 0.5, "poor": 2.0}}
    )
    RunWriter(run).scores([score])
    _, out, _ = scdyn("show", trained)
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert "as good or better" in lines["wise"]
    assert "as good or better" not in lines["poor"]


def test_compare_sets_runs_side_by_side(scdyn, trained, cells, tmp_path):
    other = tmp_path / "other"
    scdyn("train", "line", cells, "--recipe", "none", "--out", other, "--seed", "1")
    status, out, _ = scdyn("compare", trained, other)
    assert status == 0
    assert "trained" in out.splitlines()[0]
    assert "other" in out.splitlines()[0]
    rows = json.loads(scdyn("compare", trained, other, "--json")[1])["runs"]
    assert [row["run"] for row in rows] == [str(trained), str(other)]
    assert rows[0]["scores"] != rows[1]["scores"]


def test_a_used_folder_is_refused(scdyn, trained, cells):
    status, _, error = scdyn("train", "line", cells, "--recipe", "none", "--out", trained)
    assert status == 1
    assert "resume" in error


def test_a_failed_run_says_why_and_keeps_the_traceback_in_its_log(scdyn, cells, tmp_path):
    out = tmp_path / "R"
    status, text, error = scdyn(
        "train", "line", cells, "--recipe", "none", "--out", out, "--set", "broken=true"
    )
    assert (status, text) == (1, "")
    assert "KeyError" in error.splitlines()[-1]
    assert Run.open(out).state.status == "failed"
    assert "Traceback" in Run.open(out).log()


def interrupt_when_training(out):
    def watch():
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            progress = Run.open(out).progress if (out / "progress.json").exists() else None
            if progress and progress.stage.startswith("training"):
                os.kill(os.getpid(), signal.SIGINT)
                return
            time.sleep(0.02)

    threading.Thread(target=watch, daemon=True).start()


def test_ctrl_c_stops_at_a_checkpoint_and_says_how_to_go_on(scdyn, cells, tmp_path):
    out = tmp_path / "R"
    handler = signal.getsignal(signal.SIGINT)
    interrupt_when_training(out)
    status, _, error = scdyn(
        "train", "line", cells, "--recipe", "none", "--out", out,
        "--set", "epochs=1500", "--set", "pause=0.002", "--json",
    )  # fmt: skip
    run = Run.open(out)
    assert status == 130, (error, run.log())
    assert run.state.status == "interrupted"
    assert f"scdyn resume {out}" in json.loads(error)["error"]["fix"]
    assert run.checkpoints
    assert signal.getsignal(signal.SIGINT) is handler
    status, text, _ = scdyn("resume", out, "--json")
    assert status == 0
    assert json.loads(text)["state"] == "done"
    epochs = run.metrics().query("part == 'train'")["epoch_total"].tolist()
    assert epochs == sorted(set(epochs))
    assert epochs[-1] == 1500


def test_a_finished_run_is_not_resumed(scdyn, trained):
    status, _, error = scdyn("resume", trained)
    assert status == 1
    assert "done" in error


def test_a_run_whose_process_died_can_be_resumed_at_once(scdyn, trained):
    run = Run.open(trained)
    RunWriter(run).set_state(
        run.state.model_copy(update={"status": "running", "process_started": 0.0})
    )
    assert scdyn("resume", trained)[0] == 0
    assert run.state.status == "done"


@pytest.mark.parametrize("recipe", ["none", "FILE"])
def test_prepare_writes_data_and_recipe(scdyn, cells, tmp_path, recipe):
    import anndata

    if recipe == "FILE":
        recipe = tmp_path / "own.yaml"
        recipe.write_text("name: own\nsteps:\n- kind: normalise\n- kind: log1p\n")
    out = tmp_path / "prepared.h5ad"
    status, text, error = scdyn("prepare", cells, out, "--recipe", recipe, "--json")
    assert status == 0, error
    content = json.loads(text)
    assert status == 0
    assert anndata.read_h5ad(out).shape == (content["cells"], content["genes"]) == (60, 12)
    again = tmp_path / "again.h5ad"
    assert scdyn("prepare", cells, again, "--recipe", content["recipe_file"])[0] == 0
