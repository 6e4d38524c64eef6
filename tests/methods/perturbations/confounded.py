"""A screen whose perturbed cells are more often in one of two states than the control cells."""

import numpy as np

#: Genes that differ between the states, the gene that the perturbation changes, and by how much.
STATE, TOUCHED, EFFECT = slice(0, 15), 20, -0.8
GENES = 30


def confounded(seed=0, cells=240, controls=400):
    """Return values, labels: of `A` three in four cells are in state 1, of others one in four.

    `B` does nothing, and its cells are in the states as those of the control.
    """
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.array(["A", "B", "NT"], dtype=object), [cells, cells, controls])
    labels = rng.permutation(labels)
    state = rng.random(len(labels)) < np.where(labels == "A", 0.75, 0.25)
    values = 2.0 + rng.normal(0, 0.4, (len(labels), GENES))
    values[:, STATE] += np.where(state, 1.5, 0.0)[:, None]
    values[labels == "A", TOUCHED] += EFFECT
    return values, labels
