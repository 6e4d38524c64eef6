"""``--set``: fields of a configuration changed from the shell."""

import pytest

from scdyn_core.cli.settings import changed
from scdyn_core.errors import ConfigError
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.vrnn.config import VrnnConfig


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("JAK2", ("JAK2",)),
        ("JAK2, STAT1", ("JAK2", "STAT1")),
        ('["A,B", "C"]', ("A,B", "C")),
        ("[]", ()),
    ],
)
def test_lists_are_written_with_commas_or_as_json(text, expected):
    assert changed(SvaeConfig(), [f"held_out={text}"]).held_out == expected


def test_items_are_what_the_field_holds():
    assert changed(VrnnConfig(), ["widths=32,16"]).widths == (32, 16)
    with pytest.raises(ConfigError, match="widths"):
        changed(VrnnConfig(), ["widths=32,many"])
