"""TensorBoard's event files: numbers and pictures by step.

TensorBoard's own package says what a record holds and how it is framed. Its writer is not used: it
writes from a thread of its own, where a full disk is noticed too late to be survived.
"""

from __future__ import annotations

import io
import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

VERSION = "brain.Event:2"
RGB = 3  # channels


class EventFile:
    """One sitting's event file in `folder`; TensorBoard joins those of all sittings.

    Opening and writing raise `OSError` as files do; what was written before stays readable.
    """

    def __init__(self, folder: Path) -> None:
        name = f"events.out.tfevents.{int(time.time())}.{socket.gethostname()}.{os.getpid()}"
        self.file = (folder / name).open("ab", buffering=0)
        self.bytes_whole = self.file.tell()
        self._add(file_version=VERSION)
        self.has_steps = False

    def scalars(self, numbers: Mapping[str, float], step: int) -> None:
        """The numbers by name, as they stood at this step."""
        values = [Summary.Value(tag=name, simple_value=value) for name, value in numbers.items()]
        self._add_at(step, values)

    def picture(self, name: str, encoded: bytes, size: tuple[int, int], step: int) -> None:
        """A JPEG or PNG of `size` (width, height), as it was at this step."""
        width, height = size
        image = Summary.Image(
            height=height, width=width, colorspace=RGB, encoded_image_string=encoded
        )
        self._add_at(step, [Summary.Value(tag=name, image=image)])

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def _add_at(self, step: int, values: list[Any]) -> None:
        if not self.has_steps:  # those that an earlier sitting wrote from here on are void
            self._add(step=step, session_log=SessionLog(status=SessionLog.START))
            self.has_steps = True
        self._add(step=step, summary=Summary(value=values))

    def _add(self, **fields: Any) -> None:
        record = io.BytesIO()
        RecordWriter(record).write(Event(wall_time=time.time(), **fields).SerializeToString())
        self._write(record.getvalue())

    def _write(self, record: bytes) -> None:
        """Append all of it, or nothing: after half a record nothing more would be read."""
        try:
            if self.file.write(record) != len(record):
                raise OSError("the disk is full")
        except OSError:
            with suppress(OSError):
                self.file.truncate(self.bytes_whole)
            raise
        self.bytes_whole += len(record)
