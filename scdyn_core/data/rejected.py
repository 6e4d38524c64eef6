"""The refusal of data whose values cannot be used, with everything that was found."""

from __future__ import annotations

from scdyn_core.data.findings import Report
from scdyn_core.errors import InputError


class RejectedData(InputError):
    """Data with findings of level ``error``.

    Parameters
    ----------
    file
        Name of the file.
    report
        All findings; at least one is an error.
    """

    def __init__(self, file: str, report: Report) -> None:
        errors = report.of_level("error")
        super().__init__(
            f"{file}:{errors[0].slot}",
            found="; ".join(f.found if f is errors[0] else f"{f.slot}: {f.found}" for f in errors),
            needed="values that every method can use",
            fix=errors[0].fix,
        )
        self.file = file
        self.report = report
