"""Text from files inside Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard._ui.data_add import _file_name, dataset_name
from dashboard._ui.downloads import heading
from dashboard._ui.text import count, plain


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "![x](http://example.org/x.png)",
        "[click](javascript:alert(1))",
        "$$\\href{javascript:alert(1)}{x}$$",
        ":material/delete: :red[text]",
    ],
)
def test_no_construct_of_markdown_survives(hostile: str) -> None:
    assert plain(hostile).replace("\\", "") == hostile.replace("\\", "")
    for special in "<>[]()!$:*_`#&|~":
        assert all(part.endswith("\\") for part in plain(hostile).split(special)[:-1])


def test_long_text_is_cut() -> None:
    assert len(plain("a" * 1000)) == 200


@given(st.text(max_size=300))
def test_plain_text_is_one_line(text: str) -> None:
    assert "\n" not in plain(text)


def test_counts_have_their_nouns() -> None:
    assert count(1, "cell") == "1 cell"
    assert count(3696, "cell") == "3,696 cells"


@given(st.text(max_size=300))
def test_the_name_of_an_upload_never_leaves_its_folder(name: str) -> None:
    kept = _file_name(name)
    assert kept
    assert len(kept) <= 100
    assert "/" not in kept
    assert "\\" not in kept
    assert not kept.startswith(".")


def test_a_dataset_is_named_like_its_file() -> None:
    assert dataset_name("pancreas_3696x2000.h5ad") == "pancreas_3696x2000"
    assert dataset_name("counts.csv.gz") == "counts"
    assert dataset_name(".csv") == "dataset"


def test_columns_have_names_for_people_and_names_of_files_stay() -> None:
    assert [heading(name) for name in ("growth_sd", "dz12", "eigenvalue1")] == [
        "growth sd", "dz₁₂", "eigenvalue 1",
    ]  # fmt: skip
    assert heading("1 · my_data") == "1 · my_data"
