"""Conditions on cells as typed: ``clusters=Alpha,Beta``, ``age=2..5``, ``gene:Ins1>0.5``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NoReturn

from pydantic import ValidationError

from scdyn_core.data.cell_sets.filters import FilterPart, GenePart, LevelsPart, RangePart
from scdyn_core.data.columns import Column
from scdyn_core.data.text import listed
from scdyn_core.errors import ConfigError

_GENE = re.compile(r"gene:(?P<gene>.+)>(?P<above>[^>]+)")


def condition(text: str, columns: Sequence[Column]) -> FilterPart:
    """Return the condition that is meant.

    Parameters
    ----------
    text
        As typed.
    columns
        Of the data.

    Raises
    ------
    ConfigError
        When it is none, or the column does not exist.
    """
    try:
        if found := _GENE.fullmatch(text):
            return GenePart(gene=found["gene"].strip(), above=float(found["above"]))
        return _on_column(text, columns)
    except (ValueError, ValidationError):
        _refuse(text, "no condition", "COLUMN=LEVEL,…, COLUMN=LOW..HIGH or gene:NAME>VALUE")


def _on_column(text: str, columns: Sequence[Column]) -> FilterPart:
    # Names of columns may hold equals signs themselves.
    column = next((one for one in columns if text.startswith(f"{one.name}=")), None)
    if column is None:
        names = [one.name for one in columns]
        _refuse(text, "no column of this name", f"one of {listed(names, 12)}")
    asked = text[len(column.name) + 1 :]
    if column.kind == "number":
        low, dots, high = asked.partition("..")
        if not dots:
            high = low
        return RangePart(
            column=column.name, low=float(low) if low else None, high=float(high) if high else None
        )
    # A level may hold a comma itself.
    levels = (asked,) if asked in column.levels else tuple(asked.split(","))
    return LevelsPart(column=column.name, levels=levels)


def _refuse(text: str, found: str, needed: str) -> NoReturn:
    raise ConfigError(f"--where {text}", found=found, needed=needed, fix="Correct the condition.")
