"""Latent spaces of runs, laid over each other on the cells (or genes) that all of them have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from scdyn_core.errors import RunError
from scdyn_core.evaluation.embedding_agreement import embedding_agreement
from scdyn_core.evaluation.embedding_alignment import FEWEST_CELLS, Values, aligned
from scdyn_core.runs.comparison.side import Side, Tables, of_replicate

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

#: More samples are neither measured nor drawn: of these many, the same ones every time.
MOST_SAMPLES = 5_000
TABLE = "latent"
_COORDINATE = re.compile(r"z[1-9]\d*")
Kind = Literal["cell", "gene"]


@dataclass(frozen=True)
class Embeddings:
    """Embeddings of the same samples in the frame of the first.

    Attributes
    ----------
    kind
        What a sample is.
    samples
        Names of those that are compared, shape ``(n,)``.
    common
        Samples that all embeddings have; ``n``, or more where they were drawn from.
    places
        Name of a side -> its coordinates in the space of the first, ``(n, p)``; those of the
        first are its latents as they are.
    dimensions
        Name of a side -> how many latents it has.
    measures
        A row a side but the first, and measure: ``run``, then as in ``embedding_agreement``.
    """

    kind: Kind
    samples: pd.Index
    common: int
    places: dict[str, Values]
    dimensions: dict[str, int]
    measures: pd.DataFrame


def kind_of(run: Run) -> Kind | None:
    """Return what the latents of a run are of; ``None`` without latents.  Reads no rows."""
    if TABLE not in run.tables:
        return None
    from pyarrow.parquet import read_schema

    names = read_schema(run.table_file(TABLE)).names
    if not any(_COORDINATE.fullmatch(name) for name in names):
        return None
    return "cell" if "cell" in names else "gene" if "gene" in names else None


def latents_of(table: Tables, replicate: int) -> pd.DataFrame:
    """Return the latents of one replicate, a row a sample and a column a latent.

    Raises
    ------
    RunError
        When the run has none.
    """
    frame = table(TABLE)
    kind = None if frame is None else next((k for k in ("cell", "gene") if k in frame), None)
    if frame is None or kind is None:
        raise RunError(
            "embeddings",
            found="a run without latents",
            needed="runs of methods that learn a latent space",
            fix="Choose other runs.",
        )
    own = of_replicate(frame, replicate)
    columns = [str(name) for name in own.columns if _COORDINATE.fullmatch(str(name))]
    columns.sort(key=lambda name: int(name[1:]))
    latents = own.set_index(own[kind].astype(str).rename(kind))[columns].astype(np.float64)
    return latents[~latents.index.duplicated()]


def compared_embeddings(
    sides: Sequence[Side], tables: dict[str, Tables] | None = None
) -> Embeddings:
    """Lay the embeddings of all sides over that of the first.

    Parameters
    ----------
    sides
        Two at least.
    tables
        Name of a side -> where its tables are read, such as a cache; the run if not given.

    Raises
    ------
    RunError
        When a side has no latents, or too few samples are in all of them.
    """
    latents = {
        side.name: latents_of(tables[side.name] if tables else side.table, side.replicate)
        for side in sides
    }
    samples, common = common_samples(list(latents.values()))
    first, *others = latents
    reference = latents[first].loc[samples].to_numpy()
    places, measured = {first: reference}, []
    for name in others:
        own = latents[name].loc[samples].to_numpy()
        places[name] = aligned(reference, own).coordinates
        measured.append(embedding_agreement(reference, own).assign(run=name))
    measures = pd.concat(measured, ignore_index=True)
    return Embeddings(
        kind="gene" if samples.name == "gene" else "cell",
        samples=samples,
        common=common,
        places=places,
        dimensions={name: frame.shape[1] for name, frame in latents.items()},
        measures=measures[["run", *measures.columns.drop("run")]],
    )


def common_samples(latents: Sequence[pd.DataFrame]) -> tuple[pd.Index, int]:
    """Return the names that all have, at most ``MOST_SAMPLES``, and how many there are.

    The ones that are drawn depend on the names alone, not on their order or on the runs.

    Raises
    ------
    RunError
        When there are too few, or some are of cells and others of genes.
    """
    shared = latents[0].index
    for frame in latents[1:]:
        shared = shared.intersection(frame.index)
    kinds = {frame.index.name for frame in latents}
    if len(shared) < FEWEST_CELLS or len(kinds) > 1:
        raise RunError(
            "embeddings",
            found=f"{len(shared):,} samples with the same name in all of them"
            if len(kinds) == 1
            else "latents of cells in one run and of genes in another",
            needed=f"{FEWEST_CELLS} cells, or genes, at least",
            fix="Choose runs on the same data.",
        )
    names = shared.sort_values().rename(latents[0].index.name)
    if len(names) > MOST_SAMPLES:
        chosen = np.random.default_rng(0).choice(len(names), MOST_SAMPLES, replace=False)
        names = names[np.sort(chosen)]
    return names, len(shared)


def annotations_of(table: Tables, kind: Kind) -> pd.DataFrame:
    """Return what is known of the samples and can colour them, a row a sample; may be empty."""
    frame = table(f"{kind}s")
    if frame is None or kind not in frame:
        return pd.DataFrame()
    known = frame.drop_duplicates(kind)
    known = known.set_index(known[kind].astype(str))
    places = re.compile(r"(velocity_)?(umap|pca)_\d+|cell|gene")
    return known[[name for name in known.columns if not places.fullmatch(str(name))]]
