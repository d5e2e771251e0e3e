"""Small films for the tests: moving textures, with what a test wants to know of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

WIDTH, HEIGHT = 96, 64
TICKS = Fraction(1, 90000)
STEP = 3600  # 25 frames a second


def texture(seed: int, height: int, width: int) -> np.ndarray:
    """Smooth grey with edges, (height, width) uint8."""
    import cv2

    generator = np.random.default_rng(seed)
    coarse = generator.integers(30, 220, (5, 7)).astype(np.float32)
    grey = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    left, top = generator.integers(10, width // 2), generator.integers(8, height // 2)
    grey[top : top + 20, left : left + 24] = 200 if seed % 2 else 60
    return np.clip(grey, 18, 230).astype(np.uint8)


def moving(count: int, *, seed: int = 1, height: int = HEIGHT, width: int = WIDTH) -> list[Any]:
    """`count` frames of luma that pan over one texture, a pixel and a half a frame."""
    whole = texture(seed, height + count // 2 + 20, width + 2 * count + 10)
    return [
        np.ascontiguousarray(whole[i // 2 : i // 2 + height, (3 * i) // 2 : (3 * i) // 2 + width])
        for i in range(count)
    ]


def two_shots(count: int = 24) -> list[Any]:
    """Half of the frames of one texture, half of another."""
    return [*moving(count // 2, seed=1), *moving(count - count // 2, seed=8)]


def write_film(
    path: Path,
    frames: Sequence[np.ndarray],
    *,
    times: Iterable[int] | None = None,
    encoder: str = "ffv1",
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    tags: dict[str, Any] | None = None,
    rotation: float | None = None,
    seconds_of_sound: float = 0,
    subtitles: Sequence[tuple[float, float, str]] = (),
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write luma planes, uint8 or of the depth of `pix_fmt`, as a film; chroma is neutral.

    `times` are in `TICKS`; `tags` are attributes of the codec context; `subtitles` are start, end
    [s], text.
    """
    import av

    height, width = frames[0].shape
    with av.open(str(path), "w") as container:
        container.metadata.update(metadata or {})
        stream: Any = container.add_stream(encoder, rate=25, options=options or {})
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        stream.time_base = stream.codec_context.time_base = TICKS
        for name, value in (tags or {}).items():
            setattr(stream.codec_context, name, value)
        if rotation is not None:
            stream.set_display_rotation(rotation)
        sound: Any = container.add_stream("aac", rate=44100) if seconds_of_sound else None
        texts: Any = container.add_mux_stream("subrip") if subtitles else None
        if texts is not None:
            texts.time_base = Fraction(1, 1000)
        if sound is not None:
            _write_sound(container, sound, seconds_of_sound)
        if texts is not None:
            _write_subtitles(container, texts, subtitles)
        for time, luma in zip(times or range(0, STEP * len(frames), STEP), frames, strict=False):
            container.mux(stream.encode(picture_of(luma, pix_fmt, time)))
        container.mux(stream.encode(None))
    return path


def picture_of(luma: np.ndarray, pix_fmt: str, time: int) -> Any:
    """A frame of that luma and no colour."""
    import av

    picture = av.VideoFrame(luma.shape[1], luma.shape[0], pix_fmt)
    picture.pts, picture.time_base = time, TICKS
    middle = 128 if luma.dtype == np.uint8 else 128 << (picture.format.components[0].bits - 8)
    for number, plane in enumerate(picture.planes):
        rows = np.frombuffer(plane, luma.dtype).reshape(plane.height, -1)
        rows[:] = middle
        if number == 0:
            rows[:, : luma.shape[1]] = luma
    return picture


def _write_sound(container: Any, stream: Any, seconds: float) -> None:
    import av

    count = int(44100 * seconds)
    wave = (np.sin(np.arange(count) * 0.05) * 0.3).astype(np.float32)
    for start in range(0, count, 1024):
        piece = np.ascontiguousarray(np.tile(wave[start : start + 1024], (2, 1)))
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = 44100, start, Fraction(1, 44100)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _write_subtitles(
    container: Any, stream: Any, subtitles: Sequence[tuple[float, float, str]]
) -> None:
    import av

    for start, end, text in subtitles:
        packet: Any = av.Packet(text.encode())
        packet.stream, packet.time_base = stream, Fraction(1, 1000)
        packet.pts = packet.dts = round(start * 1000)
        packet.duration = round((end - start) * 1000)
        container.mux(packet)


def read_luma(path: Path, dtype: Any = np.uint8) -> list[np.ndarray]:
    """The luma planes of a film's frames."""
    return [plane(picture, 0, dtype) for picture in pictures(path)]


def plane(picture: Any, number: int, dtype: Any = np.uint8) -> np.ndarray:
    """A copy of one plane of a picture."""
    held = picture.planes[number]
    return np.frombuffer(held, dtype).reshape(held.height, -1)[:, : held.width].copy()


def pictures(path: Path) -> list[Any]:
    """A film's frames."""
    import av

    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def times_of(path: Path) -> list[Fraction]:
    """When each frame is shown [s]."""
    return [picture.pts * picture.time_base for picture in pictures(path)]


def packets_of(path: Path, kind: str) -> list[tuple[Fraction, bytes]]:
    """The packets of the first stream of a kind: when, and what."""
    import av

    with av.open(str(path)) as container:
        stream = next(stream for stream in container.streams if stream.type == kind)
        return [
            (packet.pts * packet.time_base, bytes(packet))
            for packet in container.demux(stream)
            if packet.pts is not None
        ]
