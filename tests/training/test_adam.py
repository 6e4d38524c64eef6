"""Adam is Adam, and each replicate has its own."""

import torch

from scdyn_core.training.adam import Adam


def gradients(step):
    generator = torch.Generator().manual_seed(step)
    return {
        "w": torch.randn(3, 4, 2, generator=generator),
        "b": torch.randn(3, generator=generator),
    }


def test_equals_torch():
    ours = {"w": torch.ones(3, 4, 2), "b": torch.zeros(3)}
    theirs = {name: value.clone().requires_grad_() for name, value in ours.items()}
    adam, reference = Adam(ours), torch.optim.Adam(theirs.values(), lr=0.01)
    for step in range(50):
        adam.step(gradients(step), 0.01)
        for name, gradient in gradients(step).items():
            theirs[name].grad = gradient
        reference.step()
    for name, value in ours.items():
        torch.testing.assert_close(value, theirs[name].detach())


def test_a_parameter_without_gradient_keeps_its_place_and_its_count():
    ours = {"w": torch.ones(3, 4, 2), "b": torch.zeros(3)}
    adam = Adam(ours)
    adam.step({"w": gradients(0)["w"]}, 0.01)
    assert not ours["b"].any()
    assert adam.memory["steps"]["b"].tolist() == [0.0] * 3
    assert adam.memory["steps"]["w"].tolist() == [1.0] * 3


def test_a_replicate_that_forgets_moves_as_a_new_one():
    ours = {"b": torch.zeros(3)}
    adam = Adam(ours)
    for step in range(20):
        adam.step({"b": gradients(step)["b"]}, 0.01)
    adam.forget(1)
    before = ours["b"].clone()
    adam.step({"b": gradients(99)["b"]}, 0.01)
    fresh = {"b": torch.zeros(3)}
    Adam(fresh).step({"b": gradients(99)["b"]}, 0.01)
    torch.testing.assert_close(ours["b"][1] - before[1], fresh["b"][1])
    assert not torch.isclose(ours["b"][0] - before[0], fresh["b"][0])


def test_own_step_sizes_and_guard_equal_parameter_groups_of_torch():
    ours = {"w": torch.ones(3, 4, 2), "b": torch.zeros(3)}
    theirs = {name: value.clone().requires_grad_() for name, value in ours.items()}
    groups = [{"params": [theirs["w"]]}, {"params": [theirs["b"]], "lr": 0.3}]
    adam, reference = Adam(ours), torch.optim.Adam(groups, lr=0.01, eps=0.02)
    for step in range(30):
        adam.step(gradients(step), 0.01, {"b": 0.3, "no such parameter": 1.0}, 0.02)
        for name, gradient in gradients(step).items():
            theirs[name].grad = gradient
        reference.step()
    for name, value in ours.items():
        torch.testing.assert_close(value, theirs[name].detach(), atol=1e-4, rtol=1e-4)
