"""`photochrom video`: colour for a film."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from photochrom.cli import film_options, options
from photochrom.cli.background import begin
from photochrom.cli.film_options import Codec, Preset
from photochrom.cli.options import Device
from photochrom.cli.run import INTERRUPTED
from photochrom.errors import InputError
from photochrom.models.network import Network

if TYPE_CHECKING:
    from photochrom.film.job import FilmOutcome, OnFrame
    from photochrom.film.plan import FilmPlan
    from photochrom.film.told import Told


def video(
    source: film_options.Source,
    target: film_options.Target,
    *,
    codec: film_options.CodecChoice = Codec.H264,
    preset: film_options.PresetChoice = Preset.VERYFAST,
    crf: film_options.Crf = 18,
    begin_at: film_options.From = None,
    end_at: film_options.To = None,
    frames: film_options.Frames = None,
    strength: options.Strength = 1.0,
    vividness: options.Vividness = None,
    hint: film_options.HintWords = None,
    hints: film_options.HintsFile = None,
    key: film_options.KeyFrames = None,
    model: options.Model = "flagship",
    no_sound: film_options.NoSound = False,
    no_subtitles: film_options.NoSubtitles = False,
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
        frames = counted(outcome.frames, "frame")
        typer.echo(f"interrupted after {frames}: {kept}; the same command goes on", err=True)
    elif not quiet:
        rate = (outcome.frames - outcome.gone_on_from) / outcome.seconds
        typer.echo(
            f"{plan.film.path} → {outcome.path}: {counted(outcome.frames, 'frame')}, "
            f"{counted(outcome.shots, 'shot')}, {outcome.seconds:.1f} s, {rate:.1f} frames a second"
        )


def counted(number: int, thing: str) -> str:
    """So many of a thing.

    >>> counted(1, "frame"), counted(20, "frame")
    ('1 frame', '20 frames')
    """
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


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
