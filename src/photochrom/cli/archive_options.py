"""The options of `photochrom archive` alone, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Source = Annotated[
    str,
    typer.Argument(
        metavar="SRC", help="A folder, or an address: s3://, gs://, az://, …", show_default=False
    ),
]
Target = Annotated[
    str,
    typer.Argument(metavar="DST", help="A folder or address for the results.", show_default=False),
]
ManifestFile = Annotated[
    Path | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="Where the manifest lies, on this machine. Without it photochrom.sqlite in a local "
        "DST, else a file of its own in ~/.local/state/photochrom.",
    ),
]
Processes = Annotated[
    int | None,
    typer.Option(
        "--processes",
        min=0,
        metavar="N",
        help="Processes; one a core without it. 0 works in this process alone, on threads.",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="Work on the Dask cluster of this scheduler. Its workers must see SRC and DST.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, metavar="N", help="Work on a Dask cluster of N workers started here."
    ),
]
Watch = Annotated[bool, typer.Option("--watch", help="Go on as pictures arrive, until Ctrl-C.")]
Every = Annotated[
    float,
    typer.Option(
        "--every", min=0.1, metavar="SECONDS", help="How often --watch looks for new pictures."
    ),
]
Sheets = Annotated[
    bool,
    typer.Option(
        "--report",
        help="Write contact sheets to DST/photochrom-report: a page a folder, failures on top.",
    ),
]
