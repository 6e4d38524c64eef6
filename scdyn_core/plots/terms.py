"""Library terms as labels of figures."""

from __future__ import annotations

from scdyn_core.evaluation.field.terms import Factor, LibraryTerm

_HTML = {"exp": "exp({})", "reciprocal": "1/(1+{}<sup>2</sup>)"}


def term_html(term: LibraryTerm) -> str:
    """Return a term for a figure's label."""
    if not term.factors:
        return "1"
    return " ".join(_factor_html(factor) for factor in term.factors)


def _factor_html(factor: Factor) -> str:
    latent = f"z<sub>{factor.latent + 1}</sub>"
    if factor.function == "power":
        return latent if factor.power == 1 else f"{latent}<sup>{factor.power}</sup>"
    return _HTML.get(factor.function, factor.function + " {}").format(latent)
