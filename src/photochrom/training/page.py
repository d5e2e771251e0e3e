"""A run's page, index.html: curves, and a slider through its samples over time.

One file beside the sample sheets that needs no network and no server. While the run goes on it is
written anew from time to time, and an open page fetches itself again.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from photochrom.errors import PhotochromError
from photochrom.media.atomic import write_atomic
from photochrom.training.history import History

MOST_POINTS = 400  # of a curve; a screen has hardly more columns
MOST_SAID = 200
LEAST_SHARE = 0.001  # from which on the time that is left can be told
DATA_MARK = "/* data */"
PARTS = {
    "/* style */": ("run.css",),
    "/* script */": ("samples.js", "curves.js", "run.js"),
}


class State(Enum):
    """How a run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"  # by the user
    FAILED = "failed"


@dataclass
class Standing:
    """Where the run is: its last words about itself, its share 0…1, when and where that began."""

    state: State = State.RUNNING
    message: str = "starting"
    reason: str = ""
    share: float = 0.0
    since: tuple[float, float] | None = None  # time of day [s], share

    def show(self, message: str, share: float) -> None:
        """The run's last words; a share that falls belongs to another job, timed from now."""
        if self.since is None or share < self.share:
            self.since = (time.time(), share)
        self.message, self.share = message, share

    def end(self, error: BaseException | None) -> None:
        """The run is over, with this error."""
        if error is None:
            self.state = State.FINISHED
        elif isinstance(error, KeyboardInterrupt):
            self.state = State.STOPPED
        else:
            self.state = State.FAILED
            is_ours = isinstance(error, PhotochromError)
            self.reason = str(error) if is_ours else f"{type(error).__name__}: {error}"

    def left_s(self, now: float) -> float | None:
        """About how many seconds are left; None where it cannot be said yet."""
        if self.state is not State.RUNNING or self.since is None:
            return None
        began, share = self.since
        done = self.share - share
        return (now - began) / done * (1 - self.share) if done > LEAST_SHARE else None


def write_page(folder: Path, history: History, standing: Standing) -> None:
    """Write folder/index.html; the sample sheets stay the files that they are.

    Raises as `write_atomic` does.
    """
    run = {"run": folder.resolve().name, **page_data(history, standing)}
    content = json.dumps(run, ensure_ascii=False).replace("<", "\\u003c")
    write_atomic(folder / "index.html", page_frame().replace(DATA_MARK, content).encode())


@cache
def page_frame() -> str:
    """The page without its data."""
    templates = files(__package__).joinpath("templates")
    frame = templates.joinpath("run.html").read_text(encoding="utf-8")
    for mark, names in PARTS.items():
        texts = [templates.joinpath(name).read_text(encoding="utf-8") for name in names]
        frame = frame.replace(mark, "\n".join(texts))
    return frame


def page_data(history: History, standing: Standing) -> dict[str, Any]:
    """What the page shows, as JSON; numbers to five digits."""
    now = time.time()
    curves = {name: curve.thinned(MOST_POINTS) for name, curve in history.curves.items()}
    return {
        "written": round(now, 1),
        "state": standing.state.value,
        "message": standing.message,
        "reason": standing.reason,
        "share": round(standing.share, 4),
        "left_s": standing.left_s(now),
        "step": history.step,
        "facts": history.facts,
        "said": history.said[-MOST_SAID:],
        "curves": {
            name: [curve.steps, [float(f"{value:.5g}") for value in curve.values]]
            for name, curve in curves.items()
        },
        "pictures": {name: sorted(steps.items()) for name, steps in history.pictures.items()},
    }
