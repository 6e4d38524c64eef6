"""The software behind a run: whom to cite for it, in the version that was used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scdyn_core.methods.method import TrainedMethod
from scdyn_core.methods.registry import method_by_key
from scdyn_core.runs.run import Run

SOURCES: Mapping[str, str] = {
    "anndata": "Virshup et al., Journal of Open Source Software 2024, doi:10.21105/joss.04371",
    "scanpy": "Wolf et al., Genome Biology 2018, doi:10.1186/s13059-017-1382-0",
    "scvelo": "Bergen et al., Nature Biotechnology 2020, doi:10.1038/s41587-020-0591-3",
    "torch": "Paszke et al., NeurIPS 2019, arXiv:1912.01703 (PyTorch)",
    "scikit-learn": "Pedregosa et al., Journal of Machine Learning Research 12 (2011) 2825",
    "numpy": "Harris et al., Nature 2020, doi:10.1038/s41586-020-2649-2",
    "scipy": "Virtanen et al., Nature Methods 2020, doi:10.1038/s41592-019-0686-2",
}
#: Steps of a recipe that scVelo does.
_SCVELO = ("shared_counts", "moments", "velocity", "velocity_graph", "velocity_pseudotime")


def software_citations(run: Run) -> list[str]:
    """Return one line a package that had a part in the run."""
    versions = run.environment.get("packages", {})
    return [
        f"{name} {versions.get(name) or ''}".rstrip() + f": {SOURCES[name]}" for name in _used(run)
    ]


def software_text(run: Run) -> str:
    """Return a sentence with every version, or nothing where none was written down."""
    environment = run.environment
    versions = {
        name: version for name, version in environment.get("packages", {}).items() if version
    }
    if not versions:
        return ""
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    python, device = environment.get("python"), environment.get("device")
    return f"Computed with Python {python} and {listed}, on {device}."


def _used(run: Run) -> Iterator[str]:
    yield from ("anndata", "scanpy")
    if any(step.kind in _SCVELO for step in run.spec.recipe.steps):
        yield "scvelo"
    if run.spec.method and isinstance(method_by_key(run.spec.method), TrainedMethod):
        yield "torch"
    yield from ("scikit-learn", "numpy", "scipy")
