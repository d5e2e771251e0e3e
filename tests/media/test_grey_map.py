"""Maps of a quantity are grey PNGs of the photo's size."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from photochrom.media.grey_map import encode_grey_map
from photochrom.media.provenance import Provenance, merged_xmp, read_provenance


@pytest.mark.parametrize("size", [(64, 96), (3, 2), (1, 1)])
def test_a_map_has_the_photos_size(size: tuple[int, int]) -> None:
    values = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    encoded = encode_grey_map(values, height=size[0], width=size[1])
    with Image.open(io.BytesIO(encoded)) as picture:
        assert (picture.format, picture.mode) == ("PNG", "L")
        assert picture.size == (size[1], size[0])


def test_black_is_none_and_white_is_all() -> None:
    values = np.repeat(np.array([[0, 0.5, 1]], np.float32), 4, axis=0)
    with Image.open(io.BytesIO(encode_grey_map(values, height=40, width=30))) as picture:
        levels = np.asarray(picture)
    assert levels[20, [0, 15, 29]].tolist() == pytest.approx([0, 128, 255], abs=8)


def test_a_map_carries_the_record_of_its_making() -> None:
    record = Provenance("00", "flagship", "1", "11", options="map=uncertainty")
    xmp = merged_xmp(None, record)
    encoded = encode_grey_map(np.zeros((2, 2), np.float32), height=9, width=9, xmp=xmp)
    assert read_provenance(encoded).options == "map=uncertainty"
