"""Directions over cell-type boundaries in a trained run's table, all decoded to genes."""

import dataclasses

import numpy as np
import pytest

from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.direction_table import direction_table
from scdyn_core.methods.clera.readout import Readout
from tests.methods.clera.planted import planted_motion
from tests.methods.clera.test_method import CONFIG as QUICK
from tests.methods.clera.test_method import run

CONFIG = CleraConfig(latents=2, lineage=("west>east",))


@pytest.fixture(scope="module")
def planted():
    """A wind to the east over two types of cells."""
    tensors, z, _ = planted_motion(cells=400, curvature=0.3)
    east = z[:, 0] > 0
    loading = np.linalg.lstsq(z, np.vstack(
        [tensors.reference[part]["x"] for part in ("train", "validation", "test")]
    )[np.argsort(np.concatenate(list(tensors.samples.values())))], rcond=None)[0]  # fmt: skip
    parts, reference = {}, {}
    for part, cells in tensors.samples.items():
        wind = np.tile(loading[0], (len(cells), 1))
        reference[part] = {
            **tensors.reference[part],
            "dx": wind,
            "dscores": wind @ tensors.constants["components"].T,
        }
        classes = np.column_stack([east[cells], ~east[cells]]).astype(float)
        parts[part] = {**tensors.parts[part], "classes": classes}
    return dataclasses.replace(
        tensors, parts=parts, reference=reference, info={**tensors.info, "types": ("east", "west")}
    )


def readout(dxhat):
    return Readout(z=None, dz=None, dzhat=None, xhat=None, dxhat=dxhat, classes=None)


def test_data_baseline_and_every_replicate_are_scored(planted):
    truth = planted.reference["test"]["dx"]
    readouts = [{"test": readout(truth)}, {"test": readout(-truth)}]
    table = direction_table(readouts, planted, CONFIG)
    assert list(table.frame.columns) == list(table.columns)
    frame = table.frame.set_index("field")
    assert set(frame["edge"]) == {"west → east"}
    assert frame.loc["data", "cosine"] > 0.5
    assert frame.loc["PCA-2 + STLSQ", "right"] > 0.9
    assert list(frame.loc["CLERA", "replicate"]) == [0, 1]
    right, wrong = frame.loc["CLERA", "cosine"]
    assert right == pytest.approx(frame.loc["data", "cosine"])
    assert wrong == pytest.approx(-right)
    assert frame["cells"].nunique() == 1


def test_without_transitions_there_is_no_table(planted):
    assert direction_table([], planted, CleraConfig()) is None


def test_cells_of_unknown_type_are_at_no_boundary(planted):
    parts = {part: {**arrays, "classes": np.zeros_like(arrays["classes"])}
             for part, arrays in planted.parts.items()}  # fmt: skip
    table = direction_table([], dataclasses.replace(planted, parts=parts), CONFIG)
    assert set(table.frame["cells"]) == {0}


def test_a_trained_run_has_the_table_where_transitions_are_known():
    results = run(QUICK.model_copy(update={"lineage": ("phase 1>phase 2", "phase 2>phase 3")}))
    frame = results.tables["direction"].frame
    assert set(frame["field"]) == {"data", "PCA-2 + STLSQ", "CLERA"}
    assert (frame["cells"] > 0).all()
    assert (frame.loc[frame["field"] == "data", "cosine"] > 0).all()
