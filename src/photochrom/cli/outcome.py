"""What became of one picture, and the exit code of a whole run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from photochrom.errors import PhotochromError

SOME_FAILED = 1


class Status(StrEnum):
    """What became of a picture; the word that people and `--json` see."""

    COLOURED = "coloured"
    RESTORED = "restored"
    PAIRED = "paired"
    PLANNED = "planned"
    FINISHED = "finished"
    LEFT_OUT = "left-out"
    PASSED_OVER = "passed-over"  # never an input: a result of ours, or under OUT
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of the picture `source`.

    `reason` says why it was left out or passed over, or what is noteworthy of the result; `way` is
    how the result was written: "splice" (the source's own luma bytes), "ordinary" or "pixels";
    `extras` are files beside the result: candidates, a contact sheet, a map.
    """

    source: str
    status: Status
    result: Path | None = None
    format: str | None = None
    way: str | None = None
    reason: str | None = None
    error: PhotochromError | None = None
    seconds: float = 0.0
    extras: tuple[Path, ...] = ()

    def as_json(self) -> dict[str, object]:
        """A flat object for one JSON line; what does not apply is null."""
        return {
            "source": self.source,
            "status": str(self.status),
            "result": None if self.result is None else str(self.result),
            "format": self.format,
            "way": self.way,
            "reason": self.reason,
            "error": None if self.error is None else str(self.error),
            "exit_code": 0 if self.error is None else self.error.exit_code,
            "seconds": round(self.seconds, 3),
            "extras": [str(path) for path in self.extras],
        }


@dataclass(frozen=True)
class Finish:
    """How a whole run ended."""

    outcomes: Sequence[Outcome]
    seconds: float
    interrupted: bool = False


def failure(source: str, error: PhotochromError, *, seconds: float = 0.0) -> Outcome:
    """The outcome of a picture that could not be worked on."""
    return Outcome(source, Status.FAILED, error=error, seconds=seconds)


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """0 when nothing failed; the error's own code for a single picture; 1 for one of several."""
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    if not errors:
        return 0
    return errors[0].exit_code if len(outcomes) == 1 else SOME_FAILED
