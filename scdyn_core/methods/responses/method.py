"""What every method does whose samples are genes at time points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, cast

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.method import Method, MethodConfig, RoleNeeds
from scdyn_core.methods.responses.config import ResponseConfig

#: Few genes are needed to set bands; more to learn from and to be scored on.
VALIDATION, TEST = 0.1, 0.2


class GeneMethod(Method):
    """A method whose samples are genes: it splits genes and names them."""

    roles: ClassVar[RoleNeeds] = RoleNeeds(
        required=("time",), optional=("counts", "condition", "cell_type")
    )
    samples: ClassVar[Literal["cells", "genes"]] = "genes"

    def split(self, dataset: Dataset, config: MethodConfig, seed: int) -> Split:
        """Divide the chosen genes; their choice looks at each gene alone."""
        genes = len(self.sample_names(dataset, config))
        return Split.draw(genes, seed=seed, validation=VALIDATION, test=TEST)

    def sample_names(self, dataset: Dataset, config: MethodConfig) -> Sequence[str]:
        """Return the names of the chosen genes."""
        from scdyn_core.methods.responses.input import gene_input

        return gene_input(dataset, cast(ResponseConfig, config)).names
