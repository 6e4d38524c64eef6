"""Which gene sets the genes of a latent are rich in: rising and falling genes by themselves."""

import numpy as np
import pandas as pd

from scdyn_core.evaluation.latent_gene_sets import COLUMNS, latent_gene_sets

GENES = [f"G{number}" for number in range(100)]


def effects() -> pd.DataFrame:
    """Latent 1 raises genes 0-9 and lowers 10-19; latent 2 lowers 0-9."""
    frames = []
    for latent, moved in ((1, [*np.full(10, 1.0), *np.full(10, -1.0)]), (2, np.full(10, -1.0))):
        effect = np.zeros(100)
        effect[: len(moved)] = moved
        rank = np.argsort(np.argsort(-np.abs(effect), kind="stable"), kind="stable") + 1
        frame = pd.DataFrame({"latent": latent, "gene": GENES, "effect": effect, "rank": rank})
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def test_a_set_is_found_in_the_direction_in_which_a_latent_moves_it() -> None:
    sets = {"FIRST": frozenset(GENES[:10]), "SECOND": frozenset(GENES[10:20])}
    found = latent_gene_sets(effects(), sets, most=20)
    assert list(found.columns) == list(COLUMNS)
    sure = found[found["p_adjusted"] < 0.01]
    assert set(zip(sure["latent"], sure["direction"], sure["gene_set"], strict=True)) == {
        (1, "up", "FIRST"), (1, "down", "SECOND"), (2, "down", "FIRST"),
    }  # fmt: skip
    assert (sure["overlap"] == 10).all()


def test_only_the_strongest_genes_are_tested() -> None:
    found = latent_gene_sets(effects(), {"FIRST": frozenset(GENES[:10])}, most=5)
    assert found["group_genes"].max() == 5


def test_sets_without_enough_genes_of_the_run_give_an_empty_table() -> None:
    found = latent_gene_sets(effects(), {"OTHER": frozenset({"X"})})
    assert found.empty
    assert list(found.columns) == list(COLUMNS)
