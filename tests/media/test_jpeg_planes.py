"""The luma of colour JPEGs stays to the last coefficient, and all three planes can be had back."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from colour_jpegs import COLOURS, REFUSED, colour_file, colour_jpeg, one_scan_each
from jpeg_coloured import PACKET, small_colour
from PIL import Image

from photochrom.errors import InputError, SetupError
from photochrom.media.jpeg_coefficients import Plane, read_planes
from photochrom.media.jpeg_luma import chroma_sampling
from photochrom.media.jpeg_ordinary import ordinary_of_luma
from photochrom.media.jpeg_planes import luma_alone, with_chroma_again
from photochrom.media.jpeg_record import CHROMA_SIGNATURE
from photochrom.media.jpeg_restore import restored
from photochrom.media.jpeg_segments import JpegFacts, parse_jpeg
from photochrom.media.jpeg_splice import splice

EXACT = ("baseline-4:2:0-48x64", "optimized-4:4:4-61x83", "arithmetic-61x83", "libjpeg-6b")


def planes_of(jpeg: bytes) -> list[Plane]:
    return read_planes(parse_jpeg(jpeg))


def new_chroma(facts: JpegFacts) -> np.ndarray:
    across, down = chroma_sampling(facts)
    size = -(-facts.height // down), -(-facts.width // across)
    ramp = np.add.outer(np.arange(size[0]), np.arange(size[1]))
    return (128 + 30 * np.sin(ramp / 9)).astype(np.uint8)


def coloured(jpeg: bytes) -> bytes:
    facts = parse_jpeg(jpeg)
    chroma = new_chroma(facts)
    return splice(
        luma_alone(facts),
        chroma,
        chroma,
        sampling=chroma_sampling(facts),
        xmp=PACKET,
        exif_thumbnail=small_colour(),
    )


@pytest.mark.parametrize("name", list(COLOURS)[::2])
def test_luma_stays_and_all_planes_come_back(name: str) -> None:
    original = colour_file(name)
    result = coloured(original)
    before = planes_of(original)
    assert planes_of(result)[0] == before[0]
    back = restored(result)
    assert planes_of(back.jpeg) == before
    assert back.is_exact == (back.jpeg == original)
    for jpeg in (result, back.jpeg):
        with Image.open(io.BytesIO(jpeg)) as picture:
            picture.load()
            assert picture.mode == "RGB"


@pytest.mark.parametrize("name", EXACT)
def test_what_libjpeg_coded_in_one_scan_comes_back_byte_for_byte(name: str) -> None:
    original = colour_file(name)
    assert restored(coloured(original)).jpeg == original


@pytest.mark.parametrize("name", list(COLOURS)[::5])
def test_an_ordinary_jpeg_keeps_the_luma_too(name: str) -> None:
    facts = parse_jpeg(colour_file(name))
    chroma, sampling = new_chroma(facts), chroma_sampling(facts)
    if name.startswith("16-bit"):
        with pytest.raises(InputError, match="16 bits"):
            ordinary_of_luma(facts, chroma, chroma, sampling=sampling)
        return
    encoded = ordinary_of_luma(facts, chroma, chroma, sampling=sampling, xmp=PACKET)
    result = parse_jpeg(encoded)
    assert (result.frame.kind, len(result.scans)) == (0, 1)
    assert read_planes(result)[0] == read_planes(facts)[0]
    assert PACKET in encoded


@pytest.mark.parametrize("sampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_the_sampling_of_the_original_is_kept(sampling: str) -> None:
    original = colour_jpeg(45, 59, sampling)
    (across, down), *_ = parse_jpeg(coloured(original)).sampling
    assert f"{across}x{down}" == {"4:4:4": "1x1", "4:2:2": "2x1", "4:2:0": "2x2"}[sampling]


def test_an_unusual_sampling_becomes_the_usual_one() -> None:
    def four_to_one(jpeg: bytes) -> bytes:
        at = parse_jpeg(jpeg).frame.segment.body + 7
        return jpeg[:at] + b"\x41" + jpeg[at + 1 :]

    # 4:4:4 planes read as 4:1:1 are no picture, but their headers are what counts here.
    facts = parse_jpeg(four_to_one(one_scan_each(colour_jpeg(16, 32, "4:4:4"))))
    assert chroma_sampling(facts) == (2, 2)


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_luma_to_keep_is_refused_by_name(name: str) -> None:
    make, words = REFUSED[name]
    with pytest.raises(InputError, match=words):
        luma_alone(parse_jpeg(make()))


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jpeglib", None)
    with pytest.raises(SetupError, match=r"photochrom\[jpeg\]"):
        luma_alone(parse_jpeg(colour_jpeg(16, 16)))


def with_record(change: slice, new: bytes) -> bytes:
    grey = luma_alone(parse_jpeg(colour_jpeg(40, 56)))
    at = grey.index(CHROMA_SIGNATURE) + len(CHROMA_SIGNATURE) + 5
    record = bytearray(grey[at:])
    record[change] = new
    return grey[:at] + bytes(record)


@pytest.mark.parametrize(
    ("change", "new"),
    [
        (slice(0, 1), b"\0"),  # the original's digest
        (slice(40, 41), b"\0"),  # a plane's
        (slice(128, 129), b"\x09"),  # the coding
        (slice(129, 137), b"\xff" * 8),  # how long a stream is
        (slice(145, 147), b"\0\0"),  # the stream itself
    ],
)
def test_a_damaged_record_gives_words_and_never_another_picture(change: slice, new: bytes) -> None:
    with pytest.raises(InputError):
        with_chroma_again(with_record(change, new))


def test_a_stream_that_claims_to_be_huge_is_refused_before_it_is_decoded() -> None:
    grey = luma_alone(parse_jpeg(colour_jpeg(40, 56)))
    start = grey.index(CHROMA_SIGNATURE) + len(CHROMA_SIGNATURE) + 5 + 145
    frame = grey.index(b"\xff\xc0\0\x0b\x08", start) + 5
    hostile = grey[:frame] + b"\xff\xf0\xff\xf0" + grey[frame + 4 :]
    with pytest.raises(InputError, match="another size"):
        with_chroma_again(hostile)


def test_what_cannot_be_decoded_is_said_and_nothing_is_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    facts = parse_jpeg(colour_jpeg(40, 56))
    at = next(facts.with_marker(0xDB)).body  # without its first quantization table
    jpeg = facts.jpeg[:at] + b"\3" + facts.jpeg[at + 1 :]
    with pytest.raises(InputError, match="cannot be decoded"):
        read_planes(parse_jpeg(jpeg))
    assert capfd.readouterr().out == ""
