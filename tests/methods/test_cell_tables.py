"""One row a cell and replicate, whichever method says it."""

import numpy as np
import pandas as pd
import torch

from scdyn_core.methods.cell_blocks import BLOCK, blocks, read_in_blocks
from scdyn_core.methods.cell_tables import by_replicate, latent_table

CELLS = pd.DataFrame(
    {"cell": ["a", "b", "c"], "part": ["train", "test", "adapt"], "total": 3.0}, index=[7, 8, 9]
)


def test_replicates_stand_under_each_other_in_the_order_of_the_cells():
    found = by_replicate(
        CELLS, [{"error": np.arange(3.0)}, {"error": -np.arange(3.0)}], {"error": "how wrong"}
    )
    assert list(found.frame) == list(found.columns) == ["replicate", "cell", "part", "error"]
    assert found.columns["error"] == "how wrong"
    assert found.frame["replicate"].tolist() == [0, 0, 0, 1, 1, 1]
    assert found.frame["cell"].tolist() == list("abcabc")
    assert found.frame["error"].tolist() == [0, 1, 2, 0, -1, -2]


def test_latents_are_numbered_from_one_and_say_what_they_are():
    latents = [np.arange(6.0).reshape(3, 2), np.ones((3, 2))]
    found = latent_table(latents, CELLS, "latent {i} in sd")
    assert list(found.frame) == ["replicate", "cell", "part", "z1", "z2"]
    assert found.columns["z2"] == "latent 2 in sd"
    np.testing.assert_array_equal(found.frame.loc[:2, ["z1", "z2"]], latents[0])


def test_blocks_are_the_cells_in_their_order():
    cells = {"x": torch.arange(2 * BLOCK + 5.0), "y": torch.arange(2 * BLOCK + 5.0) * 2}
    assert [len(own["x"]) for own in blocks(cells, BLOCK)] == [BLOCK, BLOCK, 5]
    said = read_in_blocks(lambda own: own["x"] + own["y"], cells)
    np.testing.assert_array_equal(said, 3 * np.arange(2 * BLOCK + 5))
    assert read_in_blocks(lambda own: own["x"], {"x": torch.zeros(0, 3)}).shape == (0, 3)
