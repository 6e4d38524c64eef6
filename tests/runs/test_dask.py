"""The cluster is played by a client that runs what it is given in a thread."""

import sys
import threading
import types
from concurrent.futures import ThreadPoolExecutor

import pytest

from scdyn_core.errors import ConfigError
from scdyn_core.runs.executors import dask as executor_module
from scdyn_core.runs.executors.dask import DaskExecutor
from scdyn_core.runs.queue import claim


class ThreadClient:
    def __init__(self, address):
        if address == "tcp://nowhere:1":
            raise OSError("timed out")
        self._pool = ThreadPoolExecutor(1)

    def submit(self, function, *args, pure):
        return self._pool.submit(function, *args)

    def scheduler_info(self, n_workers):
        return {"workers": {"tcp://a:1": {}, "tcp://b:1": {}}}


@pytest.fixture
def cluster(monkeypatch):
    module = types.SimpleNamespace(Client=ThreadClient, fire_and_forget=lambda future: None)
    monkeypatch.setitem(sys.modules, "distributed", module)


def test_without_the_package_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match="pip install distributed"):
        DaskExecutor("tcp://host:8786")


def test_a_scheduler_that_does_not_answer_is_named(cluster):
    with pytest.raises(ConfigError, match="tcp://nowhere:1"):
        DaskExecutor("tcp://nowhere:1")


def test_every_worker_of_the_cluster_is_a_slot(cluster):
    names = [slot.name for slot in DaskExecutor("tcp://host:1").slots()]
    assert names == ["dask tcp://a:1", "dask tcp://b:1"]


def test_a_run_is_carried_out_on_the_cluster(cluster, store, make_spec, executor, monkeypatch):
    monkeypatch.setattr(executor_module, "LocalExecutor", lambda: executor)
    run = store.submit(make_spec(epochs=5))
    claim(store, lambda spec: True)
    DaskExecutor("tcp://host:1")(run, {}, threading.Event())
    assert run.state.status == "done", run.log()


def test_a_run_the_cluster_gives_up_is_interrupted(cluster, store, make_spec, monkeypatch):
    def lost(path, environment):
        raise RuntimeError("worker died")

    monkeypatch.setattr(executor_module, "_carry_out", lost)
    run = store.submit(make_spec())
    claim(store, lambda spec: True)
    DaskExecutor("tcp://host:1")(run, {}, threading.Event())
    assert run.state.status == "interrupted"
    assert "worker died" in run.state.error["found"]
