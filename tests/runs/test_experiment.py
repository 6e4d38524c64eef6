"""An experiment as a run: its tables, going on after an interruption, and what it refuses."""

import time

import pytest

from scdyn_core.data.load import load
from scdyn_core.preprocess.recipe import RECIPES
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.execute import execute
from scdyn_core.runs.owner import running_here
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.training.options import TrainingOptions
from tests.methods.svae import small

QUESTION = {"question": "resampling", "seeds": 2, "arms": ["clusters"], "rare_share": 0.3}
TABLES = {"arm_scores", "arm_comparison", "arm_sampling", "arm_mass", "answer"}


class Stops(SilentReporter):
    def __init__(self, after):
        self.after, self.heard = after, 0.0

    def progress(self, stage, done, total, message=""):
        self.heard = done if stage == "experiment" else 0.0

    def cancelled(self):
        return self.heard >= self.after


@pytest.fixture(scope="module")
def spec(tmp_path_factory):
    path = tmp_path_factory.mktemp("screen") / "screen.h5ad"
    screen = small.with_groups(small.screen(), "cell_type")
    screen.adata.write_h5ad(path)
    dataset = load(path, roles=screen.roles)
    return RunSpec(
        kind="experiment",
        dataset=DatasetRef(
            path=path, name="screen", fingerprint=dataset.fingerprint, roles=dataset.roles
        ),
        recipe=RECIPES["none"],
        method="svae",
        config=small.TINY.model_dump(mode="json"),
        options=TrainingOptions(device="cpu", threads=1),
        experiment=QUESTION,
    )


@pytest.fixture
def create(tmp_path, monkeypatch, spec):
    monkeypatch.setenv("SCDYN_HOME", str(tmp_path / "home"))

    def make(**changes):
        changed = spec.model_copy(update=changes)
        return Run.create(tmp_path / "runs", changed, state=running_here(time.time()))

    return make


def test_an_interrupted_experiment_goes_on_to_the_same_answer(create):
    whole, torn = create(), create()
    assert execute(whole, SilentReporter()).status == "done", whole.log()
    for after in (0.5, 2.0):
        assert execute(torn, Stops(after)).status == "interrupted"
        assert (torn.path / "parts").is_dir()
    assert execute(torn, SilentReporter()).status == "done", torn.log()
    assert set(whole.tables) == set(torn.tables) == TABLES
    for name in TABLES:
        assert whole.table(name).equals(torn.table(name)), name
    assert not (torn.path / "parts").exists()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"method": "path_network", "config": {}}, "Path network"),
        ({"experiment": {"question": "what is life"}}, "experiment"),
        ({"experiment": {"question": "unseen response"}}, "sVAE"),
    ],
)
def test_what_cannot_be_asked_fails_with_its_place(create, changes, place):
    run = create(**changes)
    state = execute(run, SilentReporter())
    assert state.status == "failed"
    assert state.error["kind"] == "ConfigError", run.log()
    assert place in state.error["place"]
