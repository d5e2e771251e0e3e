"""What a film becomes, decided before any work is done: everything that can be refused is here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.errors import InputError, SetupError
from photochrom.film.told import Told, within
from photochrom.media.video import Film, opened, read_film
from photochrom.media.video_formats import CODECS, Target, container_of, seconds_of, target_for
from photochrom.media.video_frames import Stretch
from photochrom.media.video_streams import choose_streams
from photochrom.media.video_writing import EncoderSettings
from photochrom.version import __version__

if TYPE_CHECKING:
    from photochrom.api import Colorizer

UNFINISHED = "Not finished."  # behind the label of a film that was interrupted
HEAD_BYTES = 1 << 20  # of a film, that tell it from others, with its size and date


@dataclass(frozen=True)
class Wanted:
    """What a user may say of a film's colouring."""

    codec: str = "h264"
    encoder: EncoderSettings = field(default_factory=EncoderSettings)
    begin: str | None = None  # times such as 12.5 or 1:02:03
    end: str | None = None
    frames: int | None = None
    strength: float = 1.0
    vividness: float | None = None
    told: tuple[Told, ...] = ()
    sound: bool = True
    subtitles: bool = True


@dataclass(frozen=True)
class FilmPlan:
    """A film, and how it is written where."""

    film: Film
    path: Path
    target: Target
    container: str
    stretch: Stretch
    streams: tuple[int, ...]
    notes: tuple[str, ...]  # what is lost or left out, in words
    wanted: Wanted

    def job(self, colorizer: Colorizer) -> dict[str, object]:
        """What the result depends on, as JSON: who has the same may go on with its parts."""
        import av

        source = self.film.path
        facts = source.stat()
        with source.open("rb") as file:
            head = hashlib.sha256(file.read(HEAD_BYTES)).hexdigest()
        return {
            "source": [source.name, facts.st_size, facts.st_mtime_ns, head],
            "model": colorizer.model.sha256,
            "wanted": asdict(replace(self.wanted, told=())),
            "told": [told.identity() for told in self.wanted.told],
            "versions": [__version__, av.__version__],
        }


def plan_film(source: Path, path: Path, wanted: Wanted) -> FilmPlan:
    """How `source` becomes `path`.

    Raises `InputError` for a source that is no film that can be coloured, and for a target that
    cannot hold what it would have to.
    """
    if wanted.codec not in CODECS:
        raise InputError(f"codec is {wanted.codec!r}, and it is one of {', '.join(CODECS)}")
    container = container_of(path, wanted.codec)
    if path.exists() and source.exists() and path.samefile(source):
        raise InputError(f"{path} is the film itself: choose another name for the result")
    if not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist")
    film = read_film(source)
    target = target_for(film, wanted.codec)
    stretch = _stretch(film, wanted)
    within(wanted.told, *_seconds(film, stretch))
    copied = choose_streams(
        film, path, wanted.codec, sound=wanted.sound, subtitles=wanted.subtitles
    )
    notes = [note for note in (target.lost, _rounded(film, container)) if note]
    notes += [f"not copied: {what}" for what in copied.left_out]
    return FilmPlan(
        film=film,
        path=path,
        target=target,
        container=container,
        stretch=stretch,
        streams=copied.streams,
        notes=tuple(notes),
        wanted=wanted,
    )


def _rounded(film: Film, container: str) -> str | None:
    """In words, where a container cannot hold the film's times as they are."""
    if container != "matroska" or (1000 * film.step * film.time_base).denominator == 1:
        return None
    return ".mkv holds times to the millisecond; .mp4 and .mov hold this film's exactly"


def _stretch(film: Film, wanted: Wanted) -> Stretch:
    begin = None if wanted.begin is None else seconds_of(wanted.begin, "--from")
    end = None if wanted.end is None else seconds_of(wanted.end, "--to")
    if film.duration_s is not None and begin is not None and begin >= film.duration_s:
        raise InputError(f"--from {wanted.begin}: {film.name} is {film.duration_s:.1f} s long")
    if end is not None and end <= (begin or 0):
        raise InputError(f"--to {wanted.end} does not lie after --from {wanted.begin or 0}")
    ticks = [None if time is None else round(time / film.time_base) for time in (begin, end)]
    return Stretch(ticks[0], ticks[1], wanted.frames)


def _seconds(film: Film, stretch: Stretch) -> tuple[float, float | None]:
    """Where a stretch begins and ends [s]."""
    end = film.duration_s if stretch.stop is None else float(stretch.stop * film.time_base)
    return float((stretch.first or 0) * film.time_base), end


def expected_frames(plan: FilmPlan) -> int | None:
    """About how many frames will be coloured, where the file lets one tell."""
    film, stretch = plan.film, plan.stretch
    if film.duration_s is None:
        return stretch.frames or film.frames
    whole = film.frames or round(film.duration_s * film.rate)
    begin, end = _seconds(film, stretch)
    share = max(0.0, min(end or 0.0, film.duration_s) - begin) / film.duration_s
    count = round(whole * share)
    return count if stretch.frames is None else min(count, stretch.frames)


def label(colorizer: Colorizer, job: Mapping[str, object]) -> str:
    """What the finished film says of itself: that a machine coloured it, and for which job."""
    model = colorizer.model
    return (
        f"Colours added by a machine: Photochrom {__version__}, model {model.name} "
        f"{model.version} (SHA-256 {model.sha256}). Job {job_hash(job)}."
    )


def job_hash(job: Mapping[str, object]) -> str:
    """A short name of a job, the same for the same job."""
    return hashlib.sha256(json.dumps(job, sort_keys=True).encode()).hexdigest()[:16]


def is_finished(path: Path, job: Mapping[str, object]) -> bool:
    """Whether `path` is the film that this very job made, whole."""
    if not path.exists():
        return False
    try:
        with opened(path) as container:
            said = container.metadata.get("comment", "")
    except (InputError, SetupError):
        return False
    return f"Job {job_hash(job)}." in said and UNFINISHED not in said
