"""What a run says while it works: JSON lines, TensorBoard, a page, a line or bar on the terminal.

A log that cannot be written never ends the run: it says so once and tries again next time.
"""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from photochrom.errors import PhotochromError, SetupError
from photochrom.training.history import NOT_CURVES, History, is_number
from photochrom.training.page import Standing, write_page
from photochrom.training.tensorboard import EventFile

PLAIN_EVERY_S = 30.0
PAGE_EVERY_S = 15.0


class RunLog:
    """Numbers and pictures of a run to `folder`: log.jsonl, events.out.tfevents.…, index.html.

    Of several processes only the one with `writes` writes and speaks; the others hold a log too,
    and call it alike.
    """

    def __init__(self, folder: Path, *, quiet: bool = False, writes: bool = True) -> None:
        self.folder = folder
        self.quiet = quiet or not writes
        self.writes = writes
        self.console = Console(stderr=True)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:5.1f} %"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            disable=self.quiet or not self.console.is_terminal,
        )
        self.task = self.progress.add_task("starting", total=1.0)
        self.standing = Standing()
        self.history = History()
        self.lines: JsonLines | None = None
        self.events: EventFile | None = None
        self.has_warned = False
        self.last_plain_s = self.last_page_s = -1e9
        if writes:
            self._open()

    def _open(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SetupError(
                f"cannot make the run's folder {self.folder}: {error.strerror or error}. "
                "Choose another with --run"
            ) from error
        self._keep(self._open_lines)
        self._keep(self._open_events)

    def _open_lines(self) -> None:
        path = self.folder / "log.jsonl"
        self.history = History.read(path)
        self.lines = JsonLines(path)

    def _open_events(self) -> None:
        self.events = EventFile(self.folder)

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: Any
    ) -> None:
        self.progress.stop()
        self.standing.end(error)
        self.page()
        for file in (self.lines, self.events):
            if file is not None:
                self._keep(file.close)

    def write(self, **numbers: Any) -> None:
        """A JSON line with the time of day [s]; with a `step`, TensorBoard scalars and curves."""
        self._line(numbers)
        events, step = self.events, numbers.get("step")
        if step is not None and events is not None:
            scalars = {k: v for k, v in numbers.items() if k not in NOT_CURVES and is_number(v)}
            self._keep(lambda: events.scalars(scalars, step))
        if time.monotonic() - self.last_page_s >= PAGE_EVERY_S:
            self.page()

    def picture(self, name: str, path: Path, *, step: int | None = None) -> None:
        """A picture file in the run's folder, as it is at `step` (the last one written)."""
        if not path.is_file():  # the disk is full, or this process writes nothing
            self._warn(f"{path} is not there")
            return
        step = self.history.step if step is None else step
        file = path.relative_to(self.folder).as_posix()
        self._line({"picture": name, "step": step, "file": file})
        events = self.events
        if events is not None:
            self._keep(lambda: events.picture(name, *jpeg(path), step))
        self.page()

    def describe(self, **facts: str) -> None:
        """What the run is: data, network, device, precision and why. The page shows it."""
        self._line({"facts": facts})

    def show(self, message: str, share: float) -> None:
        """Where the run stands, 0…1; plain lines come at most every half minute."""
        self.standing.show(message, share)
        self.progress.update(self.task, completed=share, description=message)
        now = time.monotonic()
        if self.quiet or self.console.is_terminal or now - self.last_plain_s < PLAIN_EVERY_S:
            return
        self.last_plain_s = now
        self._print(f"{100 * share:5.1f} %  {message}")

    def say(self, message: str) -> None:
        """A line that stays, on the terminal and on the page."""
        self._line({"said": message})
        self._print(message)

    def page(self) -> None:
        """Write the page anew."""
        self.last_page_s = time.monotonic()
        if self.writes:
            self._keep(lambda: write_page(self.folder, self.history, self.standing))

    def _line(self, entry: dict[str, Any]) -> None:
        whole = {"time": round(time.time(), 1), **entry}
        self.history.add(whole)
        lines = self.lines
        if lines is not None:
            self._keep(lambda: lines.write(whole))

    def _print(self, message: str) -> None:
        if not self.quiet:
            self.console.print(message, highlight=False, markup=False, soft_wrap=True)

    def _keep(self, write: Callable[[], None]) -> None:
        try:
            write()
        except (OSError, PhotochromError) as error:
            self._warn(str(error))

    def _warn(self, reason: str) -> None:
        if not self.has_warned:
            self.has_warned = True
            self._print(f"The log cannot be written; the run goes on without it. ({reason})")


class JsonLines:
    """A file of one JSON object a line; a line that was torn by a full disk or a kill is ended."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("ab+", buffering=0)
        self.is_torn = False
        if self.file.tell():
            self.file.seek(-1, os.SEEK_END)
            self.is_torn = self.file.read(1) != b"\n"

    def write(self, entry: dict[str, Any]) -> None:
        """Append one line. Raises `OSError` where not all of it was written."""
        finite = {
            key: None if isinstance(value, float) and not is_number(value) else value
            for key, value in entry.items()
        }
        line = json.dumps(finite, ensure_ascii=False, allow_nan=False).encode() + b"\n"
        line = b"\n" + line if self.is_torn else line
        self.is_torn = True
        if self.file.write(line) != len(line):
            raise OSError("the disk is full")
        self.is_torn = False

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def jpeg(path: Path) -> tuple[bytes, tuple[int, int]]:
    """A picture file as a small JPEG for TensorBoard, with its width and height."""
    encoded = io.BytesIO()
    with Image.open(path) as picture:
        picture.convert("RGB").save(encoded, "JPEG", quality=90)
        return encoded.getvalue(), picture.size
