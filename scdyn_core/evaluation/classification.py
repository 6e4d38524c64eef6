"""Precision, recall and F1 of a classifier, class by class."""

from __future__ import annotations

import pandas as pd

COLUMNS = {
    "type": "cell type",
    "cells": "cells of this type",
    "precision": "share of the cells given this type that are of it; empty where none were",
    "recall": "share of the cells of this type that were given it",
    "f1": "harmonic mean of precision and recall",
}
AVERAGE = "mean over types"


def class_report(counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row a class, and their unweighted mean as the last.

    Parameters
    ----------
    counts
        Columns true, predicted, cells; one row a pair of classes.
    """
    from sklearn.metrics import precision_recall_fscore_support

    true, predicted = counts["true"].astype(str), counts["predicted"].astype(str)
    names = sorted(set(true[counts["cells"] > 0]))
    precision, recall, f1, cells = precision_recall_fscore_support(
        true, predicted, labels=names, sample_weight=counts["cells"], zero_division=float("nan")
    )
    report = pd.DataFrame(
        {"type": names, "cells": cells.astype(int), "precision": precision, "recall": recall,
         "f1": f1}
    )  # fmt: skip
    # A type that was never given has no precision, and found none of its cells.
    report["f1"] = report["f1"].fillna(0.0)
    means = report[["precision", "recall", "f1"]].mean()
    total = {"type": AVERAGE, "cells": int(report["cells"].sum()), **means}
    return pd.concat([report, pd.DataFrame([total])], ignore_index=True)
