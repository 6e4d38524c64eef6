"""What a run does that reads a trained run closer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scdyn_core.methods.method import Arrays, Method, MethodConfig, Tensors, TrainedMethod
from scdyn_core.reporter import Reporter
from scdyn_core.runs.asked import method_of
from scdyn_core.runs.model import read_training_tensors, read_weights
from scdyn_core.runs.run import Run
from scdyn_core.runs.tables import write_tables

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule


def explain(run: Run, reporter: Reporter) -> None:
    """Read a trained run closer; its own tables stay as they are."""
    assert run.spec.explains is not None
    trained = Run.open(run.spec.explains)
    method, config = method_of(trained.spec)
    assert method.Explanation is not None
    request = method.Explanation.model_validate(run.spec.explanation)
    tensors = read_training_tensors(trained.path)
    models = [restored(method, config, tensors, state) for state in read_weights(trained.path)]
    folder = trained.path / "explain"
    folder.mkdir(exist_ok=True)
    write_tables(folder, method.explain(models, tensors, config, request, reporter))


def restored(
    method: Method, config: MethodConfig, tensors: Tensors, state: Arrays
) -> TrainableModule | Arrays:
    """Return a trained model from its stored weights; a fitted one is its arrays."""
    if not isinstance(method, TrainedMethod):
        return state
    import torch

    module = method.build(tensors, config, 0)
    module.load_state_dict({name: torch.as_tensor(value) for name, value in state.items()})
    return module.eval()
