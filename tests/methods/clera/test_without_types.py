"""Cell types are optional: without them nothing is classified and everything else is learned."""

from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.method import Clera
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from tests.methods.clera.small import small_cycle


def test_a_fit_without_cell_types_ends_with_results():
    dataset = small_cycle(cells=240, genes=30)
    dataset = dataset.with_roles(dataset.roles.replace({"cell_type": None, "pseudotime": "phase"}))
    config = CleraConfig(derivative="windows", warmup_epochs=3, fit_epochs=3, refine_epochs=3)
    method, reporter = Clera(), SilentReporter()
    tensors = method.tensors(dataset, config, method.split(dataset, config, 0), 0, reporter)
    modules = fit(
        build=lambda seed: method.build(tensors, config, seed),
        phases=method.phases(config),
        train=tensors.parts["train"],
        validation=tensors.parts["validation"],
        options=TrainingOptions(device="cpu", replicates=2),
        reporter=reporter,
    )
    results = method.results(modules, tensors, dataset, config, reporter)
    assert "classifier" not in results.tables
    assert "accuracy" not in {score.metric for score in results.scores}
    assert {"equations", "latent"} <= set(results.tables)
