"""Which ways of drawing samples make sense for which method."""

import pytest

from scdyn_core.errors import ConfigError
from scdyn_core.methods.method import FittedMethod
from scdyn_core.methods.registry import METHODS, method_by_key
from scdyn_core.methods.sampling import check_sampling, refusal
from scdyn_core.training.resampling.options import SAMPLING

TYPED = {"cell_type": "clusters"}


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_uniform_suits_every_method(method) -> None:
    assert refusal(method, SAMPLING["uniform"], {}) is None


@pytest.mark.parametrize("name", [name for name in SAMPLING if name != "uniform"])
def test_a_method_of_cells_takes_every_way_when_types_are_known(name: str) -> None:
    assert refusal(method_by_key("svae"), SAMPLING[name], TYPED) is None


def test_balance_needs_types() -> None:
    needed = refusal(method_by_key("svae"), SAMPLING["balanced"], {})
    assert needed is not None
    assert "cell_type" in needed
    with pytest.raises(ConfigError, match="cell_type"):
        check_sampling(method_by_key("svae"), SAMPLING["balanced"], {}, "here")


def test_what_is_fitted_at_once_draws_nothing() -> None:
    fitted = [method for method in METHODS if isinstance(method, FittedMethod)]
    assert fitted
    for method in fitted:
        assert "fitted at once" in (refusal(method, SAMPLING["clusters"], TYPED) or "")


def test_genes_have_latents_but_neither_types_nor_a_map_of_cells() -> None:
    vrnn = method_by_key("vrnn")
    assert refusal(vrnn, SAMPLING["neighbours"], TYPED) is None
    assert "genes" in (refusal(vrnn, SAMPLING["balanced"], TYPED) or "")
    mapped = SAMPLING["neighbours"].model_copy(update={"embedding": "X_pca"})
    assert "genes" in (refusal(vrnn, mapped, TYPED) or "")
