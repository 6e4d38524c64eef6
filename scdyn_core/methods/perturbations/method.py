"""What every method does that learns from a perturbation screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.method import Method, MethodConfig, RoleNeeds, Table
from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.reporter import Reporter
from scdyn_core.training.seeding import derive_seed


class ScreenMethod(Method):
    """A method whose samples are the cells of a screen that carry a known perturbation."""

    roles: ClassVar[RoleNeeds] = RoleNeeds(
        required=("perturbation", "counts"),
        optional=("control_perturbation", "guide", "batch", "cell_type", "condition", "time"),
    )

    def split(self, dataset: Dataset, config: MethodConfig, seed: int) -> Split:
        """Divide the cells within every label; perturbations may be held out whole."""
        from scdyn_core.methods.perturbations.labels import labelled
        from scdyn_core.methods.perturbations.split import screen_split

        screen = labelled(dataset, cast(PerturbationConfig, config), seed)
        return screen_split(screen, derive_seed(seed, "split"))

    def sample_names(self, dataset: Dataset, config: MethodConfig) -> Sequence[str]:
        """Return the names of the cells that take part."""
        from scdyn_core.methods.perturbations.labels import labelled

        # Which control cells become the null control changes with the seed; who takes part not.
        screen = labelled(dataset, cast(PerturbationConfig, config), 0)
        return [str(name) for name in dataset.adata.obs_names[screen.cells]]

    def check(
        self, dataset: Dataset, config: MethodConfig, seed: int, reporter: Reporter
    ) -> Mapping[str, Table]:
        """Say which perturbations have cells, hit their target and can be seen at all."""
        from scdyn_core.methods.perturbations.check import check_screen

        return check_screen(dataset, cast(PerturbationConfig, config), seed, reporter)
