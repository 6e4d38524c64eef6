"""How strong the genes of a class respond: one distribution with one peak for each class.

Free weights of the amplitudes would let one class hold its strong genes and, a template's
smallest amplitude away, the flat ones too. The amplitude therefore follows a gamma distribution on
the grid, ``log w_kj = log share_k + η_k1 log a_j - η_k2 a_j - log Σ`` with ``η_k2 >= 0``: an
exponential family, whose likelihood is concave.
"""

from __future__ import annotations

import numpy as np
from scipy.special import log_softmax

from scdyn_core.methods.responses.mixture.model import Matrix

_ROUNDS, _HALVINGS, _ENOUGH = 50, 30, 1e-12
_JITTER = 1e-9


def class_weights(members: Matrix, a: Matrix) -> Matrix:
    """Return the likeliest log probabilities of class and amplitude, shape ``(K, J)``.

    Parameters
    ----------
    members
        Genes of every class and amplitude, positive, shape ``(K, J)``.
    a
        Amplitudes, shape ``(J,)``.
    """
    terms = np.stack([_standardised(np.log(a)), _standardised(a)])
    size = members.sum(axis=1, keepdims=True)
    share = members / size
    gamma, slopes = _fitted(share, terms)
    # Where weights would rise again towards large amplitudes, the likeliest that do not have no
    # second term.
    power, _ = _fitted(share, terms[:1])
    falls = slopes[:, 1:] <= 0
    return np.asarray(np.log(size / size.sum()) + np.where(falls, gamma, power))


def _standardised(values: Matrix) -> Matrix:
    return np.asarray((values - values.mean()) / values.std())


def _fitted(share: Matrix, terms: Matrix) -> tuple[Matrix, Matrix]:
    """Return the likeliest ``log_softmax(η · terms)`` of every row of shares, and ``η``.

    Newton's method; a step that does not help is halved.
    """
    eta = np.zeros((len(share), len(terms)))
    logs = log_softmax(eta @ terms, axis=1)
    value = (share * logs).sum(axis=1)
    for _ in range(_ROUNDS):
        p = np.exp(logs)
        mean = p @ terms.T
        covariance = np.einsum("kj,aj,bj->kab", p, terms, terms) - mean[:, :, None] * mean[:, None]
        covariance += _JITTER * np.eye(len(terms))
        step = np.linalg.solve(covariance, (share @ terms.T - mean)[:, :, None])[:, :, 0]
        for _ in range(_HALVINGS):
            logs = log_softmax((eta + step) @ terms, axis=1)
            after = (share * logs).sum(axis=1)
            worse = after < value
            if not worse.any():
                break
            step[worse] /= 2
        step[worse] = 0.0
        eta += step
        logs = log_softmax(eta @ terms, axis=1)
        after = (share * logs).sum(axis=1)
        if (after - value).max() < _ENOUGH:
            break
        value = after
    return np.asarray(logs), eta
