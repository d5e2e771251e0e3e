"""The server as a process: its socket, its signals, and connections that say nothing."""

from __future__ import annotations

import asyncio
import socket
import sys

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from photochrom.errors import SetupError
from photochrom.server.settings import Settings

WAITING_CONNECTIONS = 2048
OPEN_FILES = 65_536


def listen(settings: Settings) -> socket.socket:
    """The socket at the address of the settings.

    Raises `SetupError` where it cannot be had.
    """
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server(
            (settings.host, settings.port), family=family, backlog=WAITING_CONNECTIONS
        )
    except OSError as error:
        raise SetupError(
            f"cannot listen at {settings.host} port {settings.port}: {error.strerror or error}. "
            "Choose another port with --port, or end the program that has it"
        ) from error


def run(app: ASGIApp, settings: Settings, at: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was taken."""
    allow_many_connections()
    config = uvicorn.Config(
        app,
        http=protocol_with(settings.header_timeout_s),
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,  # who asked for what is nobody's business
        server_header=False,
        timeout_graceful_shutdown=int(settings.shutdown_timeout_s),
        backlog=WAITING_CONNECTIONS,
    )
    uvicorn.Server(config).run(sockets=[at])


def allow_many_connections() -> None:
    """Let this process have as many connections as the machine permits it."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def protocol_with(header_timeout_s: float) -> type[HttpToolsProtocol]:
    """Uvicorn's protocol that hangs up where a request's head does not come in time.

    Uvicorn itself waits for ever on a connection that was opened and says nothing.
    """

    class PunctualProtocol(HttpToolsProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.loop.call_later(header_timeout_s, self._hang_up_on_silence)

        def _hang_up_on_silence(self) -> None:
            if self.cycle is None and not self.transport.is_closing():  # no request has begun
                self.transport.close()

    return PunctualProtocol
