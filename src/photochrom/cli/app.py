"""`photochrom app gradio` and `photochrom app streamlit`: two ready-made pages."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

from photochrom.errors import missing_extra

Host = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Where to listen; 0.0.0.0 is everywhere.")
]
Port = Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at.")]


def gradio(*, host: Host = "127.0.0.1", port: Port = 7860) -> None:
    """Serve the Gradio page: upload, webcam or paste, colour at once, hints by click, download.

    Needs the extra `apps`. The same page runs as a hosted Space: spaces/gradio.
    """
    _run("gradio", host, port)


def streamlit(*, host: Host = "127.0.0.1", port: Port = 8501) -> None:
    """Serve the Streamlit page: several photographs, before and after, download one or all.

    Needs the extra `apps`. spaces/streamlit has the same for a plain `streamlit run`.
    """
    _run("streamlit", host, port)


def _run(package: str, host: str, port: int) -> None:
    try:
        app = import_module(f"photochrom.apps.{package}_app")
    except ImportError as error:
        raise missing_extra(f"photochrom app {package}", package, "apps") from error
    app.run(host, port)
