"""How draws are described and cited."""

import pytest

from scdyn_core.export.draws_text import SOURCES, draws_text
from scdyn_core.export.methods_text import citations, methods_text
from scdyn_core.runs.spec import RunSpec
from scdyn_core.training.resampling.options import SAMPLING
from scdyn_core.training.resampling.words import NAMES
from tests.plots.synthetic_run import write_run


@pytest.mark.parametrize("name", SAMPLING)
def test_every_way_is_described_and_all_but_uniform_are_named(name: str) -> None:
    text = draws_text(SAMPLING[name], "cells")
    assert text.endswith(".")
    assert "cells" in text
    assert (NAMES[name] in text) == (name != "uniform")


def test_numbers_that_matter_are_told_and_others_are_not() -> None:
    text = draws_text(SAMPLING["published"], "cells")
    assert "bins 100" in text
    assert "smoothing 0.0001" in text
    assert "with replacement" in text
    assert "neighbours" not in text
    mapped = SAMPLING["clusters"].model_copy(update={"embedding": "X_pca"})
    text = draws_text(mapped, "cells")
    assert "X_pca, once" in text
    assert "warm up" not in text


def drawn(run, name: str):
    """Let a run have been trained in another way."""
    options = run.spec.options.model_copy(update={"sampling": SAMPLING[name]})
    return rewritten(run, run.spec.model_copy(update={"options": options}))


def rewritten(run, spec: RunSpec):
    (run.path / "config.json").write_text(spec.model_dump_json())
    return type(run).open(run.path)


def test_a_run_says_how_cells_were_drawn_and_cites_it(tmp_path) -> None:
    run = drawn(write_run(tmp_path), "sketch")
    assert "geometric sketching" in methods_text(run)
    assert any("10.1016/j.cels.2019.05.003" in source for source in citations(run))
    run = drawn(run, "published")
    assert any("10.1101/2025.11.04.686583" in source for source in citations(run))
    run = drawn(run, "uniform")
    assert "once, in random order" in methods_text(run)
    assert len(citations(run)) == 1


def test_an_experiment_says_what_was_compared_and_cites_every_way(tmp_path) -> None:
    run = write_run(tmp_path)
    question = {"question": "resampling", "arms": ["sketch", "clusters"], "seeds": 4}
    run = rewritten(run, run.spec.model_copy(update={"kind": "experiment", "experiment": question}))
    text = methods_text(run)
    assert "trained 4 times" in text
    assert "sketch, joint: clusters" in text
    cited = citations(run)
    assert set(SOURCES["sketch"] + SOURCES["clusters"]) <= set(cited)
    assert len(cited) == len(set(cited))


def test_held_out_types_are_named(tmp_path) -> None:
    run = write_run(tmp_path)
    question = {"question": "unseen response", "types": ["NK", "B"], "seeds": 3}
    run = rewritten(run, run.spec.model_copy(update={"kind": "experiment", "experiment": question}))
    assert "one after another (NK, B)" in methods_text(run)
