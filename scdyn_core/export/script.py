"""A Python script that repeats a run and says whether it found the same."""

from __future__ import annotations

import json
import pprint
from pathlib import Path
from typing import Any

from scdyn_core.errors import RunError
from scdyn_core.runs.atomic import write_text
from scdyn_core.runs.numbers import numbers_of
from scdyn_core.runs.run import Run
from scdyn_core.runs.threads import VARIABLES

_HEAD = '''"""Repeats a run of scdyn and compares what it finds with what was found then.

    python THIS_FILE [DATA_FILE] [NEW_RUN_FOLDER]

Needs scdyn (version VERSIONS["scdyn"]) and the data with the fingerprint below. On a CPU, with the
same versions and threads, every number is the same to the last digit.
"""

import os
import sys

'''
_CALLS = {
    "train": """\
    run = notebook.train(
        data, METHOD, preset=PRESET, config=CONFIG, recipe=recipe, out=out, **OPTIONS
    )
""",
    "experiment": """\
    run = notebook.experiment(
        data, METHOD, ASKS, preset=PRESET, config=CONFIG, recipe=recipe, out=out, **OPTIONS
    )
""",
    "prepare": """\
    run = notebook.prepared_run(data, recipe=recipe, out=out)
""",
}
_MAIN = '''

def main(data_file=DATA, out=None):
    """Repeat the run; return 0 if the numbers are the same."""
    # Before numpy and torch are imported, which read it once.
    for name, value in THREADS.items():
        os.environ[name] = value
    from scdyn_core import notebook

    data = notebook.open_data(data_file, roles=ROLES, fingerprint=FINGERPRINT)
    recipe = notebook.Recipe.from_content(RECIPE)
{call}    return notebook.compare(run, FOUND, VERSIONS)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
'''


def export_script(run: Run, path: Path) -> Path:
    """Write the script of a run.

    Raises
    ------
    RunError
        When the run is one that no script repeats.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, script_text(run))
    return path


def script_text(run: Run) -> str:
    """Return a script that repeats a run through ``scdyn_core.notebook``.

    Everything that comes from the data or the run stands in it as a literal: no text of theirs is
    ever code.
    """
    spec = run.spec
    if spec.kind not in _CALLS:
        raise RunError(
            f"run {run.path.name}",
            found=f"a run of kind {spec.kind}",
            needed="a training, an experiment or a preparation",
            fix="Take the script of the training this run belongs to.",
        )
    values: dict[str, Any] = {
        "DATA": str(spec.dataset.path),
        "FINGERPRINT": spec.dataset.fingerprint,
        "ROLES": spec.dataset.roles.model_dump(mode="json"),
        "RECIPE": spec.recipe.model_dump(mode="json"),
    }
    if spec.kind != "prepare":
        values |= {
            "METHOD": spec.method,
            "PRESET": spec.preset,
            "CONFIG": spec.config,
            "OPTIONS": spec.options.model_dump(mode="json"),
        }
    if spec.kind == "experiment":
        values["ASKS"] = spec.experiment
    values |= {
        "FOUND": numbers_of(run),
        "VERSIONS": run.environment.get("packages", {}),
        "THREADS": _threads(run),
    }
    constants = "\n".join(f"{name} = {_literal(value)}" for name, value in values.items())
    return _HEAD + constants + "\n" + _MAIN.format(call=_CALLS[spec.kind])


def _threads(run: Run) -> dict[str, str]:
    count = str(run.environment.get("threads"))
    return dict.fromkeys(VARIABLES, count) if count.isdecimal() else {}


def _literal(value: Any) -> str:
    """Return a Python literal in ASCII; what is no JSON value does not get this far."""
    plain = json.loads(json.dumps(value, allow_nan=False))
    text = pprint.pformat(plain, width=96, sort_dicts=False, compact=True)
    return text.encode("ascii", "backslashreplace").decode("ascii")
