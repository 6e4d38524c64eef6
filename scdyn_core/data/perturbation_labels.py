"""Labels of perturbed cells read as sets of targets: ``A``, ``A+B``, the control, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

_MISSING = ("", "nan", "na", "n/a", "<na>")


def plain_label(value: object) -> str:
    """Return a label without the spaces around it; empty where it is missing."""
    if value is None or value != value:
        return ""
    return str(value).strip()


def read_labels(
    labels: Iterable[str],
    *,
    control: str | None,
    genes: Collection[str],
    separator: str,
    controls: Collection[str] = (),
) -> dict[str, tuple[str, ...] | None]:
    """Return the targets of every label, sorted; none for the control.

    A label is a combination when every part of it is known otherwise: as a label of its own, as a
    gene, as a part of another label, or as a control. ``CD4+`` and a name that happens to hold
    the separator stay whole.

    Parameters
    ----------
    labels
        Distinct labels, as ``plain_label`` gives them.
    control
        The label of cells without a perturbation, if there is one.
    genes
        Names of measured genes.
    separator
        What stands between two targets of one cell.
    controls
        Further labels that stand for no perturbation: guides without a target.

    Returns
    -------
    dict
        Empty tuple for a control; ``None`` for a label that says nothing.
    """
    distinct = list(dict.fromkeys(labels))
    none = {*controls, *([] if control is None else [control])}
    parts = {label: tuple(p.strip() for p in label.split(separator)) for label in distinct}
    shared = Counter(part for found in parts.values() for part in set(found))
    known = {*none, *(label for label in distinct if separator not in label)}
    known |= {part for part, times in shared.items() if times > 1}
    read: dict[str, tuple[str, ...] | None] = {}
    for label in distinct:
        found = parts[label]
        if label in none:
            read[label] = ()
        elif label.casefold() in _MISSING:
            read[label] = None
        elif all(part and (part in known or part in genes) for part in found):
            read[label] = tuple(sorted(set(found) - none))
        else:
            read[label] = (label,)
    return read
