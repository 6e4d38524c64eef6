"""Settings of a method that name a part of the data: chosen from what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.form import Choices

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.data.roles import Roles
    from scdyn_core.methods.method import Method

#: Text setting -> the role whose column it names a level of, and what leaving it empty means.
_LEVELS = {
    "held_out": ("cell_type", "none"),
    "treated": ("condition", "the commonest beside the control"),
}


def setting_choices(method: Method, record: DatasetRecord, roles: Roles) -> Choices:
    """Return the settings of a method that are chosen among the levels of a column."""
    columns = {column.name: column for column in record.obs}
    found = {}
    for name, (role, empty) in _LEVELS.items():
        field = method.Config.model_fields.get(name)
        column = columns.get(roles.assigned().get(role, ""))
        if field is None or field.annotation is not str or column is None:
            continue
        if len(column.levels) == column.n_levels:
            found[name] = {"": empty, **{level: level for level in column.levels}}
    return found
