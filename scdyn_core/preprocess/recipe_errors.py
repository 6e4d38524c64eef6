"""What is wrong with a recipe, in the words of a recipe."""

from __future__ import annotations

from pydantic import ValidationError

from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.steps import STEPS


def readable(error: ValidationError, place: str) -> ConfigError:
    """Say the first thing wrong: step, its kind, and field."""
    first = error.errors()[0]
    location = list(first["loc"])
    if location[:1] == ["steps"] and len(location) > 1:
        kind = next((str(part) for part in location[2:3] if part in STEPS), None)
        place += f", step {int(location[1]) + 1}" + (f" ({kind})" if kind else "")
        location = location[3:] if kind else location[2:]
    if location:
        place += ", " + ".".join(map(str, location))
    needed = first["msg"]
    if first["type"].startswith("union_tag"):
        needed = "a kind out of " + ", ".join(STEPS)
    return ConfigError(
        place,
        found=f"{str(first['input'])[:80]!r}",
        needed=needed,
        fix="Correct this entry of the recipe.",
    )
