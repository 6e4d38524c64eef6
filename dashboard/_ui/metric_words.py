"""What the scores are called in a sentence, and what each of them measures."""

from __future__ import annotations

from dashboard._ui.text import plain

#: Name of a score -> its name in a sentence, and its meaning.
METRICS = {
    "derivative share": (
        "gene velocities",
        "how much of the change of gene expression, cell by cell, is predicted from the latents",
    ),
    "latent derivative share": (
        "latent velocities",
        "how much of the motion in the latent space the equations predict",
    ),
    "reconstruction R2": (
        "reconstruction",
        "how much of the variance of gene expression can be rebuilt from the latents",
    ),
    "cell-type accuracy": ("cell types", "share of the cells whose type is told from the latents"),
}


def in_a_sentence(metric: str) -> str:
    """Return what a score is called in a sentence (Markdown, escaped)."""
    return METRICS[metric][0] if metric in METRICS else plain(metric)


def meanings(metrics: list[str]) -> str:
    """Return what the known ones of some scores measure (Markdown)."""
    known = [f"**{name}**: {METRICS[name][1]}" for name in metrics if name in METRICS]
    return "; ".join(known) + "." if known else ""
