"""Everything a run was asked for and made with, as rows of text: to show, and to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.preprocess.recipe import Recipe
    from scdyn_core.runs.run import Run
    from scdyn_core.training.options import TrainingOptions

GROUP, SETTING = "of", "setting"
#: Stands where a run has no such setting: another method, another step.
ABSENT = "–"
#: Facts of the environment that can change numbers.
_MADE_WITH = ("python", "device", "git", "platform")


def training_settings(options: TrainingOptions) -> dict[str, Any]:
    """Return how a run was trained; of the ways cells are drawn, only what counts."""
    from scdyn_core.training.resampling.words import in_force

    return {**options.model_dump(exclude={"sampling"}), **in_force(options.sampling)}


def settings_of(run: Run) -> dict[str, dict[str, Any]]:
    """Return all settings of a run by what they are of."""
    spec, made = run.spec, run.environment
    return {
        "data": {
            "name": spec.dataset.name,
            "fingerprint": spec.dataset.fingerprint[:12],
            "roles": spec.dataset.roles.assigned(),
        },
        "recipe": recipe_settings(spec.recipe),
        "method": {"method": spec.method, "preset": spec.preset or "own", **spec.config},
        "training": training_settings(spec.options),
        "versions": {
            **{name: made[name] for name in _MADE_WITH if name in made},
            **made.get("packages", {}),
        },
    }


def recipe_settings(recipe: Recipe) -> dict[str, Any]:
    """Return the steps in their order, and the parameters of each by its kind.

    Steps have the name of their kind, so that one more step in front moves none of the others.
    """
    seen: Counter[str] = Counter()
    settings: dict[str, Any] = {"steps": [step.kind for step in recipe.steps], "seed": recipe.seed}
    for step in recipe.steps:
        seen[step.kind] += 1
        name = step.kind if seen[step.kind] == 1 else f"{step.kind} {seen[step.kind]}"
        settings[name] = step.model_dump(mode="json", exclude={"kind"})
    return settings


def compared_settings(runs: Mapping[str, Run]) -> pd.DataFrame:
    """Return one row a setting: ``of``, ``setting``, a column a run, and ``differs``."""
    import pandas as pd

    settings = {name: settings_of(run) for name, run in runs.items()}
    groups = dict.fromkeys(group for each in settings.values() for group in each)
    rows = [
        {GROUP: group, **row, "differs": len({row[name] for name in runs}) > 1}
        for group in groups
        for row in settings_rows(
            {name: each[group] for name, each in settings.items()}, only_differences=False
        )
    ]
    return pd.DataFrame(rows, columns=[GROUP, SETTING, *runs, "differs"])


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
        texts = {
            name: _text(values[field]) if field in values else ABSENT
            for name, values in flat.items()
        }
        if not only_differences or len(set(texts.values())) > 1:
            rows.append({SETTING: field.replace("_", " ").replace(".", ": "), **texts})
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
