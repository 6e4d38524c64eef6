"""Which of the clusterings a run holds is shown: one algorithm, one number of clusters."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class ClusterChoice:
    """One clustering of a run: ``algorithm``, and ``k`` clusters."""

    algorithm: str
    k: int

    @staticmethod
    def default(choice_of_k: pd.DataFrame) -> ClusterChoice:
        """Return the clustering that the run's own rule chose.

        Parameters
        ----------
        choice_of_k
            A run's table: algorithm, k, chosen; the first row where none is chosen.
        """
        chosen = choice_of_k[choice_of_k["chosen"].astype(bool)]
        row = (chosen if len(chosen) else choice_of_k).iloc[0]
        return ClusterChoice(str(row["algorithm"]), int(row["k"]))

    def rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a run's table that belong to this clustering."""
        own = (frame["algorithm"] == self.algorithm) & (frame["k"] == self.k)
        return frame[own].drop(columns=["algorithm", "k"]).reset_index(drop=True)
