"""What a photo becomes in a shard: its own bytes wherever these will do."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.training.data.find import PhotoName
from photochrom.training.data.picture import Broken
from photochrom.training.data.sample import Sample, SampleOptions, read_sample


def sample_of(folder: Path, name: str, encoded: bytes, short_side_px: int = 0) -> Sample | Broken:
    (folder / name).write_bytes(encoded)
    return read_sample(PhotoName(folder, name), SampleOptions(short_side_px))


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_what_every_reader_knows_keeps_its_bytes(tmp_path: Path, draw, kind, suffix) -> None:
    encoded = draw(1, kind=kind)
    sample = sample_of(tmp_path, "a.jpeg", encoded, short_side_px=48)  # a suffix may lie
    assert isinstance(sample, Sample)
    assert (sample.encoded, sample.suffix) == (encoded, suffix)
    assert (sample.facts["width"], sample.facts["height"]) == (64, 48)


def test_other_formats_become_png_of_the_same_pixels(tmp_path: Path, draw) -> None:
    encoded = draw(1, kind="BMP")
    sample = sample_of(tmp_path, "a.bmp", encoded)
    assert isinstance(sample, Sample)
    assert sample.suffix == "png"
    with Image.open(io.BytesIO(sample.encoded)) as ours, Image.open(io.BytesIO(encoded)) as theirs:
        assert np.array_equal(np.asarray(ours), np.asarray(theirs))


def test_larger_photos_are_made_smaller_upright_where_asked(tmp_path: Path, draw) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = io.BytesIO()
    Image.open(io.BytesIO(draw(1, (300, 200)))).save(lying, "JPEG", exif=exif)
    sample = sample_of(tmp_path, "a.jpg", lying.getvalue(), short_side_px=100)
    assert isinstance(sample, Sample)
    assert sample.suffix == "webp"
    assert Image.open(io.BytesIO(sample.encoded)).size == (100, 150)
    assert (sample.facts["width"], sample.facts["height"]) == (200, 300)


def test_a_photo_that_ends_early_is_broken(tmp_path: Path, draw) -> None:
    whole = draw(1, (300, 200), "JPEG")
    sample = sample_of(tmp_path, "a.jpg", whole[: len(whole) // 2])
    assert isinstance(sample, Broken)
    assert "ends early" in sample.reason
