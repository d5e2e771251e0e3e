"""Colour JPEG files of every kind whose luma must stay: `COLOURS` maps a name to a file's recipe.

Scans of toned prints in all samplings, by a dozen encoders, with the headers that old cameras and
scanners lay as traps.
"""

from __future__ import annotations

import functools
import io
import itertools
import struct
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
from jpeg_changes import ADOBE, Change, behind_app0, chain, changed, scene, without_app0
from jpeg_matrix import TRAPS
from numpy.typing import NDArray
from PIL import Image

from photochrom.media.jpeg_segments import SOS, parse_jpeg

SIZES = ((1, 1), (1, 17), (16, 1), (8, 8), (17, 15), (48, 64), (61, 83))
ENCODINGS: dict[str, dict[str, object]] = {
    "baseline": {},
    "optimized": {"optimize": True},
    "progressive": {"progressive": True},
    "restart": {"restart_marker_blocks": 3},
}
#: Changes of `jpeg_matrix` that leave a colour file a colour file.
HARMLESS = (
    *("id-0", "id-34", "id-255", "adobe-1", "adobe-1-no-jfif", "no-jfif", "fill-bytes"),
    *("colour-profile", "exif", "exif-first", "xmp", "extended-xmp", "photoshop", "jfif-thumbnail"),
    *("jfxx", "trailing", "trailing-jpeg", "two-pictures", "two-pictures-big-endian"),
    *("stale-record", "zeros-before-end"),
)


def toned(height: int, width: int) -> NDArray[np.uint8]:
    """A sepia print with a stain, (H, W, 3)."""
    grey = scene(height, width).astype(np.float64)
    rgb = grey[..., None] * np.array([1.0, 0.88, 0.7])
    rgb[: height // 3, : width // 4, 2] *= 0.8
    return np.clip(rgb, 0, 255).astype(np.uint8)


def colour_jpeg(height: int, width: int, sampling: str = "4:2:0", **options: object) -> bytes:
    """The print as Pillow writes it."""
    written = io.BytesIO()
    picture = Image.fromarray(toned(height, width))
    picture.save(written, "JPEG", subsampling=sampling, **{"quality": 88, **options})
    return written.getvalue()


# ---------------------------------------------------------------- other encoders


def by_opencv(progressive: int = 0) -> bytes:
    import cv2

    options = [cv2.IMWRITE_JPEG_PROGRESSIVE, progressive, cv2.IMWRITE_JPEG_QUALITY, 83]
    return cv2.imencode(".jpg", toned(45, 59)[..., ::-1], options)[1].tobytes()


def by_ffmpeg() -> bytes:
    import av

    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "frame.jpg")
        with av.open(path, "w", format="image2") as output:
            stream = output.add_stream("mjpeg", rate=Fraction(1))
            stream.width, stream.height, stream.pix_fmt = 60, 46, "yuvj420p"
            frame = av.VideoFrame.from_ndarray(toned(46, 60), format="rgb24")
            for packet in (*stream.encode(frame.reformat(format="yuvj420p")), *stream.encode()):
                output.mux(packet)
        return Path(path).read_bytes()


def by_imagecodecs() -> bytes:
    import imagecodecs

    return bytes(imagecodecs.jpeg8_encode(toned(45, 59), level=80))


def by_jpeglib(version: str) -> bytes:
    import jpeglib

    with tempfile.TemporaryDirectory() as folder, jpeglib.version(version):
        path = str(Path(folder) / "written.jpg")
        jpeglib.from_spatial(toned(45, 59)).write_spatial(path, qt=77)
        return Path(path).read_bytes()


ENCODERS: dict[str, Callable[[], bytes]] = {
    "opencv": by_opencv,
    "opencv-progressive": functools.partial(by_opencv, 1),
    "ffmpeg": by_ffmpeg,
    "imagecodecs": by_imagecodecs,
    **{
        f"libjpeg-{version}": functools.partial(by_jpeglib, version)
        for version in ("6b", "7", "8d", "9f", "turbo120", "turbo210", "mozjpeg101", "mozjpeg403")
    },
}

# ---------------------------------------------------------------- made by hand


def arithmetic(height: int, width: int) -> bytes:
    """The print in arithmetic coding."""
    from photochrom.media.jpeg_coefficients import Coding, read_planes, write_planes

    facts = parse_jpeg(colour_jpeg(height, width))
    planes = read_planes(facts)
    return write_planes(planes, height, width, facts.sampling, coding=Coding.ARITHMETIC)


def one_scan_each(jpeg: bytes) -> bytes:
    """The planes of a sequential file in a scan each, as few encoders write them."""
    from photochrom.media.jpeg_chroma import as_scans_of
    from photochrom.media.jpeg_coefficients import read_planes, write_planes

    facts = parse_jpeg(jpeg)
    scans = b""
    for component, plane in zip(facts.frame.components, read_planes(facts), strict=True):
        rows, columns = plane.blocks.shape[:2]
        alone = parse_jpeg(write_planes([plane], rows * 8, columns * 8))
        scans += as_scans_of(component.identifier, alone)
    return jpeg[: facts.scans[0].segment.start] + scans + b"\xff\xd9"


def wide_tables(jpeg: bytes) -> bytes:
    """Quantization tables of 16 bits, a step of 300 among them, in an extended file."""

    def widened(body: bytes) -> bytes:
        slots = [body[at : at + 65] for at in range(0, len(body), 65)]
        return b"".join(bytes((0x10 | s[0],)) + struct.pack(">64H", *s[1:64], 300) for s in slots)

    wide = changed(0xDB, widened)(jpeg)
    at = parse_jpeg(wide).frame.segment.body - 3
    return wide[:at] + b"\xc1" + wide[at + 1 :]


def other_ids(*identifiers: int) -> Change:
    """All three components under other ids, in the frame and in the scans."""

    def apply(jpeg: bytes) -> bytes:
        facts = parse_jpeg(jpeg)
        new = dict(zip((c.identifier for c in facts.frame.components), identifiers, strict=True))

        def in_frame(body: bytes) -> bytes:
            named = bytearray(body)
            for at in range(6, len(body), 3):
                named[at] = new[body[at]]
            return bytes(named)

        def in_scan(body: bytes) -> bytes:
            named = bytearray(body)
            for at in range(1, 1 + 2 * body[0], 2):
                named[at] = new[body[at]]
            return bytes(named)

        return chain(changed(facts.frame.segment.marker, in_frame), changed(SOS, in_scan))(jpeg)

    return apply


def _files() -> dict[str, Callable[[], bytes]]:
    files: dict[str, Callable[[], bytes]] = dict(ENCODERS)
    ways = itertools.product(SIZES, ("4:4:4", "4:2:2", "4:2:0"), ENCODINGS.items())
    for (height, width), sampling, (name, options) in ways:
        files[f"{name}-{sampling}-{height}x{width}"] = functools.partial(
            colour_jpeg, height, width, sampling, **options
        )
    for trap, (kind, options) in itertools.product(HARMLESS, ENCODINGS.items()):
        files[f"{kind}-{trap}"] = functools.partial(_changed, TRAPS[trap], options)
    for quality, progressive in itertools.product((1, 30, 75, 100), (False, True)):
        files[f"quality-{quality}-{progressive}"] = functools.partial(
            colour_jpeg, 40, 56, quality=quality, progressive=progressive
        )
    by_hand: dict[str, Change] = {
        "one-scan-each": one_scan_each,
        "16-bit-tables": wide_tables,
        "ids-0-1-2": other_ids(0, 1, 2),
        "ids-far": chain(other_ids(200, 7, 90), behind_app0(ADOBE[1])),
        "ids-far-nothing-said": chain(other_ids(200, 7, 90), without_app0),
        "sampled-2x2": _all_sampled_2x2,
    }
    for (name, change), sampling in itertools.product(by_hand.items(), ("4:4:4", "4:2:0")):
        if name != "sampled-2x2" or sampling == "4:4:4":
            files[f"{name}-{sampling}"] = functools.partial(
                _changed, change, {"sampling": sampling}
            )
    for height, width in SIZES:
        files[f"arithmetic-{height}x{width}"] = functools.partial(arithmetic, height, width)
    return files


def _all_sampled_2x2(jpeg: bytes) -> bytes:
    """A 4:4:4 file whose components all say 1×2, which is 4:4:4 too but a larger MCU."""
    facts = parse_jpeg(one_scan_each(jpeg))

    def fine(body: bytes) -> bytes:
        sampled = bytearray(body)
        for at in range(7, len(body), 3):
            sampled[at] = 0x22
        return bytes(sampled)

    return changed(facts.frame.segment.marker, fine)(facts.jpeg)


def _changed(change: Change, options: dict[str, object]) -> bytes:
    return change(colour_jpeg(45, 59, **options))


COLOURS = _files()


def _adobe_rgb(jpeg: bytes) -> bytes:
    return jpeg[:2] + ADOBE[0] + jpeg[2:]


def _cmyk() -> bytes:
    written = io.BytesIO()
    Image.fromarray(toned(16, 24)).convert("CMYK").save(written, "JPEG")
    return written.getvalue()


#: What cannot be kept, and the words that say why.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "rgb": (lambda: other_ids(*b"RGB")(without_app0(colour_jpeg(16, 16, "4:4:4"))), "red, green"),
    "adobe-rgb": (lambda: _changed(chain(without_app0, _adobe_rgb), {}), "red, green"),
    "cmyk": (_cmyk, "CMYK"),
    "same-ids": (lambda: _changed(other_ids(1, 1, 3), {}), "same id"),
}


@functools.cache
def colour_file(name: str) -> bytes:
    """One file of `COLOURS`."""
    return COLOURS[name]()
