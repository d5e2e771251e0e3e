"""A film coloured from file to file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.film.ahead import ahead
from photochrom.film.flow import Luma
from photochrom.film.look import Looker
from photochrom.film.steadying import Steady, steadied
from photochrom.media.video import Film
from photochrom.media.video_formats import Target, container_of, target_for
from photochrom.media.video_frames import FilmFrame, Stretch, read_frames
from photochrom.media.video_joining import Joined, Part, join
from photochrom.media.video_packets import Broken
from photochrom.media.video_streams import choose_streams
from photochrom.media.video_writing import (
    EncoderSettings,
    PartWriter,
    colour,
    in_target_format,
    plane_levels,
)
from photochrom.pipeline import in_order

if TYPE_CHECKING:
    from photochrom.api import Colorizer


def colour_film(
    film: Film,
    path: Path,
    colorizer: Colorizer,
    codec: str = "h264",
    settings=EncoderSettings(),
    stretch=Stretch(),
) -> Broken:
    target = target_for(film, codec)
    container = container_of(path, codec)
    copied = choose_streams(film, path, codec)
    looker = Looker(film, target, colorizer, strength=1.0)
    broken = Broken()
    part = path.with_name(f".{path.name}.part.nut")

    def shrunk() -> Iterator[tuple[FilmFrame, Luma]]:
        for frame in read_frames(film, stretch, broken):
            picture = in_target_format(frame.picture, film, target)
            luma = plane_levels(picture.planes[0], target.coding.bits)
            yield FilmFrame(frame.time, picture), looker.small(luma)

    def paint(steady: Steady[FilmFrame]) -> Steady[FilmFrame]:
        colour(steady.frame.picture, steady.small, target)
        return steady

    first = None
    with PartWriter(part, film, target, settings) as writer:
        steady = ahead(steadied(ahead(shrunk(), 8), looker.chroma), 4)
        for done in in_order(paint, steady, workers=2):
            first = done.frame.time if first is None else first
            writer.write(done.frame.picture, done.frame.time)
    join(
        Joined(
            film,
            target,
            container,
            [Part(part, first)],
            stretch.first,
            None,
            "hello",
            copied.streams,
        ),
        path,
    )
    part.unlink()
    return broken
