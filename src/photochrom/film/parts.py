"""What is finished of a film, kept beside the result until it is whole, so that a run can go on.

The folder `.NAME.parts` holds `job.json`, which says whose parts these are, and for each part its
pictures (`0000.nut`, or `.mov`), what is known of it (`0000.json`, written last: without it a part
does not count), and the colours known at its end, where that lies within a shot (`0000.npy`).
`.NAME.lock` beside it is held by the run that is at work.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from photochrom.color.smooth import Memory
from photochrom.errors import SetupError
from photochrom.media.atomic import write_atomic
from photochrom.media.lock_file import hold


@dataclass(frozen=True)
class Finished:
    """What is known of a finished part: times [time_base], counts."""

    first: int  # its first frame's time
    last: int  # its last frame's
    next: int | None  # the next part's; None where the film ends
    frames: int
    shots: int  # that begin in it
    broken: int


class PartsFolder:
    """The parts of one result."""

    def __init__(self, target: Path, job: Mapping[str, object], container: str) -> None:
        self.path = target.with_name(f".{target.name}.parts")
        self._target = target
        self._job = dict(job)
        self._suffix = container

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs from the same result.

        Raises `InputError` where one is at work on it, `SetupError` where nothing can be written.
        """
        path = self._target.with_name(f".{self._target.name}.lock")
        refusal = (
            f"another run is writing {self._target}: wait for it, stop it, or give the result "
            "another name"
        )
        with ExitStack() as stack:
            try:
                stack.enter_context(hold(path, refusal))
            except OSError as error:
                raise self._unwritable(error) from error
            yield

    def _unwritable(self, error: OSError) -> SetupError:
        return SetupError(
            f"cannot write in {self._target.parent}: {error.strerror}. Choose another place"
        )

    def begin(self) -> list[Finished]:
        """Make the folder, or find what this same job finished before; another's parts are dropped.

        Raises `SetupError` where the folder cannot be written.
        """
        if not self.is_begun():
            self.remove()
        try:
            self.path.mkdir(exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        write_atomic(self.path / "job.json", json.dumps(self._job, indent=1).encode())
        return self._finished()

    def is_begun(self) -> bool:
        """Whether this same job has left parts."""
        return bool(self._read_job() == json.loads(json.dumps(self._job)))

    def video(self, number: int) -> Path:
        """Where the pictures of a part lie."""
        return self.path / f"{number:04}.{self._suffix}"

    def finish(self, number: int, facts: Finished, known: Memory | None) -> None:
        """Let a part count, whose pictures are written."""
        memory = self._memory(number)
        if known is None:
            memory.unlink(missing_ok=True)
        else:
            with memory.open("wb") as file:
                np.save(file, known)
        write_atomic(self._facts(number), json.dumps(asdict(facts)).encode())

    def known_after(self, number: int) -> Memory | None:
        """The colours known where the part after this one begins; None at a cut."""
        memory = self._memory(number)
        known: Memory | None = np.load(memory) if memory.exists() else None
        return known

    def remove(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _finished(self) -> list[Finished]:
        finished: list[Finished] = []
        while self.video(len(finished)).exists():
            try:
                facts = json.loads(self._facts(len(finished)).read_bytes())
                finished.append(Finished(**facts))
            except (OSError, ValueError, TypeError):
                break
        return finished

    def _read_job(self) -> object:
        try:
            return json.loads((self.path / "job.json").read_bytes())
        except (OSError, ValueError):
            return None

    def _facts(self, number: int) -> Path:
        return self.path / f"{number:04}.json"

    def _memory(self, number: int) -> Path:
        return self.path / f"{number:04}.npy"
