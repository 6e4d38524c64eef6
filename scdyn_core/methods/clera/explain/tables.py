"""Attributions as tables, one row a replicate, input and output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.methods.clera.explain.completeness import Completeness
from scdyn_core.methods.clera.explain.moments import Moments
from scdyn_core.methods.method import Table

#: Genes per replicate whose attributions are kept type by type.
TYPED_GENES = 500
_REPLICATE = {"replicate": "seed number"}
_LATENT = {"latent": "number of the latent"}
_GENE = {"gene": "name of the gene"}
_TYPE = {"cell_type": "cell type of the explained cells"}
_SIZES = {
    "mean": "mean attribution over explained test cells, {unit}, against the average background",
    "mean_abs": "mean size of the attribution, {unit}",
    "sd": "standard deviation of the attribution over cells, {unit}",
}


def decoder_table(replicate: int, genes: Sequence[str], found: Mapping[str, Moments]) -> Table:
    """Latent to gene, over all explained cells."""
    whole = _together(found)
    frame = _grid(replicate, whole, {"latent": _numbers(whole, 0), "gene": genes})
    frame["slope"] = whole.slope.ravel()
    slope = {"slope": "change of the attribution per sd of the latent: the sign of the program"}
    return Table(frame, _REPLICATE | _LATENT | _GENE | _sized("units of the expression") | slope)


def decoder_types_table(
    replicate: int,
    genes: Sequence[str],
    found: Mapping[str, Moments],
    sd: NDArray[np.floating],
) -> Table:
    """Latent to gene, type by type, for the genes moved by the most sds (shape ``(G,)``)."""
    strongest = np.argsort(-(_together(found).mean_abs / sd).max(axis=0))[:TYPED_GENES]
    kept = {genes[position] for position in strongest}
    frames = []
    for group, moments in found.items():
        frame = _grid(replicate, moments, {"latent": _numbers(moments, 0), "gene": genes})
        frame.insert(1, "cell_type", group)
        frames.append(frame[frame["gene"].isin(kept)])
    columns = _REPLICATE | _TYPE | _LATENT | _GENE | _sized("units of the expression")
    return Table(pd.concat(frames, ignore_index=True), columns)


def encoder_table(replicate: int, genes: Sequence[str], found: Mapping[str, Moments]) -> Table:
    """Gene to latent, over all explained cells."""
    whole = _together(found)
    frame = _grid(replicate, whole, {"gene": genes, "latent": _numbers(whole, 1)})
    frame["slope"] = whole.slope.ravel()
    slope = {"slope": "change of the attribution per unit of the gene as the network reads it"}
    return Table(frame, _REPLICATE | _GENE | _LATENT | _sized("units of the latent") | slope)


def classifier_table(replicate: int, found: Mapping[str, Moments]) -> Table:
    """Latent to the logit of a cell type, over the cells of that type."""
    frames = []
    for group, moments in found.items():
        frame = _grid(replicate, moments, {"latent": _numbers(moments, 0), "cell_type": [group]})
        frame["sd_abs"] = moments.sd_abs.ravel()
        frames.append(frame)
    columns = _REPLICATE | _LATENT | _TYPE | _sized("units of the type's logit")
    columns["sd_abs"] = "standard deviation over cells of the size of the attribution"
    return Table(pd.concat(frames, ignore_index=True), columns)


def gene_type_table(replicate: int, genes: Sequence[str], found: Mapping[str, Moments]) -> Table:
    """Gene to the logit of a cell type, over the cells of that type."""
    frames = [
        _grid(replicate, moments, {"gene": genes, "cell_type": [group]})
        for group, moments in found.items()
    ]
    columns = _REPLICATE | _GENE | _TYPE | _sized("units of the type's logit")
    return Table(pd.concat(frames, ignore_index=True), columns)


def checks_table(replicate: int, checks: Mapping[str, Completeness]) -> Table:
    """How each attribution was made and how well it adds up."""
    rows = [
        (replicate, name, check.explainer, check.cells, check.background, check.gap)
        for name, check in checks.items()
    ]
    columns = {
        "replicate": "seed number",
        "attribution": "what is attributed to what",
        "explainer": "how",
        "cells": "explained test cells",
        "background": "training cells that stand for what is not known",
        "gap": "root mean square of (sum of attributions - (output - mean output of the "
        "background)), as a share of that difference; 0 is exact",
    }
    return Table(pd.DataFrame(rows, columns=list(columns)), columns)


def joined(tables: Sequence[Mapping[str, Table]]) -> dict[str, Table]:
    """Put the tables of several replicates under each other."""
    names = dict.fromkeys(name for each in tables for name in each)
    return {
        name: Table(
            pd.concat([each[name].frame for each in tables if name in each], ignore_index=True),
            next(each[name].columns for each in tables if name in each),
        )
        for name in names
    }


def _together(found: Mapping[str, Moments]) -> Moments:
    return reduce(add, found.values())


def _numbers(moments: Moments, axis: int) -> range:
    return range(1, moments.mean.shape[axis] + 1)


def _grid(
    replicate: int, moments: Moments, names: Mapping[str, Sequence[Any] | range]
) -> pd.DataFrame:
    """Return one row per input and output, in this order, with their moments."""
    columns: dict[str, Any] = {"replicate": replicate}
    columns |= dict(_crossed(names))
    for name in _SIZES:
        columns[name] = getattr(moments, name).ravel()
    return pd.DataFrame(columns)


def _crossed(names: Mapping[str, Sequence[Any] | range]) -> Iterator[tuple[str, Any]]:
    (outer, rows), (inner, columns) = names.items()
    yield outer, np.repeat(np.asarray(rows), len(columns))
    yield inner, np.tile(np.asarray(columns), len(rows))


def _sized(unit: str) -> dict[str, str]:
    return {name: meaning.format(unit=unit) for name, meaning in _SIZES.items()}
