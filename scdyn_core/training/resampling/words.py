"""What ways of drawing cells are called, what they do, and which of their options count."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from scdyn_core.training.resampling.options import DENSITY_SCHEMES, SAMPLING, SamplingOptions

#: Key of ``SAMPLING`` -> its name for people.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "uniform": "uniform",
        "balanced": "balanced by type",
        "half": "half balanced by type",
        "sketch": "sketch",
        "marginal": "marginal",
        "published": "marginal as published",
        "neighbours": "joint: neighbours",
        "clusters": "joint: clusters",
        "components": "joint: clusters of components",
    }
)
#: What each does, and when it may help.
MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "uniform": "Every cell once an epoch, in random order. Recommended: what helps on some "
        "data does nothing or harm on others.",
        "balanced": "Every cell type equally often. May help a rare type with genes of its own; a "
        "few cells drawn again and again may be learned by heart, and then be told less well.",
        "half": "Every cell type as often as the square root of its size says. Rebuilds rare types "
        "better at little cost to the others, in our tests; the types must be known.",
        "sketch": "Evenly over the space the cells fill, however crowded it is. May help where a "
        "few states hold most of the cells.",
        "marginal": "More of the cells that lie where few do along a single latent. Sees what "
        "stands out on its own axis, and misses what is rare only in combination.",
        "published": "Marginal exactly as its authors ran it (sc-AR): new weights every epoch, "
        "without limits. For comparison: types may almost vanish from the training.",
        "neighbours": "More of the cells whose nearest neighbours are far away, over all latents "
        "together. May help types that are spread thin; favours cells at the edge too, and draws "
        "less of a rare type that is tightly packed.",
        "clusters": "More of the cells that few others are like, by clusters of all latents "
        "together. Sees types that are rare only in combination, where the latents set them "
        "apart.",
        "components": "More of the cells that few others are like, by clusters of the principal "
        "components of the training cells, once before training: does not wait for a model to "
        "tell rare cells apart.",
    }
)
#: Options that every way but uniform has.
_SHAPE = ("strength", "most", "floor", "effective", "draw")
_SPACE = ("embedding",)
_TIME = ("warm_up", "refreshes", "memory")
_OF_SCHEME: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "marginal": ("bins", "smoothing", "standardise"),
        "neighbours": ("neighbours",),
        "clusters": ("neighbours",),
    }
)


def preset_of(options: SamplingOptions) -> str | None:
    """Return the key of ``SAMPLING`` that has these options, or ``None``."""
    if options.scheme == "uniform":
        return "uniform"
    return next((key for key, preset in SAMPLING.items() if preset == options), None)


def sampler_name(options: SamplingOptions) -> str:
    """Return what a way of drawing is called; one with options of its own says so."""
    key = preset_of(options)
    return NAMES[options.scheme] + ", own settings" if key is None else NAMES[key]


def options_that_count(options: SamplingOptions) -> tuple[str, ...]:
    """Return the fields, beside the scheme, that change what is drawn."""
    if options.scheme == "uniform":
        return ()
    density = options.scheme in DENSITY_SCHEMES
    fields = {
        *_SHAPE,
        *(_SPACE if density else ()),
        *(_TIME if options.adaptive else ()),
        *_OF_SCHEME.get(options.scheme, ()),
    }
    return tuple(name for name in SamplingOptions.model_fields if name in fields)


def in_force(options: SamplingOptions) -> dict[str, Any]:
    """Return the name of a way of drawing and the options that count."""
    values = options.model_dump()
    counting = {name: values[name] for name in options_that_count(options)}
    return {"cells drawn": sampler_name(options), **counting}
