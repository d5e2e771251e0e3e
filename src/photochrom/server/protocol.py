"""HTTP on one connection, without patience for those that say nothing or nonsense."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from photochrom.server.headers import ON_EVERY_ANSWER
from photochrom.server.problems import problem


def protocol_with(header_timeout_s: float) -> type[HttpToolsProtocol]:
    """Uvicorn's protocol that hangs up where a request's head does not come in time.

    Uvicorn itself waits for ever on a connection that was opened and says nothing.
    """

    class PunctualProtocol(HttpToolsProtocol):
        _hanging_up: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._expect_head()

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._expect_head()

        def on_headers_complete(self) -> None:
            self._expect_nothing()
            super().on_headers_complete()

        def send_400_response(self, msg: str) -> None:
            """Tell of a request that is none, in the form and with the headers of all errors."""
            answer = problem(400, f"this request cannot be read: {msg}", {"Connection": "close"})
            headers = [b": ".join(header) for header in (*answer.raw_headers, *ON_EVERY_ANSWER)]
            lines = [b"HTTP/1.1 400 Bad Request", *headers, b"", bytes(answer.body)]
            self.transport.write(b"\r\n".join(lines))
            self.transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            self._expect_nothing()
            super().connection_lost(exc)

        def _expect_head(self) -> None:
            if self._hanging_up is None:
                self._hanging_up = self.loop.call_later(header_timeout_s, self.transport.close)

        def _expect_nothing(self) -> None:
            if self._hanging_up is not None:
                self._hanging_up.cancel()
                self._hanging_up = None

    return PunctualProtocol
