"""Finished parts of an experiment on disk, so that stopping costs the part at hand at most."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

#: Frames of a part, by name.
Frames = Mapping[str, pd.DataFrame]
_DONE = "done"


@dataclass(frozen=True)
class Parts:
    """A folder with one folder for every part, numbered; what is in a part is known by its name."""

    folder: Path

    def checkpoints(self, name: str) -> Path:
        """Return where the fit of a part keeps its checkpoint."""
        return self.folder / name / "checkpoints"

    def read(self, name: str) -> Frames | None:
        """Return the frames of a part, or ``None`` while it is not done."""
        part = self.folder / name
        if not (part / _DONE).is_file():
            return None
        return {file.stem: pd.read_parquet(file) for file in sorted(part.glob("*.parquet"))}

    def write(self, name: str, frames: Frames) -> None:
        """Keep the frames of a part; its checkpoint is not needed any more."""
        part = self.folder / name
        part.mkdir(parents=True, exist_ok=True)
        for key, frame in frames.items():
            frame.to_parquet(part / f"{key}.parquet", index=False)
        # The mark comes last: a part without it is done again.
        with (part / _DONE).open("wb") as mark:
            os.fsync(mark.fileno())
        shutil.rmtree(self.checkpoints(name), ignore_errors=True)


def joined(parts: Sequence[Frames]) -> dict[str, pd.DataFrame]:
    """Return the frames of all parts one below the other, by name."""
    names = dict.fromkeys(name for frames in parts for name in frames)
    return {
        name: pd.concat([frames[name] for frames in parts if name in frames], ignore_index=True)
        for name in names
    }
