"""Whether roles fit the columns, levels and layers that are there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NoReturn

from scdyn_core.data.columns import MOST_LEVELS, Column
from scdyn_core.data.roles import COLUMN_ROLES, LAYER_ROLES, LEVEL_ROLES, Roles
from scdyn_core.data.text import listed, shown
from scdyn_core.errors import ConfigError

_NUMERIC_ROLES = ("time", "pseudotime")


def check_roles(roles: Roles, columns: Sequence[Column], layers: Collection[str]) -> None:
    """Check an assignment against what a dataset has.

    Raises
    ------
    ConfigError
        When a column, level or layer does not exist or is of the wrong kind.
    """
    by_name = {column.name: column for column in columns}
    assigned = roles.assigned()
    for role in COLUMN_ROLES:
        name = assigned.get(role)
        if name is None:
            continue
        if name not in by_name:
            _refuse(role, name, f"a column of obs: {listed(list(by_name), 10)}")
        if role in _NUMERIC_ROLES and by_name[name].kind != "number":
            _refuse(role, name, "a column of numbers")
    for role, parent in LEVEL_ROLES.items():
        level = assigned.get(role)
        if level is None:
            continue
        if parent not in assigned:
            _refuse(role, level, f"a column for the role {parent} first")
        column = by_name[assigned[parent]]
        complete = column.n_levels <= MOST_LEVELS and column.kind in ("category", "bool")
        if complete and level not in column.levels:
            _refuse(
                role, level, f"a level of {shown(column.name)}: {listed(list(column.levels), 10)}"
            )
    for role in LAYER_ROLES:
        name = assigned.get(role)
        if name is not None and name not in layers and not (role == "counts" and name == "X"):
            _refuse(role, name, f"a layer: {listed(list(layers), 10) or 'there is none'}")


def _refuse(role: str, value: str, needed: str) -> NoReturn:
    raise ConfigError(
        f"role {role}", found=shown(value), needed=needed, fix="Choose another one or none."
    )
