from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def plain_map() -> Iterator[None]:
    """Cells are drawn by two latents: the map has a test of its own and is slow to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "scdyn_core.methods.perturbations.cell_map.latent_map",
            lambda latent, seed: latent[:, :2],
        )
        yield
