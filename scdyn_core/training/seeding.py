"""Seeds derived from one seed, so that resuming needs no generator state."""

from __future__ import annotations

import hashlib


def derive_seed(seed: int, *path: int | str) -> int:
    """Return a 63-bit seed that depends on ``seed`` and on every part of ``path``."""
    text = "/".join(map(str, (seed, *path)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1
