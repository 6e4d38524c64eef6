"""The methods scdyn offers: a plain list."""

from __future__ import annotations

from scdyn_core.errors import ConfigError
from scdyn_core.methods.association.method import Association
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.gpo_vae.method import GpoVae
from scdyn_core.methods.method import Method
from scdyn_core.methods.path_network.method import PathNetwork
from scdyn_core.methods.response_mixture.method import ResponseMixture
from scdyn_core.methods.scgen.method import Scgen
from scdyn_core.methods.scvi.method import Scvi
from scdyn_core.methods.svae.method import Svae
from scdyn_core.methods.vrnn.method import Vrnn

METHODS: tuple[Method, ...] = (
    Clera(),
    ResponseMixture(),
    Vrnn(),
    Svae(),
    PathNetwork(),
    GpoVae(),
    Scgen(),
    Scvi(),
    Association(),
)


def method_by_key(key: str) -> Method:
    """Return the method called ``key``.

    Raises
    ------
    ConfigError
        When there is none.
    """
    for method in METHODS:
        if method.key == key:
            return method
    raise ConfigError(
        "method",
        found=f"no method called {key!r}",
        needed="one of " + ", ".join(method.key for method in METHODS),
        fix="Choose one of these.",
    )
