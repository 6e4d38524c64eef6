"""The nearest genes of a gene are those of smallest Euclidean distance, itself left out."""

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from scdyn_core.evaluation.nearest import nearest


def latent(genes: int = 30) -> pd.DataFrame:
    z = np.random.default_rng(0).normal(size=(genes, 3))
    names = [f"g{number}" for number in range(genes)]
    return pd.DataFrame({"replicate": 0, "gene": names, "z1": z[:, 0], "z2": z[:, 1],
                         "z3": z[:, 2], "zone": 99.0})  # fmt: skip


def test_distances_are_euclidean_and_ordered() -> None:
    frame = latent()
    found = nearest(frame, "g4", most=29)
    truth = cdist(frame[["z1", "z2", "z3"]], frame.loc[[4], ["z1", "z2", "z3"]])[:, 0]
    assert "g4" not in set(found["gene"])
    assert found["distance"].is_monotonic_increasing
    np.testing.assert_allclose(found["distance"], np.sort(truth)[1:])
    np.testing.assert_allclose(found["closer"], np.arange(1, 30) / 29)


def test_only_as_many_as_asked_for() -> None:
    assert list(nearest(latent(), "g4", most=3).columns) == ["gene", "distance", "closer"]
    assert len(nearest(latent(), "g4", most=3)) == 3
    assert nearest(latent(1), "g0", most=3).empty


def test_an_unknown_gene_has_no_neighbours() -> None:
    assert nearest(latent(), "absent", most=3).empty
