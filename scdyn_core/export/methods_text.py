"""A paragraph for the methods section of a paper, from what a run really did."""

from __future__ import annotations

from scdyn_core.methods.registry import method_by_key
from scdyn_core.runs.run import Run


def methods_text(run: Run) -> str:
    """Return what was done, in words, one sentence per step."""
    spec, prepared = run.spec, run.prepared
    packages = run.environment.get("packages", {})
    sentences = [
        f"The data ({spec.dataset.name}, fingerprint {spec.dataset.fingerprint[:12]}) were "
        f"processed with scdyn {packages.get('scdyn') or ''}".rstrip()
        + f" by the recipe “{spec.recipe.name}” ({len(spec.recipe.steps)} steps)."
    ]
    for record in prepared.records if prepared else ():
        sentences.append(
            f"{record.title}: {record.message.rstrip('.')} "
            f"({record.cells_after} cells and {record.genes_after} genes after it)."
        )
    if spec.method is not None:
        method = method_by_key(spec.method)
        sentences.append(
            f"{method.title} was run with the preset “{spec.preset or 'scdyn'}” and the "
            f"parameters listed below, {spec.options.replicates} replicate(s), "
            f"seed {spec.options.seed}."
        )
    split = run.split()
    if split is not None:
        counts = split["part"].value_counts()
        sizes = ", ".join(f"{counts.get(p, 0)} {p}" for p in ("train", "validation", "test"))
        sentences.append(
            f"Samples were split before anything was learned ({sizes}); choices were made on the "
            "validation part and scores are on the part they name."
        )
    return "\n".join(sentences)


def citations(run: Run) -> list[str]:
    """Return what to cite beside scdyn."""
    return [method_by_key(run.spec.method).citation] if run.spec.method else []
