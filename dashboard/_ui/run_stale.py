"""What changed since a run was made: its data, their roles, the recipe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dashboard._ui.recipe import chosen_recipe
from dashboard._ui.services import dataset_records, run_store, workspace
from dashboard._ui.stale import stale_banner
from dashboard._ui.text import listed

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.data.roles import Roles
    from scdyn_core.runs.run import Run

_FIX = (
    "Train again to bring it up to date; **Copy settings** on the page Runs fills in the form as "
    "it was."
)


def show_stale(run: Run) -> None:
    """Say that a result was made from something that has changed since, where it was."""
    if because := changes(run):
        stale_banner("This result", listed(because), _FIX)


def changes(run: Run) -> list[str]:
    """Return what changed since the run was made, each as half a sentence."""
    ref = run.spec.dataset
    stored = ref.path.parent.parent == workspace().datasets
    records = {record.fingerprint: record for record in dataset_records()}
    record = records.get(ref.fingerprint)
    if record is not None:
        return [*_of_roles(ref.roles, record.roles), *_of_recipe(run, record)]
    if stored:
        here = any(record.id == ref.path.parent.name for record in records.values())
        return ["its data were replaced by others" if here else _of_absent(ref.path)]
    written_again = ref.path.is_file() and ref.path.stat().st_mtime > run.state.created
    return ["the file with its data was written again"] if written_again else []


def _of_absent(path: Path) -> str:
    deleted = workspace().home / "trash" / "datasets" / path.parent.name
    # A run that came from elsewhere may do without its data.
    return "its dataset was deleted" if deleted.is_dir() else "its data are not on this computer"


def _of_roles(then: Roles, now: Roles) -> list[str]:
    other = [name for name in type(then).model_fields if getattr(then, name) != getattr(now, name)]
    if not other:
        return []
    words = listed([name.replace("_", " ") for name in other])
    return [f"the role{'' if len(other) == 1 else 's'} {words} changed"]


def _of_recipe(run: Run, record: DatasetRecord) -> list[str]:
    """Compare with the recipe that was chosen, until something was made with that one."""
    recipe = chosen_recipe(record)
    if recipe is None:
        return []
    made = {
        other.spec.recipe.digest()
        for other in run_store().runs()
        if other.spec.kind != "prepare" and other.spec.dataset.fingerprint == record.fingerprint
    }
    return [] if recipe.digest() in made else ["the recipe changed"]
