"""The negative binomial test of DESeq2 on pseudobulks, by PyDESeq2.

Love, Huber and Anders, Genome Biology 2014; Muzellec et al., Bioinformatics 2023.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.expression.pseudobulk import Pseudobulks
from scdyn_core.reporter import Reporter, SilentReporter, raise_if_cancelled

#: Genes with fewer counts in all pseudobulks together cannot be found to differ.
FEWEST_COUNTS = 10
#: Genes fitted before the reporter is asked again.
_PART = 100
#: Times every gene is fitted: means, dispersions twice, changes, test.
_PASSES = 5
COLUMNS = {
    "gene": "gene",
    "wald": "Wald statistic: above 0 where the gene is higher in the first set",
    "p": "two-sided p value; samples are what repeats",
    "p_adjusted": "Benjamini-Hochberg adjusted over genes with enough counts (independent "
    "filtering); empty where the gene was not tested",
    "log2_fold_change": "log2 of expression in the first set over the second",
    "log2_fold_change_se": "its standard error",
    "base_mean": "mean of normalised counts over pseudobulks",
    "fraction_first": "share of cells of the first set that express the gene",
    "fraction_second": "share of cells of the second set that express the gene",
}
_RENAMED = {
    "stat": "wald",
    "pvalue": "p",
    "padj": "p_adjusted",
    "log2FoldChange": "log2_fold_change",
    "lfcSE": "log2_fold_change_se",
    "baseMean": "base_mean",
}


def deseq(bulks: Pseudobulks, reporter: Reporter | None = None) -> pd.DataFrame:
    """Compare every gene between the two sides.

    Parameters
    ----------
    bulks
        Counts; where paired, the sample is in the design.
    reporter
        Hears how far it is, and may stop it.

    Returns
    -------
    pandas.DataFrame
        One row a gene, the surest first: ``COLUMNS``; genes of too few counts have only their
        fractions.

    Raises
    ------
    ConfigError
        When hardly a gene has counts.
    Cancelled
        When the reporter says so.
    """
    tested = bulks.counts.columns[bulks.counts.sum(axis=0) >= FEWEST_COUNTS]
    if len(tested) < 2:
        raise ConfigError(
            "pseudobulk",
            found=f"{len(tested)} genes with {FEWEST_COUNTS} counts or more",
            needed="at least 2",
            fix="Choose larger sets.",
        )
    # Names from outside never reach a formula.
    numbered = bulks.counts[tested].set_axis([f"g{n}" for n in range(len(tested))], axis=1)
    samples = {name: f"s{number}" for number, name in enumerate(bulks.table["sample"].unique())}
    about = pd.DataFrame(
        {"sample": bulks.table["sample"].map(samples), "side": bulks.table["side"]}
    )
    found = _fitted(numbered, about, bulks.paired, reporter or SilentReporter()).set_axis(tested)
    frame = found.rename(columns=_RENAMED).reindex(bulks.counts.columns)
    frame["gene"] = frame.index
    frame["fraction_first"], frame["fraction_second"] = bulks.fractions.to_numpy().T
    order = np.lexsort((-frame["wald"].abs().fillna(0), frame["p"].fillna(2)))
    surest_first: pd.DataFrame = frame.iloc[order].reset_index(drop=True)[list(COLUMNS)]
    return surest_first


def _fitted(
    counts: pd.DataFrame, about: pd.DataFrame, paired: bool, reporter: Reporter
) -> pd.DataFrame:
    # Importing it takes seconds.
    reporter.progress("starting DESeq2", 0, 1)
    with _quiet():
        from pydeseq2.dds import DeseqDataSet
        from pydeseq2.ds import DeseqStats

        inference = _watched(reporter, counts.shape[1])
        data = DeseqDataSet(
            counts=counts,
            metadata=about,
            design="~sample + side" if paired else "~side",
            inference=inference,
            quiet=True,
        )
        data.deseq2()
        test = DeseqStats(data, ["side", "first", "second"], inference=inference, quiet=True)
        test.summary()
    found: pd.DataFrame = test.results_df
    return found


def _watched(reporter: Reporter, n_genes: int) -> Any:
    """Return PyDESeq2's own fits, made of some genes at a time, so that they can be stopped."""
    from pydeseq2.default_inference import DefaultInference

    fitted, whole = 0, _PASSES * n_genes

    def in_parts(fit: Callable[..., Any], genes_axis: tuple[int, ...]) -> Callable[..., Any]:
        def parted(**given: Any) -> tuple[Any, ...]:
            nonlocal fitted
            total = given["mu" if "mu" in given else "counts"].shape[1]
            pieces = []
            for start in range(0, total, _PART):
                raise_if_cancelled(reporter)
                reporter.progress("fitting genes", min(fitted, whole), whole)
                pieces.append(fit(**_some_genes(given, slice(start, start + _PART))))
                fitted += min(_PART, total - start)
            joined = zip(zip(*pieces, strict=True), genes_axis, strict=True)
            return tuple(np.concatenate(parts, axis=axis) for parts, axis in joined)

        return parted

    inference = DefaultInference(n_cpus=1)
    inference.irls = in_parts(inference.irls, (0, 1, 1, 0))
    inference.alpha_mle = in_parts(inference.alpha_mle, (0, 0))
    inference.wald_test = in_parts(inference.wald_test, (0, 0, 0))
    return inference


def _some_genes(given: dict[str, Any], part: slice) -> dict[str, Any]:
    """Return the arguments of a fit for some of the genes."""
    by_column, by_row = ("counts", "mu"), ("disp", "alpha_hat", "lfc")
    return {
        name: value[:, part] if name in by_column else value[part] if name in by_row else value
        for name, value in given.items()
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what PyDESeq2 tells programmers from users; what matters of it is said by scdyn.

    Importing it changes the filters of the process, which this undoes.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"pydeseq2\.")
        yield
