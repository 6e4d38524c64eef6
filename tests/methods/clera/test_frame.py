"""The frame: equivalent encoders give the same latents."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.methods.clera.frame import LatentFrame


def cells(seed):
    generator = torch.Generator().manual_seed(seed)
    axes = torch.randn(200, 3, generator=generator) * torch.tensor([3.0, 2.0, 1.0])
    bent = axes + 0.2 * torch.tanh(axes.roll(1, dims=1))
    return axes, bent, torch.randn(200, 3, generator=generator), generator


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_an_affine_change_of_the_encoder_changes_no_latent(seed):
    axes, bent, tangent, generator = cells(seed)
    mix = torch.linalg.qr(torch.randn(3, 3, generator=generator)).Q * 2.5
    shift = torch.randn(3, generator=generator)
    z, dz = LatentFrame.along(bent, axes).apply(bent, tangent)
    mixed = bent @ mix + shift
    other, other_dz = LatentFrame.along(mixed, axes).apply(mixed, tangent @ mix)
    torch.testing.assert_close(other, z, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(other_dz, dz, atol=1e-4, rtol=1e-4)


def test_latents_follow_the_axis_they_are_named_after():
    axes, bent, tangent, _ = cells(0)
    z, _ = LatentFrame.along(bent, axes).apply(bent, tangent)
    correlation = torch.corrcoef(torch.cat([z, axes], dim=1).T)[:3, 3:]
    assert correlation.diagonal().min() > 0.95
    torch.testing.assert_close(z.mean(0), torch.zeros(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(z.std(0), torch.ones(3))


def test_a_collapsed_latent_leaves_finite_numbers():
    axes, bent, tangent, _ = cells(1)
    bent[:, 2] = 0.0
    z, dz = LatentFrame.along(bent, axes).apply(bent, tangent)
    assert z.isfinite().all()
    assert dz.isfinite().all()


def test_standardising_brings_every_latent_to_mean_0_and_sd_1():
    _, bent, tangent, _ = cells(2)
    z, dz = LatentFrame.standardised(bent).apply(bent, tangent)
    torch.testing.assert_close(z.mean(0), torch.zeros(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(z.std(0), torch.ones(3))
    torch.testing.assert_close(dz, tangent / bent.std(0))
