"""scVI here and in scvi-tools: the evidence of held-out cells after equal training.

Both train the published model on the same cells with the same optimiser, epochs and steps, and the
evidence lower bound of the same test cells is estimated alike: the mean over ten draws.
scvi-tools is no dependency; the benchmark runs where it is installed beside scdyn:

    pip install scvi-tools==1.4.2
    python -m benchmarks.scvi_tools [FILE.h5ad] [--epochs 400] [--seeds 2] [--batch COLUMN]

Without a file it takes the sample ``screen``. ``--fixture OUT.npz`` writes what
``tests/methods/scvi/test_agreement.py`` compares with instead.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import time
import warnings
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.scvi.method import Scvi
from scdyn_core.methods.scvi.presets import PUBLISHED
from scdyn_core.methods.scvi.read_cells import elbo
from scdyn_core.methods.scvi.reading import cells_of
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions

SAMPLE = Path(__file__).parents[1] / "sample_data" / "screen.h5ad"
DRAWS, BATCH_SIZE = 10, 128


def here(tensors: Tensors, epochs: int, seed: int) -> dict[str, float]:
    """Train with scdyn; return the evidence of test cells and seconds an epoch."""
    cells = len(tensors.parts["train"]["counts"])
    # As many steps: scvi-tools ends an epoch with a short batch, here all are of one size.
    equal = math.ceil(cells / math.ceil(cells / BATCH_SIZE))
    config = PUBLISHED.model_copy(update={"epochs": epochs, "batch_size": equal})
    method = Scvi()
    start = time.perf_counter()
    (network,) = fit(
        lambda own: method.build(tensors, config, own),
        method.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, device="cpu"),
        SilentReporter(),
    )
    seconds = (time.perf_counter() - start) / epochs
    found = elbo(network, cells_of(tensors, "test"), DRAWS, seed)  # type: ignore[arg-type]
    return {"elbo": float(found.mean()), "seconds an epoch": seconds}


def there(tensors: Tensors, epochs: int, seed: int) -> dict[str, float]:
    """Train with scvi-tools; return the same."""
    import scvi

    scvi.settings.seed = seed
    model, rows = stored(tensors)
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.train(
            max_epochs=epochs,
            batch_size=BATCH_SIZE,
            accelerator="cpu",
            enable_progress_bar=False,
            enable_model_summary=False,
            logger=False,
            check_val_every_n_epoch=5,
            datasplitter_kwargs={
                "external_indexing": [rows[part] for part in ("train", "validation", "test")]
            },
        )
    seconds = (time.perf_counter() - start) / epochs
    own = bound(model.module.eval(), tensors, DRAWS, seed)
    return {"elbo": float(own.mean()), "seconds an epoch": seconds}


def stored(tensors: Tensors) -> tuple[Any, dict[str, np.ndarray]]:
    """Return an untrained model of scvi-tools on the same counts, and the rows of each part."""
    import anndata
    import scvi

    parts = ("train", "validation", "test")
    counts = np.concatenate([tensors.parts[part]["counts"] for part in parts])
    adata = anndata.AnnData(counts.astype(np.float32))
    key = None
    if "batch" in tensors.parts["train"]:
        key = "batch"
        codes = np.concatenate([tensors.parts[part]["batch"].argmax(axis=1) for part in parts])
        adata.obs[key] = codes.astype(str)
    scvi.model.SCVI.setup_anndata(adata, batch_key=key)
    sizes = np.cumsum([0, *(len(tensors.parts[part]["counts"]) for part in parts)])
    rows = {part: np.arange(sizes[i], sizes[i + 1]) for i, part in enumerate(parts)}
    return scvi.model.SCVI(adata), rows


@torch.no_grad()
def bound(module: Any, tensors: Tensors, draws: int, seed: int) -> np.ndarray:
    """Return the evidence lower bound of every test cell by a module of scvi-tools."""
    cells = cells_of(tensors, "test")
    torch.manual_seed(seed)
    batch = cells["batch"].argmax(1, keepdim=True) if "batch" in cells else None
    batch = torch.zeros(len(cells["counts"]), 1) if batch is None else batch
    read = module.inference(cells["counts"], batch_index=batch)
    total = torch.zeros(len(cells["counts"]))
    for _ in range(draws):
        written = module.generative(read["qz"].sample(), read["library"], batch_index=batch)
        total += written["px"].log_prob(cells["counts"]).sum(-1) / draws
    prior = torch.distributions.Normal(0.0, 1.0)
    return (total - torch.distributions.kl_divergence(read["qz"], prior).sum(-1)).numpy()


def tensors_of(dataset: Dataset) -> Tensors:
    """Return the cells as both models read them."""
    method = Scvi()
    split = method.split(dataset, PUBLISHED, 0)
    return method.tensors(dataset, PUBLISHED, split, 0, SilentReporter())


@torch.no_grad()
def write_fixture(path: Path) -> None:
    """Store small modules of scvi-tools with random weights, and what they say of some cells."""
    import scvi

    arrays: dict[str, np.ndarray] = {}
    for likelihood in ("nb", "zinb"):
        scvi.settings.seed = 0
        rng = np.random.default_rng(1)
        counts = rng.poisson(rng.gamma(0.7, 6.0, (40, 25))).astype(np.float32)
        batch = rng.integers(0, 2, (40, 1))
        module = scvi.module.VAE(25, 2, n_hidden=16, n_latent=4, gene_likelihood=likelihood).eval()
        for name, value in module.state_dict().items():
            if name.endswith("running_var"):
                value.copy_(torch.rand_like(value) + 0.5)
            elif value.is_floating_point() and "prior" not in name:
                value.add_(0.3 * torch.randn_like(value))
        x, b = torch.as_tensor(counts), torch.as_tensor(batch)
        read = module.inference(x, batch_index=b)
        z = read["qz"].loc + read["qz"].scale * torch.randn_like(read["qz"].loc)
        written = module.generative(z, read["library"], batch_index=b)
        prior = torch.distributions.Normal(0.0, 1.0)
        arrays |= {f"{likelihood}/counts": counts, f"{likelihood}/batch": batch}
        arrays |= {f"{likelihood}/{k}": v.numpy() for k, v in {
            "mean": read["qz"].loc, "variance": read["qz"].variance, "z": z,
            "share": written["px"].scale, "log_likelihood": written["px"].log_prob(x).sum(-1),
            "kl": torch.distributions.kl_divergence(read["qz"], prior).sum(-1),
        }.items()}  # fmt: skip
        arrays |= {
            f"{likelihood}/state/{name}": value.numpy()
            for name, value in module.state_dict().items()
            if name.startswith(("z_encoder", "decoder", "px_r"))
        }
    np.savez_compressed(path, **arrays)


def mean_elbo(rows: list[dict[str, Any]], name: str) -> float:
    """Return the evidence per cell by one of the programs, mean over seeds."""
    return float(np.mean([row[name]["elbo"] for row in rows]))


def main() -> None:
    """Train both, and print the evidence by seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--epochs", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--batch", default=None, help="obs column with the batch")
    parser.add_argument("--fixture", type=Path, default=None)
    arguments = parser.parse_args()
    if importlib.util.find_spec("scvi") is None:
        parser.exit(2, "scvi-tools is not installed here: pip install scvi-tools==1.4.2\n")
    torch.set_num_threads(1)
    if arguments.fixture is not None:
        write_fixture(arguments.fixture)
        return
    dataset = load(arguments.file)
    dataset = dataset.with_roles(dataset.roles.replace({"batch": arguments.batch}))
    tensors = tensors_of(dataset)
    rows = []
    for seed in range(arguments.seeds):
        ours, theirs = here(tensors, arguments.epochs, seed), there(tensors, arguments.epochs, seed)
        rows.append({"seed": seed, "scdyn": ours, "scvi-tools": theirs})
        print(json.dumps(rows[-1]), flush=True)
    means = {name: mean_elbo(rows, name) for name in ("scdyn", "scvi-tools")}
    gap = (means["scdyn"] - means["scvi-tools"]) / abs(means["scvi-tools"])
    print(json.dumps({**means, "difference": f"{100 * gap:+.2f} %"}, indent=2))


if __name__ == "__main__":
    main()
