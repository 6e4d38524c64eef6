"""The dual pass is forward-mode differentiation: value and tangent through the same layers."""

from typing import get_args

import pytest
import torch
from torch.func import jvp, vmap

from scdyn_core.nn.dual import ActivationName, activate, activate_dual
from scdyn_core.nn.mlp import MLP

ACTIVATIONS = get_args(ActivationName)


def network(activation, *, double):
    mlp = MLP((7, 16, 11, 3), activation, torch.Generator().manual_seed(1))
    return mlp.double() if double else mlp


def inputs(dtype):
    generator = torch.Generator().manual_seed(2)
    x, v = torch.randn(2, 40, 7, generator=generator, dtype=dtype)
    return x, v


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-6), (torch.float64, 1e-12)])
def test_equals_jvp(activation, dtype, tolerance):
    mlp = network(activation, double=dtype == torch.float64)
    x, v = inputs(dtype)
    value, tangent = mlp.dual(x, v)
    expected_value, expected_tangent = jvp(mlp, (x,), (v,))
    torch.testing.assert_close(value, expected_value, atol=tolerance, rtol=0)
    torch.testing.assert_close(tangent, expected_tangent, atol=tolerance, rtol=0)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_equal_finite_differences(activation):
    generator = torch.Generator().manual_seed(3)
    pre, v = torch.randn(2, 30, generator=generator, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(lambda p, t: activate_dual(activation, p, t), (pre, v))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_value_of_the_dual_pass_is_the_plain_pass(activation):
    pre = torch.linspace(-3, 3, 50)
    assert torch.equal(activate_dual(activation, pre, pre)[0], activate(activation, pre))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_vmap_over_replicates_equals_a_loop(activation):
    generator = torch.Generator().manual_seed(4)
    pre, v = torch.randn(2, 5, 30, generator=generator)
    stacked = vmap(lambda p, t: activate_dual(activation, p, t))(pre, v)
    for k in range(5):
        for together, alone in zip(stacked, activate_dual(activation, pre[k], v[k]), strict=True):
            torch.testing.assert_close(together[k], alone)
