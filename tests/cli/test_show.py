"""``scdyn show``: the best replicate and why."""

import json

from tests.plots.synthetic_run import write_run


def test_the_best_replicate_is_named_with_the_reason(scdyn, tmp_path):
    run = write_run(tmp_path, replicates=3)
    status, said, _ = scdyn("show", run.path)
    said = " ".join(said.split())
    assert status == 0
    assert "Best is replicate 3 by validation error" in said
    assert "42.0% of the derivative on validation cells with 9 terms" in said
    _, said, _ = scdyn("show", run.path, "--json")
    assert json.loads(said)["best_replicate"].startswith("Best is replicate 3")


def test_one_replicate_leaves_nothing_to_choose(scdyn, tmp_path):
    run = write_run(tmp_path, replicates=1)
    _, said, _ = scdyn("show", run.path)
    assert "Best is" not in said
    _, said, _ = scdyn("show", run.path, "--json")
    assert json.loads(said)["best_replicate"] is None
