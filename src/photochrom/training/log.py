"""What a run says while it works: JSON lines on disk, a line or a bar on the terminal, pictures."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from photochrom.color.lab import lab_to_rgb

PLAIN_EVERY_S = 30.0


class RunLog:
    """Numbers to `log.jsonl`, progress to the terminal (plain lines where it is none)."""

    def __init__(self, folder: Path, *, quiet: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.quiet = quiet
        self.console = Console(stderr=True)
        self.file = (folder / "log.jsonl").open("a", encoding="utf-8")
        self.last_plain_s = -PLAIN_EVERY_S
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:5.1f} %"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            disable=quiet or not self.console.is_terminal,
        )
        self.task = self.progress.add_task("starting", total=1.0)

    def __enter__(self) -> RunLog:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()
        self.file.close()

    def write(self, **numbers: Any) -> None:
        """One JSON line, with the time of day in seconds."""
        self.file.write(json.dumps({"time": round(time.time(), 1), **numbers}) + "\n")
        self.file.flush()

    def show(self, message: str, share: float) -> None:
        """Where the run stands, 0…1; plain lines come at most every half minute."""
        self.progress.update(self.task, completed=share, description=message)
        now = time.monotonic()
        if self.quiet or self.console.is_terminal or now - self.last_plain_s < PLAIN_EVERY_S:
            return
        self.last_plain_s = now
        self.say(f"{100 * share:5.1f} %  {message}")

    def say(self, message: str) -> None:
        """A line that stays."""
        if not self.quiet:
            self.console.print(message, highlight=False, markup=False, soft_wrap=True)


def sample_sheet(
    lightness: NDArray[np.float32], ab: NDArray[np.float32], truth: NDArray[np.float32]
) -> Image.Image:
    """Columns of grey, ours, real: lightness (B, H, W); ab and truth (B, H, W, 2)."""
    grey = np.zeros_like(ab)
    rows = [
        np.concatenate(
            [lab_to_rgb(lightness[i], colours[i]) for i in range(len(lightness))], axis=1
        )
        for colours in (grey, ab, truth)
    ]
    return Image.fromarray(np.concatenate(rows, axis=0))
