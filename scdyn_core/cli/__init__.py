"""The command line: the same library and the same files without a browser."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``scdyn`` and leave with its exit status: 0 done, 1 error, 2 usage, 130 stopped."""
    from scdyn_core.cli.app import run

    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))
