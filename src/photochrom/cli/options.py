"""The options that several commands share, and those of `colorize`, each with its help."""

from __future__ import annotations

import math
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class JpegWay(StrEnum):
    """How a grey JPEG becomes a colour JPEG."""

    SPLICE = "splice"
    ORDINARY = "ordinary"


class Device(StrEnum):
    """What the network runs on."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    COREML = "coreml"
    DIRECTML = "directml"


def _number(value: float | None) -> float | None:
    """Refuse NaN, which every range lets through."""
    if value is not None and math.isnan(value):
        raise typer.BadParameter("a number is wanted, not nan")
    return value


class Effort(StrEnum):
    """How much work is put into a picture."""

    USUAL = "usual"
    BEST = "best"


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH…",
        help="Pictures, folders and patterns such as 'scans/**/*.jpg'; - reads stdin.",
        show_default=False,
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--out",
        metavar="OUT",
        help="A folder, or for a single picture a file; - writes to stdout.",
    ),
]
Recursive = Annotated[bool, typer.Option("--recursive", "-r", help="Search subfolders too.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace results that exist.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what failed.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]

Strength = Annotated[
    float,
    typer.Option(
        min=0,
        max=2,
        callback=_number,
        help="How strong the colours are: 0 grey, 1 as predicted, 2 twice.",
    ),
]
Vividness = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        callback=_number,
        help="From 0, cautious, to 1, vivid, where the model is unsure; else the model's own.",
    ),
]
HintWords = Annotated[
    list[str] | None,
    typer.Option(
        "--hint",
        metavar="X,Y=#RRGGBB",
        help="The colour of what lies at that pixel of the photo as displayed; may be repeated. "
        "Its hue and chroma count; how light things are is the photo's own.",
    ),
]
HintsFile = Annotated[
    Path | None,
    typer.Option(
        "--hints", metavar="FILE", help='Hints in JSON: [[x, y, "#rrggbb"], …], for one picture.'
    ),
]
EffortChoice = Annotated[
    Effort,
    typer.Option(
        "--effort", help="best paints each picture mirrored and at another size too, and averages."
    ),
]
Candidates = Annotated[
    int,
    typer.Option(
        min=1,
        max=8,
        metavar="N",
        help="Write so many plausible pictures, the usual one first, and a contact sheet of them.",
    ),
]
Uncertainty = Annotated[
    bool,
    typer.Option(
        "--uncertainty",
        help="Write a grey map too, NAME.uncertainty.png: white where colours are a guess.",
    ),
]
Model = Annotated[
    str,
    typer.Option(metavar="NAME|FILE", help="A shipped model (`photochrom models`) or a .onnx."),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="jpeg, png, tiff, webp, avif, jpeg2000 or heif. Without it the picture's own; "
        "PNG for GIF, BMP, 1-bit and palette pictures.",
    ),
]
Quality = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=100,
        help="Of JPEG, WebP, AVIF and HEIF results; for a spliced JPEG of its colour.",
    ),
]
Jpeg = Annotated[
    JpegWay | None,
    typer.Option(
        help="Grey JPEG to JPEG: splice, the usual way, keeps the photo's own bytes, and `restore` "
        "gives them back; ordinary writes the file that old devices and print shops expect, and "
        "is the only way for drawings.",
        show_default=False,
    ),
]
Recolor = Annotated[
    bool, typer.Option("--recolor", help="Repaint photos that have real colour already.")
]
DeviceChoice = Annotated[Device, typer.Option("--device", help="What the network runs on.")]
Threads = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Processor threads; all cores without it.")
]
MaxMegapixels = Annotated[
    float,
    typer.Option(
        min=0, metavar="N", callback=_number, help="Refuse pictures with more pixels than this."
    ),
]
AllowTruncated = Annotated[
    bool,
    typer.Option("--allow-truncated", help="Colour what is there of a file that ends too early."),
]
