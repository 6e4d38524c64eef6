"""One hierarchy of errors; each says the place, what was found, what was needed and what to do."""


class ScdynError(Exception):
    """Something a user can understand and mend.

    Parameters
    ----------
    place
        Where it happened: a file and slot, a config field, a run.
    found
        What was there.
    needed
        What would have been right.
    fix
        What to do now, as an instruction.
    """

    def __init__(self, place: str, *, found: str, needed: str, fix: str) -> None:
        super().__init__(place, found, needed, fix)
        self.place = place
        self.found = found
        self.needed = needed
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.place}: {self.found}; needed {self.needed}. {self.fix}"

    def as_dict(self) -> dict[str, str]:
        """Return the four parts and the kind of error, for JSON output and the page."""
        return {
            "kind": type(self).__name__,
            "place": self.place,
            "found": self.found,
            "needed": self.needed,
            "fix": self.fix,
        }


class InputError(ScdynError):
    """A file that cannot be read or must not be trusted."""


class ConfigError(ScdynError):
    """A parameter, recipe or role that does not fit."""


class TrainingError(ScdynError):
    """A fit that broke: a loss term is not finite, or a part of the data is too small."""


class RunError(ScdynError):
    """A run folder that is missing, damaged or in the wrong state."""
