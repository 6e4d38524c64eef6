"""Per-class precision and recall from a table of counts."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.evaluation.classification import AVERAGE, class_report

COUNTS = pd.DataFrame(
    [("a", "a", 8), ("a", "b", 2), ("b", "a", 1), ("b", "b", 4), ("c", "a", 5), ("c", "c", 0)],
    columns=["true", "predicted", "cells"],
)


def test_the_report_is_that_of_the_counts() -> None:
    report = class_report(COUNTS).set_index("type")
    assert report.loc["a", "precision"] == pytest.approx(8 / 14)
    assert report.loc["a", "recall"] == pytest.approx(0.8)
    assert report.loc["b", "f1"] == pytest.approx(2 * (4 / 6) * 0.8 / (4 / 6 + 0.8))
    assert report["cells"].tolist() == [10, 5, 5, 20]


def test_a_type_never_given_has_no_precision_and_no_f1() -> None:
    report = class_report(COUNTS).set_index("type")
    assert np.isnan(report.loc["c", "precision"])
    assert report.loc["c", ["recall", "f1"]].tolist() == [0.0, 0.0]
    assert report.loc[AVERAGE, "recall"] == pytest.approx((0.8 + 0.8 + 0.0) / 3)


def test_types_without_cells_are_left_out() -> None:
    counts = pd.concat([COUNTS, pd.DataFrame([("d", "d", 0)], columns=COUNTS.columns)])
    assert "d" not in class_report(counts)["type"].tolist()
