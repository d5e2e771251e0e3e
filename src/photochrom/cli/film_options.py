"""The options of `photochrom video`, each with its help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Codec(StrEnum):
    """What the pictures are encoded with."""

    H264 = "h264"
    FFV1 = "ffv1"
    PRORES = "prores"


class Preset(StrEnum):
    """How much time H.264 takes for a smaller file."""

    ULTRAFAST = "ultrafast"
    SUPERFAST = "superfast"
    VERYFAST = "veryfast"
    FASTER = "faster"
    FAST = "fast"
    MEDIUM = "medium"
    SLOW = "slow"
    SLOWER = "slower"
    VERYSLOW = "veryslow"


Source = Annotated[Path, typer.Argument(metavar="IN", help="The film.", show_default=False)]
Target = Annotated[
    Path,
    typer.Argument(
        metavar="OUT",
        help="The film in colour: .mp4, .m4v or .mov, or .mkv, which holds everything.",
        show_default=False,
    ),
]
CodecChoice = Annotated[
    Codec,
    typer.Option(
        "--codec",
        help="h264 plays everywhere; ffv1 (.mkv) is lossless and prores (.mov, .mkv) nearly "
        "so, and both keep 10 bits and 4:2:2.",
    ),
]
PresetChoice = Annotated[
    Preset, typer.Option("--preset", help="Of H.264: slower ones make smaller files.")
]
Crf = Annotated[
    int, typer.Option(min=0, max=51, help="Of H.264: 0 lossless, 18 hardly seen, 51 worst.")
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="TIME", help="Begin there: 12.5, 1:30 or 1:02:03.5."),
]
To = Annotated[str | None, typer.Option("--to", metavar="TIME", help="End there.")]
Frames = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Colour so many frames at most.")
]
HintWords = Annotated[
    list[str] | None,
    typer.Option(
        "--hint",
        metavar="TIME@X,Y=#RRGGBB",
        help="The colour of what lies at that pixel of the frame shown at TIME, as displayed; "
        "it is carried through the shot. May be repeated.",
    ),
]
HintsFile = Annotated[
    Path | None,
    typer.Option("--hints", metavar="FILE", help='Hints in JSON: [[time, x, y, "#rrggbb"], …].'),
]
KeyFrames = Annotated[
    list[str] | None,
    typer.Option(
        "--key",
        metavar="TIME=PICTURE",
        help="The frame shown at TIME in the colours that it shall have; they are carried "
        "through the shot. May be repeated.",
    ),
]
NoSound = Annotated[bool, typer.Option("--no-sound", help="Leave the sound out.")]
NoSubtitles = Annotated[bool, typer.Option("--no-subtitles", help="Leave subtitles out.")]
