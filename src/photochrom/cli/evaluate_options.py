"""The options of `photochrom evaluate`, each with its help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class GivenAs(StrEnum):
    """What models are given of a photo."""

    GREY = "grey"
    OUTLINE = "outline"


ModelsAndData = Annotated[
    list[str],
    typer.Argument(
        metavar="MODEL… DATA",
        help="Models: shipped names, .onnx files, checkpoints, folders of coloured pictures, "
        "grey, mean-colour, sepia. Then a folder, zip, tar or film of colour photos.",
        show_default=False,
    ),
]
Report = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write tables, plots and pictures as one .html file."),
]
Sheet = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write a contact sheet as .png, worst to best."),
]
Size = Annotated[
    int,
    typer.Option(min=32, max=4096, metavar="PX", help="Measure at this short side at most."),
]
Limit = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="So many photos at most, something of everything."),
]
Metrics = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        metavar="NAME",
        help="Only this metric, or group: reference, distribution, colour, film, hints, video; "
        "may be repeated.",
    ),
]
Given = Annotated[
    GivenAs, typer.Option(help="What models see: grey, or outlines as drawings have.")
]
SkipGrey = Annotated[
    bool, typer.Option("--skip-grey", help="Leave out photos that have no colour.")
]
Video = Annotated[
    bool,
    typer.Option(
        "--video", help="DATA is a film, or a folder of its frames in the order of their names."
    ),
]
Inception = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Weights of Inception: FID is measured too.")
]
CacheFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Where predictions and scores are kept. [the system's folder for caches]",
    ),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Keep nothing, and use nothing kept.")]
