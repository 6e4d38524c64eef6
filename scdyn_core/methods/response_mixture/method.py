"""The response mixture on the common contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.method import Arrays, FittedMethod, MethodConfig, Results, Tensors
from scdyn_core.methods.response_mixture.config import ResponseMixtureConfig
from scdyn_core.methods.responses.method import GeneMethod
from scdyn_core.reporter import Reporter
from scdyn_core.training.options import TrainingOptions


class ResponseMixture(GeneMethod, FittedMethod):
    """Genes as scaled, slightly earlier or later copies of a few response templates."""

    key = "response_mixture"
    title = "Response mixture"
    summary = (
        "Groups genes that respond alike over time, whatever their level and strength, and knows "
        "how well every mean was measured. No training; the place to start."
    )
    citation = (
        "scdyn; mixtures of factor analysers: Ghahramani and Hinton, University of Toronto "
        "CRG-TR-96-1, 1996"
    )
    Config = ResponseMixtureConfig
    options = TrainingOptions(replicates=3)
    presets: ClassVar = {"scdyn": ResponseMixtureConfig()}

    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        """Average the cells of every time, gene by gene."""
        from scdyn_core.methods.responses.arrays import response_tensors

        return response_tensors(dataset, cast(ResponseMixtureConfig, config), split, seed)

    def fit(
        self, tensors: Tensors, config: MethodConfig, seeds: Sequence[int], reporter: Reporter
    ) -> Sequence[Arrays]:
        """Fit a mixture for every number of clusters to the training genes."""
        from scdyn_core.methods.response_mixture.fit import fit_family

        config = cast(ResponseMixtureConfig, config)
        return [
            fit_family(tensors, config, seed, number, len(seeds), reporter).arrays()
            for number, seed in enumerate(seeds)
        ]

    def results(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        dataset: Dataset,
        config: MethodConfig,
        reporter: Reporter,
    ) -> Results:
        """Divide the genes, and set the clusters and predictions beside their baselines."""
        from scdyn_core.methods.response_mixture.fitted import MixtureFamily
        from scdyn_core.methods.responses.results import response_results

        config = cast(ResponseMixtureConfig, config)
        shared = tensors.info["offset"] == "flat genes"
        families = [MixtureFamily.from_arrays(arrays, shared) for arrays in models]
        return response_results(families, tensors, dataset, config, reporter)
