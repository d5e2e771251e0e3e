"""Forms with a file, `multipart/form-data`, read as they arrive and kept in memory only.

Starlette's own reader writes files above a megabyte to disk, and here nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from photochrom.errors import InputError

MOST_PARTS = 32
MOST_FIELD_BYTES = 1_000_000  # of a field that is no file, such as thousands of hints
MOST_HEADER_BYTES = 8_192


@dataclass
class Part:
    """One part of a form."""

    name: str = ""
    filename: str | None = None
    content: bytearray = field(default_factory=bytearray)


class FormReader:
    """The parts of a form, fed with chunks of its body.

    Raises `InputError` for a body that is no such form.
    """

    def __init__(self, content_type: str) -> None:
        _, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if not boundary:
            raise InputError("the multipart form names no boundary in its Content-Type")
        self.parts: list[Part] = []
        self._headers: dict[bytes, bytes] = {}
        self._field, self._value = bytearray(), bytearray()
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_part_begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_end": self._on_end,
            },
        )

    def feed(self, chunk: bytes) -> None:
        """Read on."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise InputError(f"the multipart form is damaged: {error}") from error

    def finish(self) -> list[Part]:
        """The parts, when the body has ended."""
        if not self._ended:
            raise InputError("the multipart form ends early: its last boundary is missing")
        return self.parts

    def _on_part_begin(self) -> None:
        if len(self.parts) == MOST_PARTS:
            raise InputError(f"the multipart form has more than {MOST_PARTS} parts")
        self.parts.append(Part())
        self._headers.clear()

    def _on_header_field(self, chunk: bytes, start: int, end: int) -> None:
        self._grow(self._field, chunk[start:end])

    def _on_header_value(self, chunk: bytes, start: int, end: int) -> None:
        self._grow(self._value, chunk[start:end])

    def _grow(self, header: bytearray, more: bytes) -> None:
        header += more
        if len(header) > MOST_HEADER_BYTES:
            raise InputError("a part of the multipart form has a header without end")

    def _on_header_end(self) -> None:
        self._headers[bytes(self._field).lower()] = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _on_headers_finished(self) -> None:
        disposition, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if disposition != b"form-data" or b"name" not in options:
            raise InputError("a part of the multipart form has no name")
        part = self.parts[-1]
        part.name = options[b"name"].decode("utf-8", "replace")
        if b"filename" in options:
            part.filename = options[b"filename"].decode("utf-8", "replace")

    def _on_part_data(self, chunk: bytes, start: int, end: int) -> None:
        part = self.parts[-1]
        part.content += chunk[start:end]
        if part.filename is None and part.name != "file" and len(part.content) > MOST_FIELD_BYTES:
            raise InputError(f"the field {part.name} is larger than {MOST_FIELD_BYTES} bytes")

    def _on_end(self) -> None:
        self._ended = True
