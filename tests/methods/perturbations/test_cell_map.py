"""The map of the cells: like beside like, the same for the same seed, of any number of cells."""

import numpy as np

from scdyn_core.methods.perturbations.cell_map import latent_map


def groups(cells):
    rng = np.random.default_rng(0)
    label = np.arange(cells) % 3
    return label, 8.0 * np.eye(5)[label] + rng.normal(size=(cells, 5))


def test_cells_of_a_group_are_neighbours_and_a_seed_is_a_map():
    label, latent = groups(120)
    places = latent_map(latent, 0)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2) + 1e9 * np.eye(120)
    assert (label[apart.argmin(axis=1)] == label).mean() > 0.95
    assert np.array_equal(places, latent_map(latent, 0))


def test_more_cells_than_the_map_is_made_from_are_put_where_their_like_are(monkeypatch):
    monkeypatch.setattr("scdyn_core.methods.perturbations.cell_map.MOST_CELLS", 60)
    label, latent = groups(120)
    places = latent_map(latent, 0)
    centres = np.stack([np.median(places[label == group], axis=0) for group in range(3)])
    nearest = np.linalg.norm(places[:, None] - centres[None], axis=2).argmin(axis=1)
    assert (nearest == label).mean() > 0.9
