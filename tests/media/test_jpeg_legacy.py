"""Real old photographs: coloured by the splice, every one comes back byte for byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jpeg_changes import chroma
from jpeg_coloured import PACKET, grey_bytes, levels, small_colour, ycbcr
from jpeg_matrix import srgb_profile

from photochrom.media.jpeg_restore import restore
from photochrom.media.jpeg_segments import parse_jpeg
from photochrom.media.jpeg_splice import splice


def test_every_legacy_photograph_is_given_back(shared: Path) -> None:
    paths = sorted(path for path in (shared / "bench" / "legacy").iterdir() if path.is_file())
    assert len(paths) >= 24
    for path in paths:
        grey = grey_bytes(path)
        facts = parse_jpeg(grey)
        planes = chroma(facts.height, facts.width)
        coloured = splice(
            grey, *planes, xmp=PACKET, icc=srgb_profile(), exif_thumbnail=small_colour()
        )
        np.testing.assert_array_equal(ycbcr(coloured)[..., 0], levels(grey), err_msg=path.name)
        assert restore(coloured) == grey, path.name
