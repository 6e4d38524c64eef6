"""``python -m scdyn_core.cli``."""

from scdyn_core.cli import main

main()
