"""Every parameter is explained: a sentence, bounds, and the name the paper gives it."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

import pytest
from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dashboard._ui.form_widgets import help_of
from scdyn_core.experiments.config import ResamplingExperiment, UnseenExperiment
from scdyn_core.methods.clera.explain.config import ExplainConfig
from scdyn_core.methods.registry import METHODS
from scdyn_core.methods.scvi.denoise_config import DenoiseConfig
from scdyn_core.preprocess.steps import STEPS
from scdyn_core.training.options import TrainingOptions

MODELS: dict[str, type[BaseModel]] = {
    **{method.key: method.Config for method in METHODS},
    **STEPS,
    "training": TrainingOptions,
    "does resampling help": ResamplingExperiment,
    "unseen response": UnseenExperiment,
    "explain": ExplainConfig,
    "denoise": DenoiseConfig,
}
#: What the papers and the code published with them call their parameters.
TERMS: dict[str, set[str]] = {
    "clera": {
        "latent_dim", "n_top_genes", "n_neighbors", "window_size", "stride", "widths",
        "classifier_widths", "activation", "model / polynomial order", "include_constant",
        "use_reciprocal", "use_exp", "include_sine", "loss_weight_decoder", "loss_weight_sindy_x",
        "loss_weight_sindy_z", "loss_weight_classification", "loss_weight_sindy_regularization",
        "loss_weight_ae_regularization", "coefficient_initialization", "coefficient_threshold",
        "coefficient_mask", "threshold_frequency", "max_epochs", "refinement_epochs",
        "learning_rate", "batch_size", "print_frequency",
    },
    "vrnn": {"n_clusters", "n_top_genes", "h_dim", "z_dim", "beta"},
    "svae": {
        "n_latent", "n_hidden", "n_layers", "dropout_rate", "sparse_mask_penalty", "beta",
        "n_epochs_kl_warmup", "max_epochs", "batch_size", "lr", "eps",
    },
    "gpo_vae": {
        "n_latent", "decoder_n_hidden", "guide", "mask_prior_prob", "n_particles", "gloss_coeff",
        "fc_criteria", "hop", "penalty_coeff", "QC", "beta",
    },
    "scgen": {"n_top_genes", "z_dim", "kl_weight", "weight_decay", "batch_size", "lr"},
    "scvi": {
        "n_latent", "gene_likelihood", "dispersion", "encode_covariates", "n_hidden", "n_layers",
        "use_batch_norm", "dropout_rate", "max_kl_weight", "n_epochs_kl_warmup", "weight_decay",
        "max_epochs", "batch_size", "lr", "eps", "early_stopping",
    },
    "association": {"n_estimators"},
    "training": {"bins", "alpha"},
}  # fmt: skip


class Parameter(NamedTuple):
    """A parameter a user can set, wherever it is nested."""

    model: str
    name: str
    field: FieldInfo


def parameters(model: str, kind: type[BaseModel]) -> Iterator[Parameter]:
    for name, field in kind.model_fields.items():
        inner = without_none(field.annotation)
        if get_origin(inner) is Literal and len(get_args(inner)) == 1:
            continue  # says which model this is, or what cannot be chosen
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from parameters(model, inner)
        else:
            yield Parameter(model, name, field)


def without_none(annotation: Any) -> Any:
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    (inner,) = (one for one in get_args(annotation) if one is not type(None))
    return inner


def is_bounded(annotation: Any, limits: list[Any]) -> bool:
    """Return whether numbers have both bounds, and texts and lists a largest length."""
    kind = without_none(annotation)
    if get_origin(kind) is Annotated:
        kind, *own = get_args(kind)
        return is_bounded(kind, [limit for one in own for limit in getattr(one, "metadata", [one])])
    if kind in (int, float):
        return has(limits, Ge, Gt) and has(limits, Le, Lt)
    if kind is str:
        return has(limits, MaxLen)
    if get_origin(kind) in (tuple, list):
        items = [item for item in get_args(kind) if item is not Ellipsis]
        closed = Ellipsis not in get_args(kind) or get_origin(items[0]) is Literal
        return (closed or has(limits, MaxLen)) and all(is_bounded(item, []) for item in items)
    return True


def has(limits: list[Any], *kinds: type) -> bool:
    return any(isinstance(limit, kinds) for limit in limits)


ALL = [parameter for name, kind in MODELS.items() for parameter in parameters(name, kind)]
every = pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.model}-{one.name}")


@every
def test_it_is_explained_in_a_sentence(one: Parameter) -> None:
    told = help_of(one.field) or ""
    sentence = told.split("\n\n")[0]
    assert len(sentence.split()) >= 3
    assert sentence[0].isupper() or sentence[0].isdigit()
    assert sentence.endswith(".")
    assert not sentence.endswith("..")


@every
def test_it_has_bounds(one: Parameter) -> None:
    assert is_bounded(one.field.annotation, one.field.metadata)


@pytest.mark.parametrize("model", TERMS)
def test_every_term_of_the_paper_is_found_at_one_parameter(model: str) -> None:
    told = [
        str(extra["term"])
        for one in ALL
        if one.model == model
        and isinstance(extra := one.field.json_schema_extra, dict)
        and extra.get("term")
    ]
    assert TERMS[model] <= set(told)
    assert all(told.count(term) == 1 for term in TERMS[model])


def test_what_has_no_bounds_would_be_found() -> None:
    class Loose(BaseModel):
        number: int = 1
        words: tuple[str, ...] = ()

    assert not any(
        is_bounded(one.field.annotation, one.field.metadata) for one in parameters("", Loose)
    )
