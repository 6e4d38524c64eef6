"""What the derivative tells before training: shares, nulls, and plain words against a source."""

import dataclasses

import numpy as np
import pytest

from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.derivative import (
    COLUMNS,
    COMMON,
    NULL,
    REAL,
    derivative_table,
    shares_of,
    source_remarks,
    source_warnings,
    sources_table,
)
from tests.methods.clera.planted import planted_motion

CONFIG = CleraConfig(latents=2)


@pytest.fixture(scope="module")
def planted():
    return planted_motion(cells=500)[0]


def changed(tensors, change):
    """Return the tensors with every part's reference arrays changed by a function."""
    reference = {part: {**arrays, **change(arrays)} for part, arrays in tensors.reference.items()}
    return dataclasses.replace(tensors, reference=reference)


def warnings_of(tensors):
    return [text for _, text in source_warnings(derivative_table(CONFIG, tensors))]


def test_there_is_a_row_for_every_baseline_part_and_data(planted):
    table = sources_table(derivative_table(CONFIG, planted, ("validation", "test")))
    assert list(table.frame.columns) == list(COLUMNS) == list(table.columns)
    counts = table.frame.groupby(["part", "data"])["baseline"].agg(list)
    assert set(counts.index) == {(p, d) for p in ("validation", "test") for d in (REAL, NULL)}
    expected = ["no change", "mean", "10 nearest cells", "PCA-2 + STLSQ", "PCA-10 + STLSQ"]
    assert all(baselines == expected for baselines in counts)
    assert set(table.frame["source"]) == {"planted"}


def test_a_motion_with_structure_needs_no_warning(planted):
    table = derivative_table(CONFIG, planted)
    assert shares_of(table, REAL)["10 nearest cells"] > 0.5
    assert max(shares_of(table, NULL).values()) < 0.1
    assert source_warnings(table) == []


def test_a_null_as_good_as_the_data_is_said(planted):
    destroyed = changed(planted, lambda a: {"dx": a["null_dx"], "dscores": a["null_dscores"]})
    (warning,) = warnings_of(destroyed)
    assert "null is not beaten" in warning
    same = changed(planted, lambda a: {"null_dx": a["dx"], "null_dscores": a["dscores"]})
    assert "null is not beaten" in warnings_of(same)[0]


def test_a_common_drift_alone_is_no_evidence(planted):
    drift = 20 * np.ones(planted.reference["test"]["dx"].shape[1])
    to_scores = planted.constants["components"].T

    def drifting(arrays):
        dx = arrays["null_dx"] + drift
        return {"dx": dx, "dscores": dx @ to_scores, "null_dx": dx[::-1],
                "null_dscores": dx[::-1] @ to_scores}  # fmt: skip

    tensors = changed(planted, drifting)
    assert shares_of(derivative_table(CONFIG, tensors), REAL)["mean"] > 0.9
    assert any("null is not beaten" in text for text in warnings_of(tensors))


def test_a_velocity_out_of_the_space_of_the_cells_is_said(planted):
    components = planted.constants["components"][:3]
    narrow = dataclasses.replace(planted, constants={**planted.constants, "components": components})
    inside = changed(narrow, lambda a: {
        "scores": a["scores"][:, :3], "dscores": a["dscores"][:, :3],
        "null_dscores": a["null_dscores"][:, :3]})  # fmt: skip

    def pushed_out(arrays):
        rng = np.random.default_rng(0)
        outside = rng.normal(size=arrays["dx"].shape)
        outside -= outside @ components.T @ components
        return {"dx": arrays["dx"] + 5 * outside}

    assert not any("points out of the space" in text for text in warnings_of(inside))
    (tangent,) = (
        derivative_table(CONFIG, changed(inside, pushed_out))
        .query("data == 'real'")["tangent_share"]
        .unique()
    )
    assert tangent < 0.2
    assert any("points out of the space" in text for text in
               warnings_of(changed(inside, pushed_out)))  # fmt: skip


def test_a_source_without_a_null_says_so(planted):
    reference = {
        part: {name: values for name, values in arrays.items() if not name.startswith("null")}
        for part, arrays in planted.reference.items()
    }
    bare = dataclasses.replace(planted, reference=reference)
    assert shares_of(derivative_table(CONFIG, bare), NULL) == {}
    (warning,) = warnings_of(bare)
    assert "no null" in warning


def test_what_all_cells_have_in_common_is_said_and_is_a_baseline(planted):
    shared = changed(planted, lambda arrays: {"common_dx": 2.0 * arrays["dx"]})
    table = derivative_table(CONFIG, shared)
    assert table.loc[table["data"] == REAL, "common_share"].iloc[0] == pytest.approx(1.0)
    assert shares_of(table, REAL)[COMMON] > 0.5
    assert ["100% of this derivative" in text for _, text in source_remarks(table)] == [True]


def test_a_motion_of_their_own_is_not_called_common(planted):
    rng = np.random.default_rng(0)
    apart = changed(planted, lambda arrays: {"common_dx": rng.permutation(arrays["dx"])})
    table = derivative_table(CONFIG, apart)
    assert abs(table["common_share"].max()) < 0.1
    assert source_remarks(table) == []
    assert source_remarks(derivative_table(CONFIG, planted)) == []
