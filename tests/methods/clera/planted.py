"""Data whose latent equations are known and whose map to genes is strongly bent."""

import numpy as np

from scdyn_core.methods.method import Tensors

GENES = 40


def planted_motion(cells=900, seed=0, curvature=2.5):
    """Cells on a spiral: dz1 = -0.3 z1 - z2, dz2 = z1 - 0.3 z2; x = tanh(curvature · z W).

    Returns the tensors of CLERA, and latents and their derivative of every part.
    """
    rng = np.random.default_rng(seed)
    z = rng.uniform(-1, 1, (cells, 2))
    dz = z @ np.array([[-0.3, 1.0], [-1.0, -0.3]])
    loading = rng.normal(size=(2, GENES)) * curvature
    x = np.tanh(z @ loading)
    dx = (1 - x**2) * (dz @ loading)
    x = x + 0.05 * rng.normal(size=x.shape)
    dx = dx + 0.1 * dx.std() * rng.normal(size=dx.shape)
    members = np.split(np.arange(cells), [int(0.6 * cells), int(0.8 * cells)])
    positions = dict(zip(("train", "validation", "test"), members, strict=True))
    centre = x[positions["train"]].mean(axis=0)
    components = np.linalg.svd(x[positions["train"]] - centre, full_matrices=False)[2]
    reference, parts = {}, {}
    for part, cell in positions.items():
        shuffled = rng.permutation(dx[cell])
        reference[part] = {
            "x": x[cell],
            "dx": dx[cell],
            "scores": (x[cell] - centre) @ components.T,
            "dscores": dx[cell] @ components.T,
            "null_dx": shuffled,
            "null_dscores": shuffled @ components.T,
        }
        parts[part] = {"x": reference[part]["scores"], "dx": reference[part]["dscores"]}
    tensors = Tensors(
        parts=parts,
        samples=positions,
        reference=reference,
        constants={
            "scale": np.sqrt(parts["train"]["x"].var(axis=0).mean()),
            "variances": np.array([np.square(parts["train"][k]).mean() for k in ("x", "dx")]),
            "components": components,
            "score_sd": parts["train"]["x"].std(axis=0),
            "centre": centre,
            "gene_sd": np.ones(GENES),
        },
        info={
            "source": "planted",
            "genes": tuple(f"g{i}" for i in range(GENES)),
            "types": (),
            "cautions": (),
        },
    )
    return tensors, z, dz
