"""What passes between the run, its manifest and its workers: all of it small, all of it pickles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Where a picture stands; the word that the manifest, the report and `--json` use."""

    TO_DO = "to do"
    UNDER_WAY = "under way"
    COLOURED = "coloured"
    LEFT_OUT = "left out"  # it has real colour
    PASSED_OVER = "passed over"  # a result of ours, never an input
    FAILED = "failed"
    PUT_OFF = "put off"  # an answer only: too large to work on beside others


class Entry(NamedTuple):
    """A file of a listing. `mark` changes when the file does: size and time, or an ETag.

    `refusal` says why a folder, which has no mark, cannot be listed.
    """

    name: str  # below the place, with /
    mark: str
    size_bytes: int
    refusal: str | None = None
    modified_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What every picture of a run is made with, and where from and to."""

    source: str
    target: str
    model: str = "flagship"
    model_sha256: str | None = None  # a worker with another model refuses to work
    device: str = "auto"
    strength: float = 1.0
    vividness: float | None = None
    effort: str = "usual"
    format: str | None = None  # a name of `photochrom.media.formats.FORMATS`
    quality: int | None = None
    jpeg: str | None = None
    recolor: bool = False
    overwrite: bool = False
    max_megapixels: float = 250.0
    allow_truncated: bool = False
    thumbnails: bool = False
    overlap: int = 2  # pictures that one process works on at a time
    at_once: int = 2  # pictures that are under way on one machine at a time

    def options_for(self, format_name: str) -> str:
        """The options that change a result of this format, as its provenance records them."""
        words = []
        if self.quality is not None:
            words.append(f"quality={self.quality}")
        if format_name == "JPEG" and self.jpeg == "ordinary":
            words.append(f"jpeg={self.jpeg}")
        return " ".join(words)

    @property
    def settings(self) -> str:
        """What a result depends on besides its source: a result made otherwise is another one."""
        words = {
            "model": self.model_sha256,
            "strength": f"{self.strength:g}",
            "vividness": self.vividness,
            "effort": None if self.effort == "usual" else self.effort,
            "format": self.format,
            "quality": self.quality,
            "jpeg": self.jpeg,
        }
        return " ".join(f"{key}={said}" for key, said in words.items() if said is not None)


@dataclass(frozen=True, slots=True)
class Task:
    """One picture to colour.

    `siblings` are the other sources whose result may have the same name. `made_from` is the
    SHA-256 of the source that its latest result was made from, where we made one. `alone` says
    that it was put off: only others that fit beside it may be under way, none where `needs`
    [bytes] is not known.
    """

    id: int
    name: str
    size_bytes: int = 0
    siblings: tuple[str, ...] = ()
    made_from: str | None = None
    alone: bool = False
    needs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one task."""

    id: int
    name: str
    state: State
    needs: int = 0  # memory [bytes], of what is put off
    mark: str | None = None  # of the bytes that were really read
    result: str | None = None  # its name below the target
    source_sha256: str | None = None
    result_sha256: str | None = None
    result_bytes: int | None = None
    model: str | None = None
    model_version: str | None = None
    model_sha256: str | None = None
    photochrom_version: str | None = None
    settings: str | None = None
    way: str | None = None
    note: str | None = None
    error: str | None = None
    error_kind: str | None = None  # the name of its class
    target_refuses: bool = False  # the target takes no files: all others would fail alike
    seconds: float = 0.0
    worker: str | None = None
    thumbnail: bytes | None = None  # before and after, side by side, a JPEG
