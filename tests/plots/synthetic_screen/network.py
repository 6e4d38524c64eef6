"""The tables of a run that has a network instead of latents."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.plots.synthetic_screen.tables import screen_tables

REPLICATES = 3
UNIT = "log change per log change"
_OF_LATENTS = ("targets", "target_matrix", "latents", "latent_genes", "latent", "sparsity_path",
               "truth", "true_targets", "held_out")  # fmt: skip
_COLUMNS = {
    "perturbations": ["latents_on", "shift_norm"],
    "similarity": ["shift_cosine", "shared_targets"],
}


def network_screen_tables(**options: object) -> dict[str, pd.DataFrame]:
    """Return the tables of a screen; what a target changes visibly, it acts on.

    Parameters
    ----------
    options
        As those of ``screen_tables``.
    """
    tables = screen_tables(**options)  # type: ignore[arg-type]
    tables = {name: tables[name] for name in tables if name not in _OF_LATENTS}
    for name, columns in _COLUMNS.items():
        tables[name] = tables[name].drop(columns=columns)
    told = tables["perturbations"]
    sources = [str(name) for name in told.loc[told["kind"] == "single", "perturbation"]]
    responses = tables["responses"]
    tables["network"] = _network(responses[responses["perturbation"].isin(sources)])
    tables["network_genes"] = _genes(responses, sources)
    return tables


def _network(responses: pd.DataFrame) -> pd.DataFrame:
    changed = responses[
        (responses["p_adjusted"] < 0.05) & (responses["gene"] != responses["perturbation"])
    ]
    rng = np.random.default_rng(0)
    frames = []
    for evidence, share in (("direct effect", 0.5), ("total effect", 1.0)):
        kept = changed[rng.random(len(changed)) < share]
        frames.append(
            pd.DataFrame(
                {
                    "evidence": evidence,
                    "source": kept["perturbation"],
                    "target": kept["gene"],
                    "value": -kept["log2_fold_change"] * np.log(2),
                    "unit": UNIT,
                    "stability": rng.integers(1, REPLICATES + 1, len(kept)) / REPLICATES,
                    "signed": True,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _genes(responses: pd.DataFrame, sources: list[str]) -> pd.DataFrame:
    measured = responses.drop_duplicates("gene")[["gene", "control"]]
    names = [*measured["gene"], *sorted(set(sources) - set(measured["gene"]))]
    node = [name in sources for name in names]
    return pd.DataFrame(
        {
            "gene": names,
            "node": node,
            "measured": [name in set(measured["gene"]) for name in names],
            "dose": np.where(node, -1.0, np.nan),
            "dose_known": [name in set(measured["gene"]) and own
                           for name, own in zip(names, node, strict=True)],
            "control": pd.Series(names).map(measured.set_index("gene")["control"]),
        }
    )  # fmt: skip
