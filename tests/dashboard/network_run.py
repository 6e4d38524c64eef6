"""Finished runs that found a network of genes, for tests of the page Gene networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from scdyn_core.runs.run import Run
from tests.plots.synthetic_run import write_run

EVIDENCE = {
    "direct effect": "log change per log change",
    "total effect": "log change per log change",
    "mean shift": "log change",
    "correlation": "Pearson r",
}
#: Model -> how well it ranks the true direct effects.
AUPRC = {"this run": 0.79, "this run, total effects": 0.60, "mean shift": 0.81, "random": 0.05}


def write_network_run(
    root: Path,
    *,
    method: str = "path_network",
    frames: dict[str, pd.DataFrame] | None = None,
    **options: object,
) -> Run:
    """Write a finished run of a method that finds a network of genes."""
    made = network_tables(**options) if frames is None else frames  # type: ignore[arg-type]
    return write_run(root, method=method, frames=made, scores=[])


def network_tables(
    *, nodes: int = 12, genes: int = 40, edges: int = 60, replicates: int = 2, gene: str = "Gene"
) -> dict[str, pd.DataFrame]:
    """Return the tables of such a run; the first ``nodes`` genes were perturbed.

    The last node was perturbed and not measured.
    """
    rng = np.random.default_rng(0)
    names = np.array([f"{gene}{number}" for number in range(genes)])
    truth = rng.choice(nodes * genes, edges + nodes, replace=False)
    source, target = truth // genes, truth % genes
    proper = (source != target) & (target != nodes - 1)
    source, target = source[proper][:edges], target[proper][:edges]
    effect = rng.choice([-1.0, 1.0], len(source)) * rng.uniform(0.2, 1.5, len(source))
    known = pd.DataFrame(
        {
            "reference": "truth, direct",
            "model": list(AUPRC),
            "metric": "AUPRC",
            "value": list(AUPRC.values()),
            "better": "higher",
        }
    )
    return {
        "network": _network(rng, names, source, target, effect, replicates),
        "network_genes": pd.DataFrame(
            {
                "gene": names,
                "node": np.arange(genes) < nodes,
                "measured": np.arange(genes) != nodes - 1,
                "dose": np.where(np.arange(genes) < nodes, -1.5, np.nan),
                "dose_known": np.arange(genes) < nodes - 1,
                "control": rng.uniform(0, 3, genes),
            }
        ),
        "reference_network": pd.DataFrame(
            {
                "source": names[source],
                "target": names[target],
                "sign": np.sign(effect).astype(int),
                "effect": effect,
                "kind": "direct",
            }
        ),
        "network_scores": known,
        "responses": _responses(rng, names, nodes),
    }


def _network(
    rng: np.random.Generator,
    names: np.ndarray,
    source: np.ndarray,
    target: np.ndarray,
    effect: np.ndarray,
    replicates: int,
) -> pd.DataFrame:
    frames = []
    for evidence, unit in EVIDENCE.items():
        kept = rng.random(len(source)) < 0.9
        number = int(kept.sum())
        share = rng.integers(1, replicates + 1, number) / replicates
        frames.append(
            pd.DataFrame(
                {
                    "evidence": evidence,
                    "source": names[source[kept]],
                    "target": names[target[kept]],
                    "value": (effect + rng.normal(0, 0.05, len(effect)))[kept],
                    "unit": unit,
                    "stability": share if replicates > 1 else np.nan,
                    "signed": True,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _responses(rng: np.random.Generator, names: np.ndarray, nodes: int) -> pd.DataFrame:
    frame = pd.DataFrame(
        [(cause, gene) for cause in names[:nodes] for gene in names],
        columns=["perturbation", "gene"],
    )
    change = rng.normal(0, 1, len(frame))
    return frame.assign(
        control=rng.uniform(0, 3, len(frame)),
        log2_fold_change=change,
        p_adjusted=rng.uniform(0, 1, len(frame)) ** 3,
        change_train=change,
        change_test=change,
        predicted=change * 0.8,
    )
