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
    "agreement with the planted classes": (
        "the planted classes",
        "adjusted Rand index of the clusters and the classes the data were made with: 1 for the "
        "same, 0 for agreement by chance",
    ),
    "agreement between halves of the cells": (
        "agreement between halves of the cells",
        "adjusted Rand index of clusters found in disjoint halves of the cells; clusters that "
        "sort genes by level are the most reproducible of all, and wrong",
    ),
    "error of a hidden time (log2)": (
        "predicting a hidden time",
        "root mean squared error for genes the model was not trained on, at a time it was not "
        "shown",
    ),
    "error of the last time (log2)": (
        "predicting the last time",
        "the same, with the last time hidden",
    ),
    "distance of coverage from 90 %": (
        "the width of its bands",
        "how far the share of hidden values inside the 90 % bands is from 90 %",
    ),
    "weighted MSE": (
        "the changes of genes that surely change",
        "squared error of the predicted change of every gene, weighted by how surely it changed",
    ),
    "E-distance": (
        "the cells of a perturbation",
        "how far predicted cells are from those observed, in principal components; 0 where they "
        "cannot be told apart",
    ),
    "rank": (
        "telling perturbations apart",
        "share of the other perturbations whose observed response is farther from the prediction "
        "than its own: 1 is best, ½ is chance",
    ),
    "rank, centred": (
        "telling perturbations apart by the direction of their changes",
        "the same for what is left of the changes without their mean over perturbations",
    ),
    "evidence per cell (IWELBO, nats)": (
        "how probable unseen cells are",
        "logarithm of the probability that the model gives to the counts of a cell; higher is "
        "better, only differences mean something",
    ),
    "reconstruction": (
        "rebuilding cells not trained on",
        "error of the expression rebuilt from the latents, for cells that training never touched",
    ),
    "kNN accuracy": (
        "telling types from their neighbours",
        "share of the cells whose type is that of most of their nearest neighbours among other "
        "cells in the latents; common types decide it",
    ),
    "macro F1": (
        "telling every type, rare ones as well",
        "harmonic mean of precision and recall of a type, averaged over types: a rare type counts "
        "as much as a common one",
    ),
    "recall": (
        "finding the cells of a type",
        "share of the cells of a type that are recognised as such from their nearest neighbours",
    ),
    "counts left out of a cell (nats per cell)": (
        "predicting counts left out of a cell",
        "half of the molecules of a test cell are hidden and predicted from the other half: how "
        "improbable they are, so lower is better; only differences mean something",
    ),
    "reconstruction (nats per cell)": (
        "describing the counts of unseen cells",
        "how improbable the counts of a test cell are where all of them were looked at, so lower "
        "is better; whoever keeps more of them seems better",
    ),
    "evidence per cell (ELBO, nats)": (
        "how probable unseen cells are",
        "a lower bound of the logarithm of the probability that the model gives to the counts of "
        "a cell; higher is better, only differences mean something",
    ),
    "kNN accuracy of cell types": (
        "telling types from their neighbours",
        "share of the test cells whose type is that of most of their nearest training cells in "
        "the latents; common types decide it",
    ),
    "mixing of batches (1: as if shuffled)": (
        "mixing of the batches",
        "number of batches among the neighbours of a test cell of the same type, beyond one, "
        "against shuffled batches: 0 where they lie apart, 1 as if there were none",
    ),
    "MSE": (
        "the size of the changes",
        "mean over genes of the squared difference of predicted and observed mean expression; "
        "lower is better",
    ),
    "R2 of change": (
        "how much of the change is predicted",
        "share of what differs between the changes of genes that the prediction accounts for: 1 is "
        "perfect, 0 no better than the right mean change for every gene, and it can be below",
    ),
    "Pearson delta": (
        "the direction of the changes",
        "correlation over genes of predicted and observed change against control",
    ),
}


#: End of the name of a score that looks at some of the genes -> what it adds to both.
_OF_GENES = {", DE genes": " of the genes that change most"}


def in_a_sentence(metric: str) -> str:
    """Return what a score is called in a sentence (Markdown, escaped)."""
    base, added = _parts(metric)
    return METRICS[base][0] + added if base in METRICS else plain(metric)


def meanings(metrics: list[str]) -> str:
    """Return what the known ones of some scores measure (Markdown).

    The same score of some of the genes needs no words of its own.
    """
    bases = dict.fromkeys(_parts(metric)[0] for metric in metrics)
    known = [f"**{name}**: {METRICS[name][1]}" for name in bases if name in METRICS]
    return "; ".join(known) + "." if known else ""


def _parts(metric: str) -> tuple[str, str]:
    """Return the name of a score for all genes, and the words for the genes it looks at."""
    for ending, added in _OF_GENES.items():
        if metric.endswith(ending):
            return metric.removesuffix(ending), added
    return metric, ""
