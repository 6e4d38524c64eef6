from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True, scope="module")
def plain_map() -> Iterator[None]:
    """Cells are drawn by two latents: the map has a test of its own and is slow to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "scdyn_core.methods.perturbations.cell_map.latent_map",
            lambda latent, seed: latent[:, :2],
        )
        yield


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Networks as small as these are slower on several; numba sets their number when it starts."""
    torch.set_num_threads(1)
