"""Kinds of JPEG that encoders really write and that Photochrom refuses or re-encodes."""

from __future__ import annotations

import base64
import io

import imagecodecs
import numpy as np
import pytest
from jpeg_changes import scene
from PIL import Image

from photochrom.errors import InputError
from photochrom.media.jpeg_kinds import require_decodable
from photochrom.media.jpeg_ordinary import ordinary
from photochrom.media.jpeg_segments import parse_jpeg
from photochrom.media.jpeg_splice import splice, why_not_spliceable
from photochrom.media.jpeg_tables import quantization_tables

DEEP = scene(40, 50).astype(np.uint16) * 16

# Written by `cjpeg -arithmetic -quality 75`: a slope of 16×16 px.
ARITHMETIC = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIx"
    "wcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/yQALCAAQABABAREA/8wABgAQEAX/2gAIAQEAAD8A/wC3iE3qwg08z6itG08c"
    "7Dsj0+D/2Q=="
)


@pytest.mark.parametrize(
    ("jpeg", "named"),
    [
        (imagecodecs.jpeg8_encode(DEEP, bitspersample=12), "a JPEG of 12 bits.*djpeg"),
        (imagecodecs.jpeg8_encode(DEEP, bitspersample=16, lossless=True), "a lossless JPEG.*djpeg"),
        (imagecodecs.ljpeg_encode(DEEP, bitspersample=12), "a lossless JPEG.*djpeg"),
        (imagecodecs.jpegls_encode(scene(40, 50)), "a JPEG-LS file.*thorfdbg"),
    ],
)
def test_real_files_that_nobody_reads_name_their_converter(jpeg: bytes, named: str) -> None:
    with pytest.raises(InputError, match=named):
        require_decodable(parse_jpeg(jpeg))
    with pytest.raises(InputError, match=named):
        splice(jpeg, *np.zeros((2, 20, 25), np.uint8))


def test_a_real_arithmetic_file_is_re_encoded_with_its_own_table() -> None:
    facts = parse_jpeg(ARITHMETIC)
    require_decodable(facts)
    assert facts.frame.arithmetic
    assert "arithmetic" in str(why_not_spliceable(facts))
    rgb = np.asarray(Image.open(io.BytesIO(ARITHMETIC)).convert("RGB"))
    written = parse_jpeg(ordinary(rgb, ARITHMETIC))
    assert written.frame.kind == 0
    assert quantization_tables(written)[0] == quantization_tables(facts)[0]
    shown = np.asarray(Image.open(io.BytesIO(written.jpeg)))
    assert np.abs(shown.astype(int) - rgb).mean() < 2
