"""What a run will cost: memory before it starts, time once its first epochs are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.check_words import CHOICE
from dashboard._ui.method_words import learns_from_genes, trains_in_epochs

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.methods.method import Method, MethodConfig
    from scdyn_core.training.options import TrainingOptions

BYTES_PER_VALUE = 4


def show_cost(
    record: DatasetRecord, method: Method, config: MethodConfig, options: TrainingOptions
) -> None:
    """Show the memory the training data take, and where the time will be seen."""
    words = []
    if not learns_from_genes(method):
        most = getattr(config, "genes", record.n_genes)
        # What learns from a derivative keeps it beside the expression.
        matrices = 2 if CHOICE in type(config).model_fields else 1
        size = matrices * BYTES_PER_VALUE * record.n_cells * min(record.n_genes, most)
        words.append(f":material/memory: About {_size(size)} for the training data")
    if not trains_in_epochs(method):
        words.append(":material/timer: Fitted directly, without epochs")
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
