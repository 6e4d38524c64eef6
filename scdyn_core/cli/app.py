"""The commands, and one clear line for everything that can go wrong."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Sequence

import typer

from scdyn_core.cli import (
    check,
    compare,
    data,
    de,
    experiment,
    explain,
    export,
    network,
    prepare,
    sets,
    show,
    train,
    weights,
)
from scdyn_core.errors import ScdynError
from scdyn_core.runs.outcome import Stopped

STOPPED = 130

app = typer.Typer(
    name="scdyn",
    help="How cells change and what drives them: single-cell dynamics without a browser.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (
    data, prepare, check, train, experiment, explain, show, compare, de, weights, export, network,
    sets,
):  # fmt: skip
    module.add_to(app)


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return the exit status."""
    as_json = "--json" in arguments
    command = typer.main.get_command(app)
    with warnings.catch_warnings():
        # What scdyn has to say about the data is in its report; libraries talk to programmers.
        warnings.simplefilter("ignore")
        try:
            status = command(args=list(arguments), prog_name="scdyn", standalone_mode=False)
        except ScdynError as error:
            stopped = isinstance(error, Stopped)
            return _fail(error.as_dict(), str(error), as_json, STOPPED if stopped else 1)
        except typer.TyperException as error:
            message = error.format_message() if hasattr(error, "format_message") else str(error)
            return _fail({"kind": "UsageError", "found": message}, message, as_json, 2)
        except (typer.Abort, KeyboardInterrupt):
            return _fail({"kind": "Stopped", "found": "stopped"}, "stopped", as_json, STOPPED)
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            return _fail({"kind": "UnexpectedError", "found": message}, message, as_json, 1)
    return status if isinstance(status, int) else 0


def _fail(error: dict[str, str], message: str, as_json: bool, status: int) -> int:
    line = json.dumps({"error": error}) if as_json else f"scdyn: {' '.join(message.split())}"
    sys.stderr.write(line + "\n")
    return status
