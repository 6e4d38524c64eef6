"""How the samples of the training steps were drawn, in words for a paper, and whom to cite."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scdyn_core.training.resampling.options import (
    COMPONENTS,
    DENSITY_SCHEMES,
    SamplingOptions,
)
from scdyn_core.training.resampling.words import options_that_count, sampler_name

_ADAPTIVE = (
    "Navidi et al., bioRxiv 2025, doi:10.1101/2025.11.04.686583 (adaptive resampling, sc-AR)"
)
_BALANCE = "He and Garcia, IEEE TKDE 2009, doi:10.1109/TKDE.2008.239 (class balance)"
_LEIDEN = "Traag et al., Scientific Reports 2019, doi:10.1038/s41598-019-41695-z (Leiden)"
#: Way of drawing -> what to cite for it.
SOURCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "balanced": (_BALANCE,),
        "half": (_BALANCE,),
        "sketch": (
            "Hie et al., Cell Systems 2019, doi:10.1016/j.cels.2019.05.003 (geometric sketching)",
        ),
        "marginal": (_ADAPTIVE,),
        "published": (_ADAPTIVE,),
        "neighbours": (_ADAPTIVE,),
        "clusters": (_ADAPTIVE, _LEIDEN),
        "components": (_ADAPTIVE, _LEIDEN),
    }
)
#: Scheme -> how weights come about.
_WEIGHTS: Mapping[str, str] = MappingProxyType(
    {
        "balanced": "by the inverse size of their cell type",
        "sketch": "evenly over the space they fill (geometric sketching)",
        "marginal": "by the inverse of their density along single axes (adaptive resampling, "
        "sc-AR)",
        "neighbours": "by the inverse of the density of their nearest neighbours (adaptive "
        "resampling, joint density)",
        "clusters": "by the inverse share of cells like them, by linked Leiden clusters (adaptive "
        "resampling, joint density)",
    }
)
#: Values that limit nothing and are not worth a word.
_NO_LIMIT: Mapping[str, float] = MappingProxyType(
    {"most": 1e9, "floor": 0.0, "effective": 0.0, "memory": 0.0}
)


def draws_text(sampling: SamplingOptions, samples: str) -> str:
    """Return a sentence about the draws of ``samples`` (cells or genes), with its parameters."""
    if sampling.scheme == "uniform":
        return f"Every epoch drew each training sample ({samples}) once, in random order."
    values = sampling.model_dump(exclude={"embedding", "draw"})
    fields = SamplingOptions.model_fields
    numbers = ", ".join(
        f"{(fields[name].title or name).lower().replace('_', ' ')} {values[name]:g}"
        for name in options_that_count(sampling)
        if name in values and values[name] != _NO_LIMIT.get(name)
    )
    space = ""
    if sampling.scheme in DENSITY_SCHEMES:
        where = (
            "principal components of the training cells"
            if sampling.embedding == COMPONENTS
            else f"the embedding {sampling.embedding}"
        ) + ", once before training"
        space = ", found in " + (
            "the latents of the model while it learned" if sampling.adaptive else where
        )
    repeats = "independently with replacement" if sampling.draw == "independent" else (
        "systematically"
    )  # fmt: skip
    return (
        f"Training {samples} were drawn {_WEIGHTS[sampling.scheme]}{space} (“"
        f"{sampler_name(sampling)}”; {repeats}; {numbers}); an epoch had as many steps as with "
        "uniform draws, and validation and test samples were never resampled."
    )
