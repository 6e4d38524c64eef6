"""Settings of runs as rows of text, to show and to compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scdyn_core.training.options import TrainingOptions


def training_settings(options: TrainingOptions) -> dict[str, Any]:
    """Return how a run was trained; of the ways cells are drawn, only what counts."""
    from scdyn_core.training.resampling.words import in_force

    return {**options.model_dump(exclude={"sampling"}), **in_force(options.sampling)}


def settings_rows(
    settings: Mapping[str, Mapping[str, Any]], *, only_differences: bool
) -> list[dict[str, str]]:
    """Return one row per setting with a column per name in ``settings``.

    Parameters
    ----------
    settings
        Name of a column -> nested settings.
    only_differences
        Leave out the settings that are the same in every column.
    """
    flat = {name: dict(_flat(values)) for name, values in settings.items()}
    fields = dict.fromkeys(field for values in flat.values() for field in values)
    rows = []
    for field in fields:
        texts = {name: _text(values.get(field)) for name, values in flat.items()}
        if not only_differences or len(set(texts.values())) > 1:
            rows.append({"setting": field.replace("_", " ").replace(".", ": "), **texts})
    return rows


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, tuple | list):
        return ", ".join(_text(item) for item in value) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
