"""From trained networks and a request to tables of attributions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scdyn_core.errors import ConfigError
from scdyn_core.methods.clera.explain import tables
from scdyn_core.methods.clera.explain.cells import Sample, draw_cells
from scdyn_core.methods.clera.explain.completeness import Completeness
from scdyn_core.methods.clera.explain.config import ExplainConfig
from scdyn_core.methods.clera.explain.genes import attribute_genes
from scdyn_core.methods.clera.explain.latents import attribute_latents
from scdyn_core.methods.clera.explain.shapley import compile_explainer
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.method import Table, Tensors
from scdyn_core.reporter import Reporter

STAGE = "explaining"
FROM_LATENTS = frozenset({"decoder", "classifier"})
FROM_GENES = frozenset({"encoder", "gene_to_type"})
#: What a cell explained from its genes costs, in cells explained from their latents.
GENE_COST = 40


def explain_networks(
    networks: Sequence[CleraNetwork], tensors: Tensors, request: ExplainConfig, reporter: Reporter
) -> dict[str, Table]:
    """Attribute what the request asks for.

    Raises
    ------
    ConfigError
        When a replicate does not exist, or only cell types were asked for and there are none.
    Cancelled
        When the reporter says so.
    """
    chosen = sorted(set(request.replicates))
    if chosen[-1] > len(networks):
        raise ConfigError(
            "replicates",
            found=f"replicate {chosen[-1]}",
            needed=f"numbers from 1 to {len(networks)}",
            fix="Explain a replicate that the run has.",
        )
    sample = draw_cells(tensors, request)
    reporter.progress("starting the explainers", 0, 1)
    compile_explainer()
    wanted = frozenset(request.attributions)
    units = bool(wanted & FROM_LATENTS) + GENE_COST * bool(wanted & FROM_GENES)
    progress = _Progress(reporter, sample.cells * units * len(chosen))
    found = tables.joined([
        _explain_one(networks[number - 1], number - 1, tensors, sample, request, reporter, progress)
        for number in chosen
    ])  # fmt: skip
    if list(found) == ["shap_checks"]:
        raise ConfigError(
            "what to attribute",
            found="only attributions to cell types, of a model that learned none",
            needed="decoder or encoder",
            fix="Choose decoder or encoder as well.",
        )
    return found


class _Progress:
    def __init__(self, reporter: Reporter, total: int) -> None:
        self._reporter = reporter
        self._total = total
        self._done = 0

    def counting(self, cost: int, message: str) -> Callable[[int], None]:
        """Return what to call with the number of cells done."""

        def tick(cells: int) -> None:
            self._done += cost * cells
            self._reporter.progress(STAGE, self._done, self._total, message)

        self._reporter.progress(STAGE, self._done, self._total, message)
        return tick


def _explain_one(
    network: CleraNetwork,
    replicate: int,
    tensors: Tensors,
    sample: Sample,
    request: ExplainConfig,
    reporter: Reporter,
    progress: _Progress,
) -> dict[str, Table]:
    genes = [str(name) for name in tensors.info["genes"]]  # type: ignore[attr-defined]
    wanted = frozenset(request.attributions)
    found: dict[str, Table] = {}
    checks: dict[str, Completeness] = {}
    if wanted & FROM_LATENTS:
        latents = attribute_latents(
            network, tensors, sample, wanted, request.seed, reporter,
            progress.counting(1, f"what the latents do, replicate {replicate + 1}"),
        )  # fmt: skip
        checks |= latents.checks
        if latents.genes:
            found["shap_decoder"] = tables.decoder_table(replicate, genes, latents.genes)
            found["shap_decoder_types"] = tables.decoder_types_table(
                replicate, genes, latents.genes, tensors.constants["gene_sd"]
            )
        if latents.types:
            found["shap_classifier"] = tables.classifier_table(replicate, latents.types)
    if wanted & FROM_GENES:
        read = attribute_genes(
            network, tensors, sample, request, reporter,
            progress.counting(GENE_COST, f"what the genes do, replicate {replicate + 1}"),
        )  # fmt: skip
        checks |= read.checks
        if read.latents:
            found["shap_encoder"] = tables.encoder_table(replicate, genes, read.latents)
        if read.types:
            found["shap_gene_type"] = tables.gene_type_table(replicate, genes, read.types)
    found["shap_checks"] = tables.checks_table(replicate, checks)
    return found
