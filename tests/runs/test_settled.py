"""A run keeps its replicates in one frame: stored networks and tables speak of the same latents."""

import numpy as np
import torch

from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.asked import method_of
from scdyn_core.runs.execute import execute
from scdyn_core.runs.explain_work import restored
from scdyn_core.runs.model import read_tensors, read_weights
from tests.runs.clera_spec import clera_spec


def test_stored_networks_give_the_latents_and_coefficients_of_the_tables(store, tmp_path):
    spec = clera_spec(tmp_path, fit_epochs=20, replicates=3)
    # Random starts and latents without names of their own: seeds find other orders and signs.
    free = {"linear_start": False, "frame": "standardised"}
    run = store.submit(spec.model_copy(update={"config": {**spec.config, **free}}))
    execute(run, SilentReporter())
    assert run.state.status == "done", run.log()
    alignment = run.table("alignment")
    moved = (alignment["matched_latent"] != alignment["latent"]) | (alignment["sign"] < 0)
    assert moved.any()
    method, config = method_of(run.spec)
    tensors, equations, latent = (
        read_tensors(run.path), run.table("equations"), run.table("latent")
    )  # fmt: skip
    for number, weights in enumerate(read_weights(run.path)):
        network = restored(method, config, tensors, weights)
        kept = (network.mask * network.coefficients).detach().numpy()
        rows = equations[equations["replicate"] == number]
        np.testing.assert_allclose(rows["coefficient"], kept.T.ravel(), rtol=1e-6)
        x = tensors.parts["test"]["x"]
        z = latent[(latent["replicate"] == number) & (latent["part"] == "test")]
        encoded = network.encode(torch.as_tensor(x)).detach().numpy()
        np.testing.assert_allclose(z[["z1", "z2", "z3"]], encoded, atol=1e-4)
