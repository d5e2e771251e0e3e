"""One picture of an archive, from its source to its result: what every worker does."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
from concurrent.futures import Future
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from photochrom.archive.existing import may_replace, result_of
from photochrom.archive.memory import fits, fits_file, needed_bytes, share_bytes
from photochrom.archive.names import shown
from photochrom.archive.place import Place, open_place
from photochrom.archive.records import Answer, Order, State, Task
from photochrom.errors import InputError, PhotochromError, SetupError
from photochrom.heap import keep_heap
from photochrom.media.notes import HAS_COLOUR, IS_OURS
from photochrom.media.provenance import read_provenance
from photochrom.resources import free_memory

if TYPE_CHECKING:
    from photochrom.api import Colorizer
    from photochrom.result import Photo


class Workshop:
    """A loaded model, a source and a target. Threads may share it."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.at_once = order.at_once  # pictures on this machine; a cluster's worker knows better
        self.worker = f"{socket.gethostname()}:{os.getpid()}"

    @cached_property
    def source(self) -> Place:
        return open_place(self.order.source)

    @cached_property
    def target(self) -> Place:
        return open_place(self.order.target)

    @cached_property
    def colorizer(self) -> Colorizer:
        """The model, the same as the run's. Raises `SetupError` where this worker has another."""
        from photochrom.api import Colorizer

        colorizer = Colorizer(self.order.model, threads=1, device=self.order.device)
        if self.order.model_sha256 not in (None, colorizer.model.sha256):
            raise SetupError(
                f"{self.worker} has another model {colorizer.model.name} "
                f"({colorizer.model.sha256[:12]}…) than the run "
                f"({str(self.order.model_sha256)[:12]}…): install the same Photochrom everywhere"
            )
        return colorizer

    @cached_property
    def _free_at_first(self) -> int | None:
        return free_memory()

    @property
    def share(self) -> int:
        """What one picture beside others may take [bytes]."""
        return share_bytes(self._free_at_first, self.at_once)

    def open(self) -> None:
        """Load everything, so that what is missing is said before the first picture.

        Raises what loading raises, `InputError` for what the model cannot do.
        """
        _ = self.source, self.target
        if self.order.jpeg == "splice" and self.colorizer.paints == "rgb":
            from photochrom.drawing import why_no_splice

            raise InputError(why_no_splice(self.colorizer.model.name))

    def do(self, task: Task) -> Answer:
        """What becomes of a picture; whatever the picture does is an answer, not an exception."""
        started = time.perf_counter()
        try:
            answer = _Piece(self, task).answer()
        except PhotochromError as error:
            answer = failed(task, error)
        except MemoryError:
            words = f"{shown(task.name)} needs more memory than this machine has free"
            answer = failed(task, SetupError(words))
        except OSError as error:
            answer = failed(task, SetupError(f"{shown(task.name)}: {error.strerror or error}"))
        return replace(answer, seconds=time.perf_counter() - started, worker=self.worker)


def failed(task: Task, error: Exception) -> Answer:
    """The answer where a picture could not be coloured."""
    return Answer(
        id=task.id,
        name=task.name,
        state=State.FAILED,
        error=shown(str(error)),
        error_kind=type(error).__name__,
    )


def answer_of(task: Task, done: Future[Answer]) -> Answer:
    """The answer of finished work, whatever became of it."""
    error = done.exception()
    return done.result() if error is None else unexpected(task, error)


def unexpected(task: Task, error: BaseException) -> Answer:
    """The answer where a mistake of ours was in the way, which stops no other picture."""
    words = f"unexpected {type(error).__name__}: {error}. This is a defect of Photochrom: please "
    return failed(task, SetupError(f"{shown(task.name)}: {words}report it with the picture"))


_opening = threading.Lock()
_shops: dict[Order, Workshop] = {}


def shop_of(order: Order) -> Workshop:
    """The workshop of this process for an order, opened once; an earlier order's is let go.

    Dask has its workers give memory back at once, which took them half of their time.
    """
    with _opening:
        if order not in _shops:
            keep_heap()
            shop = Workshop(order)
            shop.open()
            _shops.clear()
            _shops[order] = shop
        return _shops[order]


def why_it_cannot_begin(order: Order) -> str | None:
    """What this process lacks for an order, in words; None where it can begin."""
    try:
        shop = shop_of(order)
        next(iter(shop.source.walk()), None)
        shop.target.try_out()
    except PhotochromError as error:
        return str(error)
    return None


class _Piece:
    """The work on one task."""

    def __init__(self, shop: Workshop, task: Task) -> None:
        self.shop = shop
        self.order = shop.order
        self.task = task
        self.mark: str | None = None
        self.sha256: str | None = None

    def answer(self) -> Answer:
        task, shop = self.task, self.shop
        name, share = shown(task.name), shop.share
        if not fits_file(name, task.size_bytes, share=share, alone=task.alone):
            return self._settled(State.PUT_OFF)
        read, self.mark = shop.source.read(task.name)
        self.sha256 = hashlib.sha256(read.encoded).hexdigest()
        if read_provenance(read.encoded) is not None:
            return self._settled(State.PASSED_OVER, note=IS_OURS)
        photo = shop.colorizer.colorize(
            read,
            strength=self.order.strength,
            vividness=self.order.vividness,
            effort=self.order.effort,
            max_megapixels=self.order.max_megapixels,
            allow_truncated=self.order.allow_truncated,
        )
        if not fits(photo.source, share=share, alone=task.alone):
            return replace(self._settled(State.PUT_OFF), needs=needed_bytes(photo.source))
        format_name = self.order.format or photo.default_format
        options = self.order.options_for(format_name)
        result = result_of(task, shop.source, self.order, format_name)
        there = may_replace(shop.target, result, photo.provenance(options), self.task, self.order)
        if there is not None:
            note = "; ".join(photo.source.notes) or None
            return self._coloured(photo, result, there, note=note, way=None)
        if photo.source_has_real_colour and not self.order.recolor:
            return self._settled(State.LEFT_OUT, note=HAS_COLOUR)
        encoded, saved = photo.encode(
            format=format_name, quality=self.order.quality, jpeg=self.order.jpeg, options=options
        )
        try:
            shop.target.write(result, encoded, modified_ns=read.modified_ns)
        except SetupError as error:
            return replace(failed(task, error), mark=self.mark, target_refuses=True)
        return self._coloured(photo, result, encoded, note=saved.note, way=saved.way)

    def _settled(self, state: State, *, note: str | None = None) -> Answer:
        return Answer(
            id=self.task.id,
            name=self.task.name,
            state=state,
            mark=self.mark,
            source_sha256=self.sha256,
            settings=self.order.settings,
            note=note,
        )

    def _coloured(
        self, photo: Photo, result: str, encoded: bytes, *, note: str | None, way: str | None
    ) -> Answer:
        from photochrom.version import __version__

        model = photo.model
        return replace(
            self._settled(State.COLOURED, note=note),
            result=result,
            result_sha256=hashlib.sha256(encoded).hexdigest(),
            result_bytes=len(encoded),
            model=model.name,
            model_version=model.version,
            model_sha256=model.sha256,
            photochrom_version=__version__,
            way=way,
            thumbnail=self._thumbnail(photo, encoded),
        )

    def _thumbnail(self, photo: Photo, encoded: bytes) -> bytes | None:
        if not self.order.thumbnails:
            return None
        from photochrom.archive.thumbnail import before_and_after

        return before_and_after(photo.source.bytes or b"", encoded)
