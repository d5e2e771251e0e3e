"""What the server does with one upload, from bytes to bytes: on a thread, or in a process."""

from __future__ import annotations

import io
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from PIL import UnidentifiedImageError

from photochrom.errors import InputError, PhotochromError, SetupError
from photochrom.media import jpeg_restore
from photochrom.media.photo import open_photo
from photochrom.result import Photo
from photochrom.server.intake import Upload
from photochrom.server.names import result_name
from photochrom.server.problems import in_api_words, refused
from photochrom.server.shelf import Offered, Shelf
from photochrom.server.wishes import MEDIA_TYPES, ColorizeWishes, PaintWishes

NPY = "application/x-npy"
UNLIMITED = float("inf")
REPAINTED = "the picture had real colour, and was painted anew from its lightness"


@dataclass
class Done:
    """An answer to be: its body, and what is told beside it."""

    body: bytes
    media_type: str
    name: str
    facts: dict[str, str] = field(default_factory=dict)  # headers
    stages_ms: dict[str, float] = field(default_factory=dict)
    megapixels: float = 0.0


class Job(ABC):
    """A call with its picture, which can be sent to another process."""

    upload: Upload

    @abstractmethod
    def done(self, shelf: Shelf, *, alone: bool) -> Done:
        """The answer, with all cores where the job is `alone`."""


@dataclass
class Colorize(Job):
    """`POST /v1/colorize`."""

    upload: Upload
    wishes: ColorizeWishes
    most_megapixels: float

    def done(self, shelf: Shelf, *, alone: bool) -> Done:
        return colorized(self, shelf.find(self.wishes.model), alone=alone)


@dataclass
class Predict(Job):
    """`POST /v1/predict`."""

    upload: Upload
    wishes: PaintWishes
    most_megapixels: float

    def done(self, shelf: Shelf, *, alone: bool) -> Done:
        return predicted(self, shelf.find(self.wishes.model), alone=alone)


@dataclass
class Restore(Job):
    """`POST /v1/restore`."""

    upload: Upload

    def done(self, shelf: Shelf, *, alone: bool) -> Done:  # noqa: ARG002 - every job's form
        return restored(self.upload)


class Stages:
    """A stopwatch for the parts of a job."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Note what the block takes."""
        begun = time.perf_counter()
        yield
        self.ms[stage] = (time.perf_counter() - begun) * 1000


def colorized(job: Colorize, model: Offered, *, alone: bool) -> Done:
    """The picture in colour, encoded."""
    stages, upload, wishes = Stages(), job.upload, job.wishes
    with in_words_of(upload):
        with stages.timed("paint"):
            photo = opened(job, model, alone=alone)
            _ = photo.ab
        with stages.timed("encode"):
            encoded, saved = photo.encode(
                format=wishes.format, quality=wishes.quality, jpeg=wishes.jpeg
            )
    facts = {**facts_of(photo), "Photochrom-Way": saved.way}
    had_colour = REPAINTED if photo.source_has_real_colour else None
    notes = "; ".join(filter(None, (saved.note, had_colour)))
    if notes:
        facts["Photochrom-Note"] = in_header(notes)
    return Done(
        body=encoded,
        media_type=MEDIA_TYPES[saved.format.lower()],
        name=result_name(upload.name, saved.format),
        facts=facts,
        stages_ms=stages.ms,
        megapixels=photo.source.width * photo.source.height / 1e6,
    )


def predicted(job: Predict, model: Offered, *, alone: bool) -> Done:
    """The small ab plane (h, w, 2), as a NumPy file of float16."""
    stages, upload = Stages(), job.upload
    with in_words_of(upload), stages.timed("paint"):
        photo = opened(job, model, alone=alone)
        ab = photo.ab
    file = io.BytesIO()
    np.save(file, np.ascontiguousarray(ab, dtype="<f2"), allow_pickle=False)
    return Done(
        body=file.getvalue(),
        media_type=NPY,
        name=f"{upload.name}.ab.npy",
        facts=facts_of(photo),
        stages_ms=stages.ms,
        megapixels=photo.source.width * photo.source.height / 1e6,
    )


def restored(upload: Upload) -> Done:
    """The original that a spliced JPEG carries."""
    stages = Stages()
    with in_words_of(upload), stages.timed("restore"):
        original = jpeg_restore.restore(upload.encoded)
    name = result_name(upload.name.replace(".color.", "."), "JPEG", ending=".original")
    return Done(body=original, media_type="image/jpeg", name=name, stages_ms=stages.ms)


def opened(job: Colorize | Predict, model: Offered, *, alone: bool) -> Photo:
    """The photo to be, its header read. Refuses with 413 and 415."""
    upload, wishes, most_megapixels = job.upload, job.wishes, job.most_megapixels
    try:
        return model.colorizer(alone=alone).colorize(
            upload.encoded,
            max_megapixels=most_megapixels,
            allow_truncated=wishes.allow_truncated,
            **wishes.asked,
        )
    except SetupError as error:  # a kind of picture whose extra is not installed here
        raise refused(415, in_api_words(str(error), upload.name)) from error
    except InputError as error:
        if isinstance(error.__cause__, UnidentifiedImageError):
            raise refused(415, in_api_words(str(error), upload.name)) from error
        refuse_too_large(upload, wishes, most_megapixels)
        raise


def refuse_too_large(upload: Upload, wishes: PaintWishes, most_megapixels: float) -> None:
    """Refuse a picture of more pixels than the limit with 413; others pass."""
    try:
        source = open_photo(
            upload.encoded, max_megapixels=UNLIMITED, allow_truncated=wishes.allow_truncated
        )
    except PhotochromError:
        return
    megapixels = source.width * source.height / 1e6
    if megapixels > most_megapixels:
        raise refused(
            413,
            f"{upload.name} is {source.width}×{source.height}, {megapixels:.4g} megapixels, and "
            f"the most here is {most_megapixels:g}",
        )


@contextmanager
def in_words_of(upload: Upload) -> Iterator[None]:
    """Let errors of the library name the upload and the options of the API."""
    try:
        yield
    except PhotochromError as error:
        raise type(error)(in_api_words(str(error), upload.name)) from error


def facts_of(photo: Photo) -> dict[str, str]:
    """Headers that tell which model painted, and how large the picture is as displayed."""
    model = photo.model
    return {
        "Photochrom-Model": in_header(f"{model.name} {model.version} {model.sha256}"),
        "Photochrom-Size": f"{photo.source.width}x{photo.source.height}",
    }


def in_header(text: str) -> str:
    r"""Text that a header can hold, other marks as their escapes.

    >>> in_header("ΔE\r\nX: y")
    '\\u0394E\\r\\nX: y'
    """
    return "".join(
        mark if mark.isascii() and mark.isprintable() else mark.encode("unicode_escape").decode()
        for mark in text
    )
