"""Which page shows a run is found from its tables; some runs no page shows."""

from dataclasses import dataclass

import pytest

from dashboard._ui.results_page import results_page


@dataclass(frozen=True)
class Holding:
    """What a run is to those who look for its page: the names of its tables."""

    tables: list[str]


@pytest.mark.parametrize(
    ("tables", "page"),
    [
        (["cells", "equations", "latent", "sampling_cells"], "dynamics"),
        (["clusters", "genes"], "genes"),
        (["cells", "network"], "networks"),
        (["cells", "target_matrix"], "perturbations"),
        (["cells", "unseen_genes"], "rare_cells"),
        (["cells", "latent", "sampling_cells"], "rare_cells"),
        (["answer", "arm_comparison"], "rare_cells"),
        (["cells", "genes", "latent", "type_expression"], "latent"),
        (["clusters", "genes", "latent"], "genes"),
        (["cell_fit", "cells", "latent", "network"], "networks"),
        (["cells", "responses"], None),
        ([], None),
    ],
)
def test_a_run_opens_where_its_tables_are_shown(tables: list[str], page: str | None) -> None:
    assert results_page(Holding(tables)) == page  # type: ignore[arg-type]
