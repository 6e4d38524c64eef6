import threading

import pytest

from scdyn_core.errors import RunError
from scdyn_core.runs.queue import bury, claim
from scdyn_core.runs.run import Run
from scdyn_core.runs.state import RunState
from scdyn_core.runs.store import RunStore
from scdyn_core.runs.writer import RunWriter


def anything(spec):
    return True


def set_state(run, status, **changes):
    RunWriter(run).set_state(run.state.model_copy(update={"status": status, **changes}))


def test_runs_are_listed_newest_first_and_damaged_ones_apart(store, make_spec):
    first, second, third = (store.submit(make_spec()) for _ in range(3))
    (second.path / "state.json").write_text("{")
    assert [run.id for run in store.runs()] == [third.id, first.id]
    assert [second.id in str(error) for error in store.damaged()] == [True]
    assert store.run(first.id).spec == first.spec


@pytest.mark.parametrize("file", ["config.json", "state.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"status": "odd"}', b"\xff\x00", None])
def test_one_damaged_run_never_hides_another(workspace, make_spec, file, content):
    before = RunStore(workspace)
    good, bad = before.submit(make_spec()), before.submit(make_spec())
    (bad.path / file).unlink()
    if content is not None:
        (bad.path / file).write_bytes(content)
    store = RunStore(workspace)
    assert [run.id for run in store.runs()] == [good.id]
    assert len(store.damaged()) == 1
    bury(store)
    assert claim(store, anything).id == good.id


@pytest.mark.parametrize("run_id", ["nothing", "../runs", ".", "", ".trash", ".queue.lock"])
def test_an_unknown_id_is_an_error(store, make_spec, run_id):
    store.submit(make_spec())
    with pytest.raises(RunError, match="no such run"):
        store.run(run_id)


def test_the_queue_gives_each_run_once_oldest_first_to_many_takers(workspace, make_spec):
    store = RunStore(workspace)
    submitted = [store.submit(make_spec()).id for _ in range(6)]
    taken, guard = [], threading.Lock()

    def take():
        mine = RunStore(workspace)
        while (run := claim(mine, anything)) is not None:
            with guard:
                taken.append(run.id)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == submitted
    assert {run.state.status for run in store.runs()} == {"running"}


def test_a_slot_passes_over_what_it_does_not_accept(store, make_spec):
    store.submit(make_spec())
    prepare = store.submit(make_spec("prepare"))
    assert claim(store, lambda spec: spec.kind == "prepare").id == prepare.id
    assert claim(store, lambda spec: spec.kind == "prepare") is None


def test_a_waiting_run_is_cancelled_at_once_and_never_taken(store, make_spec):
    run = store.submit(make_spec())
    store.cancel(run)
    assert run.state.status == "cancelled"
    assert claim(store, anything) is None


def test_a_flag_alone_also_cancels_a_waiting_run(store, make_spec):
    run = store.submit(make_spec())
    run.request_cancel()
    assert claim(store, anything) is None
    bury(store)
    assert run.state.status == "cancelled"


def test_a_run_whose_process_is_gone_is_interrupted_and_says_how_to_go_on(store, make_spec):
    run = store.submit(make_spec())
    assert claim(store, anything) is not None
    assert bury(store) == []
    # Same pid, another start: the number was given to another process.
    set_state(run, "running", process_started=run.state.process_started - 1000)
    assert [dead.id for dead in bury(store)] == [run.id]
    assert run.state.status == "interrupted"
    assert "Resume" in run.state.error["fix"]


def test_a_run_on_another_machine_is_judged_by_its_heartbeat(store, make_spec):
    run = store.submit(make_spec())
    claim(store, anything)
    set_state(run, "running", host="elsewhere", pid=1)
    assert bury(store) == []
    set_state(run, "running", started=run.state.started - 1000)
    assert [dead.id for dead in bury(store)] == [run.id]


def test_a_resumed_run_waits_again_without_its_old_flag_and_error(store, make_spec):
    run = store.submit(make_spec())
    store.cancel(run)
    store.resume(run)
    assert run.state == RunState(status="queued", created=run.state.created)
    assert not run.cancel_requested


@pytest.mark.parametrize("status", ["queued", "running", "done"])
def test_only_ended_unfinished_runs_can_be_resumed(store, make_spec, status):
    run = store.submit(make_spec())
    set_state(run, status)
    with pytest.raises(RunError, match=status):
        store.resume(run)


def test_a_deleted_run_can_be_brought_back(store, make_spec):
    run = store.submit(make_spec())
    with pytest.raises(RunError, match="queued"):
        store.delete(run)
    store.cancel(run)
    run.note = "keep"
    store.delete(run)
    assert store.runs() == []
    assert not run.path.exists()
    assert store.restore(run.id).note == "keep"
    assert [run.id for run in store.runs()] == [run.id]
    with pytest.raises(RunError, match="trash"):
        store.restore(run.id)


def test_a_run_made_elsewhere_is_shown_resumed_and_only_unlisted_on_delete(
    store, tmp_path, make_spec
):
    outside = Run.create(tmp_path / "elsewhere", make_spec(), name="R")
    set_state(outside, "interrupted")
    run = store.adopt(outside.path)
    store.adopt(outside.path)
    assert [each.path for each in store.runs()] == [outside.path]
    assert store.run(run.id).path == outside.path
    store.resume(run)
    assert claim(store, anything).path == outside.path
    set_state(outside, "done")
    store.delete(run)
    assert store.runs() == []
    assert Run.open(outside.path).state.status == "done"
    store.restore(run.id)
    assert [each.id for each in store.runs()] == [run.id]


def test_adopting_what_is_no_run_is_an_error(store, tmp_path):
    with pytest.raises(RunError, match=r"config\.json"):
        store.adopt(tmp_path)


def test_a_clone_asks_for_the_same(store, make_spec):
    run = store.submit(make_spec(epochs=5))
    assert store.submit(store.clone_spec(run)).spec == run.spec


def test_finished_preparation_is_found_by_data_and_recipe(store, make_spec):
    spec = make_spec("prepare")
    run = store.submit(spec)
    assert store.prepare_lookup(spec.dataset, spec.recipe) is None
    set_state(run, "done")
    assert store.prepare_lookup(spec.dataset, spec.recipe).id == run.id
    other = spec.recipe.model_copy(update={"seed": 5})
    assert store.prepare_lookup(spec.dataset, other) is None
