"""What a comparison of two sets of cells may be used for, in plain sentences."""

from __future__ import annotations

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.evaluation.expression.comparison import Facts, Samples

#: Roles of columns that people gave cells, rather than found in their expression.
_EXPERIMENTAL: tuple[RoleName, ...] = (
    "condition", "perturbation", "guide", "sample", "batch", "time",
)  # fmt: skip

#: Up to so many cells in a set the test's normal approximation is rough (scanpy warns as well).
FEW_CELLS = 25
#: Residual degrees of freedom up to which a spread is poorly known (PyDESeq2 warns as well).
FEW_SPARE = 3
EXPLORATORY = (
    "Exploratory: cells of one sample are not independent of each other, so these p values are "
    "far smaller than the evidence (Squair et al. 2021, doi:10.1038/s41467-021-25960-2). Use them "
    "to rank genes, not to make a claim."
)
CLAIM = "For a claim, compare pseudobulks: samples are what repeats an experiment."
REPEATS = "Samples are what repeats here, so the p values can support a claim about the sets."
FEW_REPEATS = (
    "Samples are what repeats here, but there are only {first} and {second}: how much genes vary "
    "between samples is poorly known. Take it as a hint until more samples agree."
)
TWICE = (
    "If the sets were drawn on a map, or are clusters or types found from these genes, the genes "
    "were used twice (double dipping): some will differ even where nothing but the drawing does, "
    "and no p value knows it (Neufeld et al. 2024, doi:10.1093/biostatistics/kxac047)."
)
NO_FOLDS = (
    "The values are no logarithms of expression, so differences of means stand in place of fold "
    "changes."
)


def purpose(facts: Facts, samples_known: bool) -> str:
    """Return what the p values may be used for.

    Parameters
    ----------
    facts
        Of the comparison.
    samples_known
        Whether pseudobulks could be made of the same data.
    """
    if facts.samples is not None and not can_claim(facts):
        return FEW_REPEATS.format(first=facts.samples.first, second=facts.samples.second)
    if facts.samples is not None:
        return REPEATS
    return f"{EXPLORATORY} {CLAIM}" if samples_known else EXPLORATORY


def experimental(column: str, roles: Roles) -> bool:
    """Return whether the groups of a column were given by people, not found in expression."""
    return column in {getattr(roles, role) for role in _EXPERIMENTAL}


def can_claim(facts: Facts) -> bool:
    """Return whether the p values can support a claim: there are samples, and not too few."""
    return facts.samples is not None and facts.samples.spare > FEW_SPARE


def cautions(facts: Facts, *, from_expression: bool) -> list[str]:
    """Return what else a reader must know.

    Parameters
    ----------
    facts
        Of the comparison.
    from_expression
        Whether the sets may have been found from the same genes: all but experimental ones.
    """
    said = []
    if facts.shared:
        cells = "1 cell was" if facts.shared == 1 else f"{facts.shared:,} cells were"
        said.append(f"{cells} in both sets and {'is' if facts.shared == 1 else 'are'} left out of "
                    "both.")  # fmt: skip
    if facts.scale == "other":
        said.append(NO_FOLDS)
    if facts.method == "wilcoxon" and min(facts.first, facts.second) <= FEW_CELLS:
        said.append(f"A set has {min(facts.first, facts.second)} cells: with {FEW_CELLS} or fewer "
                    "the p values of this test are rough.")  # fmt: skip
    if facts.samples is not None:
        said += _about_samples(facts.samples)
    return [*said, TWICE] if from_expression else said


def _about_samples(samples: Samples) -> list[str]:
    said = []
    if samples.small:
        number = "1 sum" if samples.small == 1 else f"{samples.small:,} sums"
        said.append(f"{number} over fewer than {samples.fewest_cells} cells left out.")
    if samples.unpaired:
        number = "1 sample" if samples.unpaired == 1 else f"{samples.unpaired:,} samples"
        said.append(f"{number} with cells in one of the sets only left out, since sets are "
                    "compared within samples.")  # fmt: skip
    return said
