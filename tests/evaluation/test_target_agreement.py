"""Do replicates switch on the same targets?"""

import numpy as np
import pandas as pd

from scdyn_core.evaluation.target_agreement import target_agreement


def targets(*replicates: set[tuple[str, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (replicate, name, latent, (name, latent) in on)
            for replicate, on in enumerate(replicates)
            for name in "AB"
            for latent in (1, 2)
        ],
        columns=["replicate", "perturbation", "latent", "on"],
    )


def test_jaccard_of_what_two_replicates_switch_on() -> None:
    found = target_agreement(targets({("A", 1), ("B", 1)}, {("A", 1)}, {("A", 1), ("B", 2)}))
    assert found["jaccard"].round(3).tolist() == [0.5, 0.333, 0.5]
    assert found[["replicate_a", "replicate_b"]].to_numpy().tolist() == [[0, 1], [0, 2], [1, 2]]
    assert found["on_a"].tolist() == [2, 2, 1]


def test_two_empty_replicates_agree_on_nothing_and_one_has_no_pair() -> None:
    assert np.isnan(target_agreement(targets(set(), set()))["jaccard"].iloc[0])
    assert target_agreement(targets({("A", 1)})).empty
