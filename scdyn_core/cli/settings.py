"""``--set a.b=c``: changes of a configuration, typed by the configuration itself."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from scdyn_core.errors import ConfigError
from scdyn_core.methods.method import Method, MethodConfig
from scdyn_core.methods.registry import method_by_key
from scdyn_core.runs.asked import preset_of
from scdyn_core.training.resampling.options import SAMPLING, SamplingOptions

ConfigT = TypeVar("ConfigT", bound=BaseModel)


def configured(method: Method, preset: str | None, settings: list[str]) -> MethodConfig:
    """Return the preset of a method with settings changed.

    Raises
    ------
    ConfigError
        When the preset or a field does not exist, or a value does not fit.
    """
    return changed(preset_of(method, preset), settings)


def chosen_sampling(method: str, name: str | None, settings: list[str]) -> SamplingOptions | None:
    """Return the named way of drawing samples with settings changed; ``None``: nothing was asked.

    Raises
    ------
    ConfigError
        When there is no such way or field, or a value does not fit.
    """
    if name is None and not settings:
        return None
    if name is not None and name not in SAMPLING:
        raise ConfigError(
            f"--sampling {name}",
            found="no way of drawing samples with this name",
            needed="one of " + ", ".join(SAMPLING),
            fix="Choose one of these.",
        )
    start = method_by_key(method).options.sampling if name is None else SAMPLING[name]
    return changed(start, settings, "--set-sampling")


def changed(start: ConfigT, settings: list[str], option: str = "--set") -> ConfigT:
    """Return a configuration with ``FIELD=VALUE`` settings changed.

    Parameters
    ----------
    option
        What the settings were given with, for messages.

    Raises
    ------
    ConfigError
        When a field does not exist, or a value does not fit.
    """
    values = start.model_dump(mode="json")
    for setting in settings:
        _change(values, setting, option)
    try:
        return type(start).model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ConfigError(
            f"{option} {'.'.join(str(part) for part in first['loc'])}",
            found=repr(first["input"])[:80],
            needed=first["msg"],
            fix="Correct the value.",
        ) from None


def _change(values: dict[str, Any], setting: str, option: str) -> None:
    path, separator, text = setting.partition("=")
    if not separator:
        raise ConfigError(
            f"{option} {setting}",
            found="no equals sign",
            needed="FIELD=VALUE",
            fix=f"Write for instance {option} {next(iter(_paths(values)))}=….",
        )
    known = list(_paths(values))
    if path not in known:
        close = difflib.get_close_matches(path, known, n=3, cutoff=0.5)
        raise ConfigError(
            f"{option} {path}",
            found="no field of this name",
            needed="one of " + ", ".join(close or known),
            fix=f"Did you mean {close[0]}?" if close else "Choose one of these.",
        )
    *groups, field = path.split(".")
    for group in groups:
        values = values[group]
    value = _value(text)
    # Nobody should have to write JSON to give a list in a shell.
    is_list = isinstance(values[field], list) and not isinstance(value, list)
    values[field] = [_value(item.strip()) for item in text.split(",")] if is_list else value


def _paths(values: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in values.items():
        yield prefix + name
        if isinstance(value, dict):
            yield from _paths(value, f"{prefix}{name}.")


def _value(text: str) -> Any:
    """Read JSON (numbers, true, null, lists); anything else is text, which the field converts."""
    try:
        return json.loads(text)
    except ValueError:
        return text
