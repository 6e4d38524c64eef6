"""Runs of the command line, for what is made of them."""

from tests.cli.conftest import cells, home, scdyn, trained

__all__ = ["cells", "home", "scdyn", "trained"]
