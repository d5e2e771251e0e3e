"""`photochrom serve`: the website and the HTTP API."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from photochrom.errors import missing_extra

Host = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Where to listen; 127.0.0.1 unless said, this machine."),
]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="8000 unless said; 0 takes a free one.")
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="NAME|FILE",
        help="A model to offer; give it again for more. The first is the usual one.",
    ),
]
OpenApi = Annotated[
    bool, typer.Option("--openapi", help="Print the API's description as JSON, and leave.")
]


def serve(
    *,
    host: Host = None,
    port: Port = None,
    model: Models = None,
    openapi: OpenApi = False,
) -> None:
    """Serve the website at / and the HTTP API at /v1, described at /docs.

    Pictures are coloured in memory and sent back; nothing is stored, and no address is fetched.
    All settings come from PHOTOCHROM_… in the environment (docs/server.md lists them); the options
    win. SIGTERM or Ctrl-C ends it, after what it took is finished. Needs the extra `api`.
    """
    try:
        import fastapi  # noqa: F401
        import pydantic_settings  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise missing_extra("photochrom serve", str(error.name), "api") from error
    from photochrom.server.app import build_app, openapi_document
    from photochrom.server.run import listen, run
    from photochrom.server.settings import read_settings

    if openapi:
        typer.echo(json.dumps(openapi_document(), indent=2))
        return
    settings = read_settings(host=host, port=port, models=tuple(model) if model else None)
    with listen(settings) as at:
        app = build_app(settings)
        said_host, said_port = at.getsockname()[:2]
        shown = f"[{said_host}]" if ":" in said_host else said_host
        typer.echo(f"Photochrom is at http://{shown}:{said_port} (the API: /docs). Ctrl-C ends it.")
        if not settings.is_private and settings.api_key is None:
            typer.echo(
                "Everybody who reaches this address may use it; PHOTOCHROM_API_KEY asks for a key.",
                err=True,
            )
        run(app, settings, at)
