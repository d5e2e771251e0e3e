"""Uploads: read into memory within limits of bytes and time, never to disk, never from a URL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from fastapi import Request
from starlette.requests import ClientDisconnect

from photochrom.errors import InputError
from photochrom.server.multipart import FormReader, Part
from photochrom.server.names import safe_name
from photochrom.server.problems import refused
from photochrom.server.settings import MEGABYTE

FORM = "multipart/form-data"
ANY_BYTES = "application/octet-stream"
RETRY_S = 5


@dataclass
class Upload:
    """A picture as it was sent. `name` is safe to show and to send back."""

    encoded: bytes
    name: str
    fields: Mapping[str, str] = field(default_factory=dict)  # the form's other fields


class Intake:
    """Reads the bodies of requests, and counts what is held of all of them together."""

    def __init__(self, *, most_bytes: int, most_waiting_bytes: int, timeout_s: float) -> None:
        self.most_bytes = most_bytes
        self.most_waiting_bytes = most_waiting_bytes
        self.timeout_s = timeout_s
        self.held_bytes = 0

    @asynccontextmanager
    async def receive(self, request: Request) -> AsyncIterator[Upload]:
        """The picture in a request, counted as held until it is let go of.

        Refuses with 408, 413, 415, 422 or 429, as soon as that is known.
        """
        self._refuse_by_header(request)
        holding = _Holding(self)
        try:
            yield await self._read(request, holding)
        finally:
            self.held_bytes -= holding.held_bytes

    def _refuse_by_header(self, request: Request) -> None:
        kind = media_type(request)
        if kind not in ("", FORM, ANY_BYTES) and not kind.startswith("image/"):
            raise refused(
                415, f"the body is {kind!r}: send a picture (image/…) or a form ({FORM}) with one"
            )
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self.most_bytes:
            raise self.too_large()

    def too_large(self) -> Exception:
        """The refusal of too many bytes."""
        most = self.most_bytes / MEGABYTE
        return refused(413, f"the upload is larger than {most:g} MB, which is the most here")

    async def _read(self, request: Request, holding: _Holding) -> Upload:
        form = FormReader(request.headers["content-type"]) if media_type(request) == FORM else None
        body = bytearray()
        try:
            async with asyncio.timeout(self.timeout_s):
                async for chunk in request.stream():
                    holding.add(len(chunk))
                    if form is None:
                        body += chunk
                    else:
                        form.feed(chunk)
        except TimeoutError as error:
            raise refused(
                408, f"the upload took longer than {self.timeout_s:g} s, and was given up"
            ) from error
        except ClientDisconnect as error:
            raise refused(400, "the upload ended before it was whole") from error
        if form is not None:
            return _of_form(form.finish())
        return Upload(bytes(body), "photo")


class _Holding:
    """What one request holds."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.held_bytes = 0

    def add(self, count: int) -> None:
        intake = self.intake
        if self.held_bytes + count > intake.most_bytes:
            raise intake.too_large()
        if intake.held_bytes + count > intake.most_waiting_bytes:
            raise refused(
                429, "the memory for uploads is full; try again soon", Retry_After=str(RETRY_S)
            )
        self.held_bytes += count
        intake.held_bytes += count


def media_type(request: Request) -> str:
    """What a request says its body is, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _of_form(parts: list[Part]) -> Upload:
    """The upload in a form: its field `file`, and the other fields."""
    files = [part for part in parts if part.name == "file"]
    if len(files) != 1:
        seen = f"{len(files)} of them" if files else "none"
        raise InputError(f"the form has one field called file, with the picture; seen: {seen}")
    fields: dict[str, str] = {}
    for part in parts:
        if part is files[0]:
            continue
        if part.name in fields:
            raise InputError(f"the form has the field {part.name[:80]!r} twice")
        try:
            fields[part.name] = part.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"the field {part.name[:80]!r} is no UTF-8 text") from error
    return Upload(bytes(files[0].content), safe_name(files[0].filename or "photo"), fields)
