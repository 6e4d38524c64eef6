"""What the data can tell, source by source, before anything is trained.

Sources are compared on the validation part: a choice is made with this, and test cells are for
scoring what was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Part, Split
from scdyn_core.errors import ConfigError, TrainingError
from scdyn_core.methods.clera.arrays import SOURCE_ROLES, choose_source, clera_tensors, is_possible
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.derivative import (
    COLUMNS,
    derivative_table,
    source_remarks,
    source_warnings,
)
from scdyn_core.methods.method import Table, Tensors
from scdyn_core.reporter import Reporter, raise_if_cancelled

#: Where sources are compared.
PART: Part = "validation"


def check_sources(
    dataset: Dataset, config: CleraConfig, split: Split, seed: int, reporter: Reporter
) -> Mapping[str, Table]:
    """Build every derivative source that roles and configuration allow, and its baselines.

    Returns
    -------
    ``derivative_sources``
        As in a trained run, on validation cells, with the configuration's name of each source,
        and how many samples and genes it has.
    ``warnings``
        What speaks against a source, and what a reader must know about it.

    Raises
    ------
    ConfigError
        When the roles allow no source, or the only one asked for cannot be built.
    TrainingError
        When no source can be built from these data.
    """
    asked = _sources(config, dataset)
    frames: list[pd.DataFrame] = []
    remarks: list[tuple[str, str, str]] = []
    failure: ConfigError | TrainingError | None = None
    for done, name in enumerate(asked):
        raise_if_cancelled(reporter)
        reporter.progress("derivative sources", done, len(asked), f"derivative: {name}")
        chosen = config.model_copy(update={"derivative": name})
        try:
            tensors = clera_tensors(dataset, chosen, split, seed, reporter)
        except (ConfigError, TrainingError) as error:
            failure = error
            remarks.append((name, "cannot be built", str(error)))
            continue
        raise_if_cancelled(reporter)
        frame = derivative_table(chosen, tensors, (PART,))
        frames.append(_described(frame, name, tensors))
        remarks += _remarks(frame, tensors)
    if failure is not None and not frames:
        raise failure
    reporter.progress("derivative sources", len(asked), len(asked))
    return {"derivative_sources": _sources_table(frames), "warnings": _warnings_table(remarks)}


def _sources(config: CleraConfig, dataset: Dataset) -> list[str]:
    """Return the sources to compare: all that the roles allow, or the one asked for."""
    chosen = choose_source(config, dataset.roles)
    if config.derivative != "auto":
        return [chosen]
    return [name for name in SOURCE_ROLES if is_possible(name, dataset.roles)]


def _described(frame: pd.DataFrame, name: str, tensors: Tensors) -> pd.DataFrame:
    return frame.assign(
        derivative=name,
        samples=len(tensors.parts[PART]["x"]),
        genes=len(tensors.constants["gene_sd"]),
    )


def _remarks(frame: pd.DataFrame, tensors: Tensors) -> list[tuple[str, str, str]]:
    source = str(tensors.info["source"])
    cautions = tuple(map(str, tensors.info["cautions"]))  # type: ignore[call-overload]
    return [
        *((name, "warning", text) for name, text in source_warnings(frame)),
        *((name, "caution", text) for name, text in source_remarks(frame)),
        *((source, "caution", text) for text in cautions),
    ]


def _sources_table(frames: list[pd.DataFrame]) -> Table:
    meanings = {
        **COLUMNS,
        "part": "cells it is scored on: validation cells, because a choice is made with it; test "
        "cells are left for the score of what was chosen",
        "derivative": "what the setting of this source is called",
        "samples": "validation samples the source gives",
        "genes": "genes whose derivative the source gives; shares are of these genes, so those "
        "of sources with other genes compare roughly",
    }
    return Table(pd.concat(frames, ignore_index=True), meanings)


def _warnings_table(remarks: list[tuple[str, str, str]]) -> Table:
    columns = {
        "source": "where the derivative comes from",
        "kind": "warning: speaks against it; caution: to be known about it; or why it is missing",
        "text": "what there is to say",
    }
    return Table(pd.DataFrame(remarks, columns=list(columns)), columns)
