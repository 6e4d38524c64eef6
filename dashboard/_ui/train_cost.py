"""What a run will cost: memory before it starts, time once its first epochs are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.methods.method import MethodConfig
    from scdyn_core.training.options import TrainingOptions

#: Expression and its derivative, each a number of 4 bytes per cell and gene.
BYTES_PER_VALUE = 2 * 4


def show_cost(record: DatasetRecord, config: MethodConfig, options: TrainingOptions) -> None:
    """Show the memory the training data take, and where the time will be seen."""
    most = getattr(config, "genes", record.n_genes)
    size = BYTES_PER_VALUE * record.n_cells * min(record.n_genes, most)
    words = [f":material/memory: About {_size(size)} for the training data"]
    if options.replicates > 1:
        words.append(f":material/layers: {options.replicates} replicates, trained at once")
    words.append(":material/timer: Time: measured from the first epochs, on the Runs page")
    st.caption(" · ".join(words))


def _size(n_bytes: float) -> str:
    for unit in ("B", "KB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB"
