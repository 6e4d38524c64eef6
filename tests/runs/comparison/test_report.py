"""Everything that runs have in common, as tables."""

import json

import numpy as np
import pandas as pd
import pytest

from scdyn_core.errors import RunError
from scdyn_core.runs.comparison import embeddings
from scdyn_core.runs.comparison.comparable import differences_to_first, rankable
from scdyn_core.runs.comparison.embeddings import common_samples, compared_embeddings
from scdyn_core.runs.comparison.report import comparison
from scdyn_core.runs.comparison.side import Side, first_of_each, named, sides_of
from scdyn_core.runs.run import Run
from tests.dashboard.gene_run import write_gene_run
from tests.dashboard.network_run import write_network_run
from tests.plots.synthetic_run import tables, write_run


def changed(run: Run, **changes: object) -> Run:
    file = run.path / "config.json"
    config = json.loads(file.read_text())
    for place, value in changes.items():
        part, _, name = place.partition("__")
        config[part][name] = value
    file.write_text(json.dumps(config))
    return Run.open(run.path)


def with_split(run: Run, tested: list[str]) -> Run:
    samples = ["a", "b", "c", "d"]
    parts = ["test" if name in tested else "train" for name in samples]
    pd.DataFrame({"sample": samples, "part": parts}).to_parquet(run.path / "split.parquet")
    return run


def test_two_runs_of_one_method_are_compared_in_everything_they_have(tmp_path):
    found, notes = comparison({"a": write_run(tmp_path), "b": write_run(tmp_path)})
    assert notes == []
    assert {"scores", "settings", "embeddings", "embedding_places", "equations",
            "matched_latents", "equation_agreement"} <= set(found)  # fmt: skip
    assert not {"groups", "networks"} & set(found)
    agreement = found["equation_agreement"].iloc[0]
    assert (agreement["first"], agreement["both"], agreement["cosine"]) == (9, 9, 1.0)
    assert set(found["ahead"]["verdict"]) == {"tie"}
    assert (found["embeddings"].query("measure == 'neighbours kept'")["value"] == 1.0).all()


def test_genes_are_compared_by_their_clusters_and_latents(tmp_path):
    runs = {"a": write_gene_run(tmp_path), "b": write_gene_run(tmp_path, method="vrnn")}
    found, _ = comparison(runs)
    assert "gene" in found["embedding_places"]
    assert found["contingency"]["samples"].sum() == 120
    ari = found["groups"].query("measure == 'adjusted Rand index'")["value"]
    assert ari.iloc[0] > found["groups"]["shuffled_best"].iloc[0]


def test_networks_are_compared_by_evidence_beside_chance(tmp_path):
    found, _ = comparison({"a": write_network_run(tmp_path), "b": write_network_run(tmp_path)})
    direct = found["networks"].set_index("evidence").loc["direct effect"]
    assert direct["both"] == direct["first"] == direct["second"]
    assert direct["sign_agreement"] == 1.0
    assert (found["network_overlap"]["shared"] >= found["network_overlap"]["expected"]).all()
    assert "sign_conflicts" not in found


def test_replicates_of_a_single_run_are_compared(tmp_path):
    found, _ = comparison({"a": write_run(tmp_path)})
    assert set(found["embeddings"]["run"]) == {"a, replicate 2"}
    assert "ahead" not in found


def test_what_cannot_be_compared_is_a_note(tmp_path):
    frames = tables()
    other = {**frames, "latent": frames["latent"].assign(cell="x" + frames["latent"]["cell"])}
    found, notes = comparison({"a": write_run(tmp_path), "b": write_run(tmp_path, frames=other)})
    assert "embeddings" not in found
    assert "no" in notes[0] or "0 samples" in notes[0]


def test_scores_rank_only_on_the_same_data_and_test_samples(tmp_path):
    first = with_split(write_run(tmp_path), ["a", "b"])
    runs = {
        "first": first,
        "alike": with_split(write_run(tmp_path), ["b", "a"]),
        "other cells": with_split(write_run(tmp_path), ["b", "c"]),
        "other data": with_split(changed(write_run(tmp_path), dataset__fingerprint="1" * 16),
                                 ["a", "b"]),
        "other target": with_split(changed(write_run(tmp_path), config__derivative="layer"),
                                   ["a", "b"]),
    }  # fmt: skip
    differences = differences_to_first(runs)
    assert rankable(differences, runs) == ["first", "alike"]
    assert differences["other cells"].shared_test == pytest.approx(1 / 3)
    assert not differences["other data"].same_data
    assert not differences["other target"].same_target


def test_the_samples_that_are_drawn_depend_on_names_alone(monkeypatch):
    monkeypatch.setattr(embeddings, "MOST_SAMPLES", 50)
    names = pd.Index([f"cell{at}" for at in range(200)], name="cell")
    frame = pd.DataFrame({"z1": np.arange(200.0)}, index=names)
    first, there = common_samples([frame, frame])
    again, _ = common_samples([frame.iloc[::-1], frame.sample(frac=1, random_state=1)])
    assert there == 200
    assert len(first) == 50
    assert list(first) == list(again)


def test_a_run_without_latents_is_refused(tmp_path):
    frames = {name: frame for name, frame in tables().items() if name != "latent"}
    sides = [Side("a", write_run(tmp_path)), Side("b", write_run(tmp_path, frames=frames))]
    with pytest.raises(RunError, match="without latents"):
        compared_embeddings(sides)


def test_a_run_whose_table_tells_no_replicates_is_one_side(tmp_path):
    runs = named([write_run(tmp_path), write_run(tmp_path, replicates=1)])
    assert list(sides_of(runs, "latent")) == [
        "1 · CLERA, replicate 1", "1 · CLERA, replicate 2", "2 · CLERA",
    ]  # fmt: skip
    assert list(sides_of(runs, "cells")) == ["1 · CLERA", "2 · CLERA"]
    assert first_of_each(sides_of(runs, "latent")) == ["1 · CLERA, replicate 1", "2 · CLERA"]
