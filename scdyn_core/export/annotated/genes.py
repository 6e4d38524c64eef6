"""Tables about genes into ``var`` and ``varm``."""

from __future__ import annotations

import pandas as pd

from scdyn_core.export.annotated.cells import by_replicate
from scdyn_core.export.annotated.numbered import numbered, told
from scdyn_core.export.annotated.slots import Slots, is_number

#: What else a row may be about; where it is about one of these, there is a matrix of genes x it.
AXES = ("latent", "perturbation", "cell_type", "cluster", "time", "baseline", "group", "condition",
        "task", "model", "predictor", "held_out", "arm", "seed", "algorithm", "k", "evidence",
        "part", "source", "term")  # fmt: skip
#: Columns that tell rows of one gene apart only where there are several rows.
_SOMETIMES = ("cluster", "part")
_MOST_COLUMNS = 2_000


def put_genes(slots: Slots, name: str, table: pd.DataFrame) -> bool:
    """Put a table into the slots of genes; return whether all of it stands there."""
    if "gene" not in table:
        return False
    placed = [
        _put_replicate(slots, name, rows.drop(columns="replicate", errors="ignore"), replicate)
        for replicate, rows in by_replicate(table)
    ]
    return all(placed) and set(table["gene"]) <= set(slots.adata.var_names)


def chosen_groups(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables of many divisions of the genes with the chosen division alone."""
    choice = tables.get("choice_of_k")
    if choice is None or not choice["chosen"].any():
        return tables
    best = choice[choice["chosen"]].iloc[0]
    found = {}
    for name, table in tables.items():
        if {"algorithm", "k", "gene"} <= set(table.columns):
            rows = (table["algorithm"] == best["algorithm"]) & (table["k"] == best["k"])
            kept = table[rows].drop(columns=["algorithm", "k"])
            kept.attrs = table.attrs
            found[name] = kept
        else:
            found[name] = table
    return found


def _put_replicate(slots: Slots, name: str, rows: pd.DataFrame, replicate: int | None) -> bool:
    if not rows["gene"].duplicated().any():
        _put_columns(slots, name, rows.set_index("gene"), replicate)
        return True
    axes = [axis for axis in AXES if axis in rows and rows[axis].nunique() > 1]
    for axis in axes:
        others = [other for other in axes if other != axis and other not in _SOMETIMES]
        if not others and not rows.duplicated(["gene", axis]).any():
            return _put_matrices(slots, name, rows, axis, replicate)
    return False


def _put_columns(slots: Slots, name: str, rows: pd.DataFrame, replicate: int | None) -> None:
    meanings = rows.attrs.get("columns", {})
    ordered = rows.reindex(slots.adata.var_names)
    groups = numbered(ordered)
    for stem, columns in groups.items():
        plain = f"{slots.key}_{'latent' if stem == 'z' else stem}"
        slot = slots.own(
            "varm",
            slots.of_replicate(plain, replicate),
            slots.of_replicate(f"{plain}_{name}", replicate),
        )
        matrix = ordered[columns].to_numpy()
        slots.matrix("varm", slot, matrix, told(columns, meanings, name), columns)
    grouped = {column for columns in groups.values() for column in columns}
    for column in ordered:
        if column in grouped:
            continue
        values = ordered[column]
        if column == "cluster":
            values = values.astype("Int64").astype("string").astype(object)
        slot = slots.own(
            "var",
            slots.of_replicate(f"{slots.key}_{column}", replicate),
            slots.of_replicate(f"{slots.key}_{name}_{column}", replicate),
        )
        slots.column("var", slot, values, str(meanings.get(column, name)))


def _put_matrices(
    slots: Slots, name: str, rows: pd.DataFrame, axis: str, replicate: int | None
) -> bool:
    """Put a matrix of genes x ``axis`` for every number the rows hold."""
    if rows[axis].nunique() > _MOST_COLUMNS:
        return False
    meanings = rows.attrs.get("columns", {})
    numbers = [
        column for column in rows if column not in ("gene", axis) and is_number(rows[column])
    ]
    varying = [column for column in numbers if column not in AXES or rows[column].nunique() > 1]
    for column in varying:
        wide = rows.pivot(index="gene", columns=axis, values=column)
        wide = wide.reindex(slots.adata.var_names).astype("float64")
        alone = len(varying) == 1 or column == name
        slot = f"{slots.key}_{name}" if alone else f"{slots.key}_{name}_{column}"
        labels = [f"{axis} {value}" for value in wide.columns]
        slot = slots.of_replicate(slot, replicate)
        slots.matrix("varm", slot, wide.to_numpy(), str(meanings.get(column, name)), labels)
    return bool(varying)
