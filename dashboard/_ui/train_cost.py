"""What a run will cost: memory before it starts, time once its first epochs are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.method_words import learns_from_genes, trains_in_epochs

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.methods.method import Method, MethodConfig
    from scdyn_core.training.options import TrainingOptions

#: Expression and its derivative, each a number of 4 bytes per cell and gene.
BYTES_PER_VALUE = 2 * 4


def show_cost(
    record: DatasetRecord, method: Method, config: MethodConfig, options: TrainingOptions
) -> None:
    """Show the memory the training data take, and where the time will be seen."""
    words = []
    if not learns_from_genes(method):
        most = getattr(config, "genes", record.n_genes)
        size = BYTES_PER_VALUE * record.n_cells * min(record.n_genes, most)
        words.append(f":material/memory: About {_size(size)} for the training data")
    if not trains_in_epochs(method):
        words.append(":material/timer: Fitted directly, without epochs; its baselines take longer")
        st.caption(" · ".join(words))
        return
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
