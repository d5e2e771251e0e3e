"""`photochrom video`: colour for a film."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photochrom.cli import options
from photochrom.cli.background import begin
from photochrom.cli.options import Device
from photochrom.cli.run import INTERRUPTED
from photochrom.errors import InputError
from photochrom.models.network import Network

if TYPE_CHECKING:
    from photochrom.film.job import FilmOutcome, OnFrame
    from photochrom.film.plan import FilmPlan
    from photochrom.film.told import Told


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


def video(
    source: Annotated[Path, typer.Argument(metavar="IN", help="The film.", show_default=False)],
    target: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="The film in colour: .mp4, .m4v or .mov, or .mkv, which holds everything.",
            show_default=False,
        ),
    ],
    *,
    codec: Annotated[
        Codec,
        typer.Option(
            help="h264 plays everywhere; ffv1 (.mkv) is lossless and prores (.mov, .mkv) nearly "
            "so, and both keep 10 bits and 4:2:2."
        ),
    ] = Codec.H264,
    preset: Annotated[
        Preset, typer.Option(help="Of H.264: slower ones make smaller files.")
    ] = Preset.VERYFAST,
    crf: Annotated[
        int, typer.Option(min=0, max=51, help="Of H.264: 0 lossless, 18 hardly seen, 51 worst.")
    ] = 18,
    begin_at: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="Begin there: 12.5, 1:30 or 1:02:03.5."),
    ] = None,
    end_at: Annotated[str | None, typer.Option("--to", metavar="TIME", help="End there.")] = None,
    frames: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Colour so many frames at most.")
    ] = None,
    strength: options.Strength = 1.0,
    vividness: options.Vividness = None,
    hint: Annotated[
        list[str] | None,
        typer.Option(
            "--hint",
            metavar="TIME@X,Y=#RRGGBB",
            help="The colour of what lies at that pixel of the frame shown at TIME, as displayed; "
            "it is carried through the shot. May be repeated.",
        ),
    ] = None,
    hints: Annotated[
        Path | None,
        typer.Option(
            "--hints", metavar="FILE", help='Hints in JSON: [[time, x, y, "#rrggbb"], …].'
        ),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            metavar="TIME=PICTURE",
            help="The frame shown at TIME in the colours that it shall have; they are carried "
            "through the shot. May be repeated.",
        ),
    ] = None,
    model: options.Model = "flagship",
    no_sound: Annotated[bool, typer.Option("--no-sound", help="Leave the sound out.")] = False,
    no_subtitles: Annotated[
        bool, typer.Option("--no-subtitles", help="Leave subtitles out.")
    ] = False,
    overwrite: options.Overwrite = False,
    device: options.DeviceChoice = Device.AUTO,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Give a black-and-white film believable colour, without flicker.

    Its own luma, its frame times, sound and subtitles are kept; only colour is added, and it
    follows the motion within each shot.

    Ctrl-C leaves a film that plays, and the same command goes on where it stopped.
    """
    loading = begin(lambda: Network(model, threads=threads, device=device.value))
    from photochrom.api import Colorizer
    from photochrom.film.job import colour_film
    from photochrom.film.parts import PartsFolder
    from photochrom.film.plan import Wanted, is_finished, plan_film
    from photochrom.media.video_writing import EncoderSettings

    wanted = Wanted(
        codec=codec.value,
        encoder=EncoderSettings(preset.value, crf, threads),
        begin=begin_at,
        end=end_at,
        frames=frames,
        strength=strength,
        vividness=vividness,
        told=_told(hint or [], hints, key or []),
        sound=not no_sound,
        subtitles=not no_subtitles,
    )
    plan = plan_film(source, target, wanted)
    colorizer = Colorizer(loading.result(), threads=threads)
    job = plan.job(colorizer)
    if (
        target.exists()
        and not overwrite
        and not PartsFolder(target, job, plan.target.codec.parts).is_begun()
    ):
        if is_finished(target, job):
            _say_finished(target, quiet=quiet, as_json=as_json)
            return
        raise InputError(f"{target} exists already: --overwrite replaces it")
    with _progress(plan, silent=quiet or as_json) as on_frame:
        outcome = colour_film(plan, colorizer, on_frame=on_frame)
    _say(plan, outcome, quiet=quiet, as_json=as_json)
    if outcome.interrupted:
        raise typer.Exit(INTERRUPTED)


def _told(hint: list[str], hints: Path | None, key: list[str]) -> tuple[Told, ...]:
    from photochrom.film.told import parse_film_hint, parse_key_frame, read_film_hints, together

    of_file = []
    if hints is not None:
        try:
            of_file = read_film_hints(hints.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"the hints {hints} cannot be read: {error}") from error
    return together([*map(parse_film_hint, hint), *of_file, *map(parse_key_frame, key)])


@contextmanager
def _progress(plan: FilmPlan, *, silent: bool) -> Iterator[OnFrame | None]:
    """A bar on stderr at a terminal; what is told there of each frame."""
    if silent or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    from photochrom.cli.progress import bar
    from photochrom.film.plan import expected_frames

    with bar(Console(stderr=True)) as progress:
        task = progress.add_task(plan.film.name, total=expected_frames(plan))
        yield lambda count: progress.update(task, completed=count)


def _say(plan: FilmPlan, outcome: FilmOutcome, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_record(plan, outcome)))
        return
    for note in [] if quiet else plan.notes:
        typer.echo(f"{plan.film.name}: {note}", err=True)
    if outcome.broken:
        typer.echo(f"{plan.film.name}: {outcome.broken} broken frames or pieces", err=True)
    if outcome.ends_early:
        typer.echo(f"{plan.film.name}: {outcome.ends_early}", err=True)
    if outcome.interrupted:
        kept = f"{outcome.path} plays as far as it goes" if outcome.path else "nothing written yet"
        typer.echo(
            f"interrupted after {outcome.frames} frames: {kept}; the same command goes on", err=True
        )
    elif not quiet:
        done = outcome.frames - outcome.gone_on_from
        shots = "1 shot" if outcome.shots == 1 else f"{outcome.shots} shots"
        typer.echo(
            f"{plan.film.path} → {outcome.path}: {outcome.frames} frames, {shots}, "
            f"{outcome.seconds:.1f} s, {done / outcome.seconds:.1f} frames a second"
        )


def _record(plan: FilmPlan, outcome: FilmOutcome) -> dict[str, object]:
    return {
        "source": str(plan.film.path),
        "status": "interrupted" if outcome.interrupted else "coloured",
        "result": None if outcome.path is None else str(outcome.path),
        "frames": outcome.frames,
        "frames_before": outcome.gone_on_from,
        "shots": outcome.shots,
        "broken": outcome.broken,
        "notes": [*plan.notes, *([outcome.ends_early] if outcome.ends_early else [])],
        "seconds": round(outcome.seconds, 3),
    }


def _say_finished(path: Path, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"status": "finished", "result": str(path)}))
    elif not quiet:
        typer.echo(f"{path} is finished: nothing to do")
