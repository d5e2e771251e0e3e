"""The server as a process: its socket, its signals, its end."""

from __future__ import annotations

import socket
import sys

import uvicorn
from starlette.types import ASGIApp

from photochrom.errors import SetupError
from photochrom.server.protocol import protocol_with
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
