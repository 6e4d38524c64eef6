"""What is remembered of a set of cells: its name, and how it was made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from scdyn_core.data.cell_sets.filters import CellFilter
from scdyn_core.data.cell_sets.outline import Outline
from scdyn_core.data.text import listed

#: Colours that sets take turns in: places in the list of categorical colours of a palette.
N_COLOURS = 16
LONGEST_NOTE = 500

_Name = Annotated[str, Field(max_length=200)]


class _How(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Drawn(_How):
    """Drawn on a map with lassos or boxes."""

    kind: Literal["drawn"] = "drawn"
    of: _Name = Field(description="run whose data the map shows; empty for the dataset itself")
    map: _Name = Field(description="name of the embedding, behind a slash where it comes from")
    dimensions: tuple[int, int] = Field((1, 2), description="its dimensions on the axes, from 1")
    outline: Outline

    def words(self) -> str:
        """Return how the set was made, for people."""
        shapes = [
            f"{len(found)} {name}" + ("" if len(found) == 1 else plural)
            for found, name, plural in (
                (self.outline.lassos, "lasso", "s"),
                (self.outline.boxes, "box", "es"),
            )
            if found
        ]
        where = f"{self.map.rpartition('/')[2]} ({self.dimensions[0]}, {self.dimensions[1]})"
        return (
            f"drawn on {where}"
            + (f" of run {self.of}" if self.of else "")
            + (f": {' and '.join(shapes)}" if shapes else "")
        )


class Filtered(_How):
    """Chosen by conditions on columns and genes."""

    kind: Literal["filter"] = "filter"
    of: _Name = Field("", description="run whose data were read; empty for the dataset itself")
    filter: CellFilter

    def words(self) -> str:
        """Return how the set was made, for people."""
        return f"cells whose {self.filter.words()}"


class Combined(_How):
    """Made of other sets, by the names they had then."""

    kind: Literal["combined"] = "combined"
    operation: Literal["union", "intersection", "difference", "complement", "symmetric difference"]
    sets: tuple[_Name, ...] = Field(min_length=1, max_length=200)

    def words(self) -> str:
        """Return how the set was made, for people."""
        between = {"union": " or ", "intersection": " and ", "difference": " but not ",
                   "symmetric difference": " or else ", "complement": ""}  # fmt: skip
        start = "not in " if self.operation == "complement" else "in "
        return start + between[self.operation].join(listed([name]) for name in self.sets)


class Imported(_How):
    """A level of a column of the data, or of a file."""

    kind: Literal["import"] = "import"
    source: _Name = Field(description="name of the file; empty for a column of the dataset")
    column: _Name
    level: _Name

    def words(self) -> str:
        """Return how the set was made, for people."""
        return f"{self.column} is {self.level}" + (f" in {self.source}" if self.source else "")


class Listed(_How):
    """A list of cells from elsewhere, such as a notebook."""

    kind: Literal["list"] = "list"
    note: _Name = ""

    def words(self) -> str:
        """Return how the set was made, for people."""
        return self.note or "a list of cells"


How = Annotated[Drawn | Filtered | Combined | Imported | Listed, Field(discriminator="kind")]


class CellSet(BaseModel):
    """``cell_sets/<id>.json``: a set without its cells, which lie beside it.

    Attributes
    ----------
    id
        16 hexadecimal digits; names the files.
    revision
        8 hexadecimal digits, others whenever the cells are: (id, revision) names contents.
    name
        For people, unique among the sets of a dataset; text from outside.
    colour
        Place among the categorical colours of a palette.
    n_cells
        How many cells are in it.
    created
        Time of saving, ISO 8601 in UTC.
    how
        How it was made, so that it can be made again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    revision: str = Field(pattern=r"^[0-9a-f]{8}$")
    name: str = Field(min_length=1, max_length=200)
    colour: int = Field(ge=0, lt=N_COLOURS)
    note: str = Field("", max_length=LONGEST_NOTE)
    n_cells: int = Field(ge=0)
    created: str
    how: How
