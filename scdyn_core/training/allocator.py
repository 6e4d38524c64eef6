"""Keep freed memory in the process while training."""

from __future__ import annotations

import contextlib
import ctypes

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_LARGEST = 2**31 - 1


def keep_freed_memory() -> None:
    """Ask glibc to keep freed blocks instead of handing them back to the kernel.

    A full-batch step frees and takes the same large arrays again and again; getting them
    zeroed by the kernel every time cost a tenth of the CPU time. Does nothing without glibc.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, _LARGEST)
        mallopt(_M_TRIM_THRESHOLD, _LARGEST)
