"""One tone is told from real colour."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from skimage import data

from photochrom.color.lab import grey_to_lightness, lab_to_rgb, rgb_to_lab
from photochrom.color.resize import shrink
from photochrom.color.tone import has_real_colour, real_colour

PHOTOS = ["astronaut", "chelsea", "coffee", "rocket"]  # bundled with scikit-image


def photo(name: str) -> np.ndarray:
    """Rgb of a scikit-image picture at 256 px at most."""
    rgb = getattr(data, name)()
    scale = 256 / max(rgb.shape[:2])
    height, width = (round(side * scale) for side in rgb.shape[:2])
    return np.rint(shrink(rgb, height, width)).astype(np.uint8)


def tinted(name: str, shadows: tuple[float, float], highlights: tuple[float, float]) -> np.ndarray:
    """The picture's lightness in one tone that runs from shadows to highlights (a*, b*)."""
    lightness, _ = rgb_to_lab(photo(name))
    share = (lightness / 100)[..., None]
    ab = (1 - share) * np.array(shadows) + share * np.array(highlights)
    return lab_to_rgb(lightness, ab.astype(np.float32))


@pytest.mark.parametrize("name", PHOTOS)
def test_colour_photographs_have_real_colour(name):
    assert has_real_colour(photo(name))


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize(
    ("shadows", "highlights"),
    [((0, 0), (0, 0)), ((10, 20), (3, 12)), ((2, -30), (-4, -8)), ((8, -4), (0, 6))],
    ids=["grey", "sepia", "cyanotype", "selenium"],
)
def test_toned_photographs_have_one_tone(name, shadows, highlights):
    assert not has_real_colour(tinted(name, shadows, highlights))


@pytest.mark.parametrize("name", PHOTOS)
def test_jpeg_and_scanner_noise_are_not_colour(name, rng):
    sepia = tinted(name, (10, 20), (3, 12))
    noisy = np.clip(sepia + rng.normal(0, 4, sepia.shape), 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noisy).save(stream, "JPEG", quality=70)
    assert not has_real_colour(np.asarray(Image.open(stream)))


def test_an_uneven_fade_is_one_tone():
    lightness, _ = rgb_to_lab(photo("astronaut"))
    across = np.linspace(0.3, 1.5, lightness.shape[1])[:, None]
    ab = np.broadcast_to(across * np.array([8, 16]), (*lightness.shape, 2))
    assert not has_real_colour(lab_to_rgb(lightness, ab.astype(np.float32)))


def test_one_coloured_coat_in_a_grey_picture_is_real_colour():
    rgb = photo("astronaut")
    grey = lab_to_rgb(rgb_to_lab(rgb)[0], np.zeros((*rgb.shape[:2], 2), np.float32))
    grey[100:, 60:160] = rgb[100:, 60:160]
    assert has_real_colour(grey)


def test_grey_scores_nothing(rng):
    grey = rng.integers(0, 256, (60, 90, 1), dtype=np.uint8).repeat(3, axis=2)
    assert real_colour(grey) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("size", [(1, 1), (1, 500), (2, 2), (500, 3)])
def test_tiny_and_thin_pictures_have_an_answer(size, dtype, rng):
    rgb = rng.integers(0, np.iinfo(dtype).max, (*size, 3)).astype(dtype)
    assert real_colour(rgb) >= 0


def test_sixteen_bits_score_as_eight():
    rgb = photo("coffee")
    assert real_colour(rgb.astype(np.uint16) * 257) == pytest.approx(real_colour(rgb), rel=1e-3)


def test_old_photographs_have_one_tone_and_new_ones_more(shared):
    old = sorted((shared / "bench" / "legacy").glob("*"))[::6]
    for path in old:
        with Image.open(path) as image:
            image.thumbnail((256, 256))
            lightness = grey_to_lightness(np.asarray(image.convert("L")))
        sepia = lab_to_rgb(lightness, np.full((*lightness.shape, 2), 12, np.float32))
        assert not has_real_colour(sepia), path
    new = sorted((shared / "bench" / "people").glob("*"))[::8]
    coloured = [has_real_colour(np.asarray(Image.open(path).convert("RGB"))) for path in new]
    assert np.mean(coloured) >= 0.95
