"""What a user may wish for, through the public door: hints, vividness, candidates, uncertainty."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from hint_model import write_hint_model
from photochrom import Colorizer, Hint, InputError
from photochrom.color.lab import rgb_to_lab
from photochrom.color.spread import spots_of, within_gamut
from rgb_model import write_rgb_model

RED = Hint(60, 50, (160, 48, 32))
MOST_OFF = 5.0


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return Colorizer(threads=1)


@pytest.fixture
def told(tmp_path: Path) -> Colorizer:
    """By a model that paints hints, and nothing else."""
    return Colorizer(write_hint_model(tmp_path / "told.onnx"), threads=1)


@pytest.fixture
def inks(tmp_path: Path) -> Colorizer:
    """By a model that paints lightness too."""
    return Colorizer(write_rgb_model(tmp_path / "inks.onnx"), threads=1)


def coat(height: int = 100, width: int = 140) -> np.ndarray:
    """Grey: light above, darker below, a dark block between."""
    grey = np.full((height, width), 200, np.uint8)
    grey[height // 2 :] = 130
    grey[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = 80
    return grey


def jpeg(grey: np.ndarray, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    written = io.BytesIO()
    Image.fromarray(grey).save(written, "JPEG", quality=95, exif=exif.tobytes())
    return written.getvalue()


def luma(encoded: bytes) -> np.ndarray:
    """A JPEG's first component, as stored."""
    with Image.open(io.BytesIO(encoded)) as picture:
        if picture.mode == "RGB":
            picture.draft("YCbCr", picture.size)
        return np.asarray(picture).reshape(picture.height, picture.width, -1)[..., 0]


def off(rgb: np.ndarray, hint: Hint) -> float:
    """How far the hint's pixel is from it, the larger of a* and b*."""
    spot = spots_of([hint], height=rgb.shape[0], width=rgb.shape[1])
    row, column = (int(place[0]) for place in spot.pixels(*rgb.shape[:2]))
    lightness, ab = rgb_to_lab(rgb[row : row + 1, column : column + 1])
    return float(np.abs(ab[0] - within_gamut(lightness[0], spot.ab)).max())


def test_hints_come_in_every_spelling(colorizer) -> None:
    spellings = [RED, (60, 50, "#a03020"), (60.0, 50.0, (160, 48, 32))]
    pictures = [colorizer.colorize(coat(), hints=[one]).rgb for one in spellings]
    assert all(np.array_equal(pictures[0], other) for other in pictures[1:])
    assert off(pictures[0], RED) < MOST_OFF


def test_hints_are_met_by_a_model_that_takes_them_too(told) -> None:
    assert off(told.colorize(coat(), hints=[RED]).rgb, RED) < MOST_OFF


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_keeps_its_luma_and_meets_hints_as_it_is_displayed(colorizer, orientation) -> None:
    source = jpeg(coat(), orientation)
    width, height = (100, 140) if orientation >= 5 else (140, 100)
    hint = Hint(0.45 * width, 0.5 * height, (150, 80, 70))
    encoded, saved = colorizer.colorize(source, hints=[hint]).encode(format="JPEG")
    assert saved.way == "splice"
    with Image.open(io.BytesIO(encoded)) as picture:
        shown = ImageOps.exif_transpose(picture).convert("RGB")
    assert off(np.asarray(shown), hint) < MOST_OFF
    assert np.array_equal(luma(encoded), luma(source))


def test_a_hint_outside_the_photo_is_refused_at_once(colorizer) -> None:
    with pytest.raises(InputError, match="outside the photo"):
        colorizer.colorize(coat(), hints=[(141, 5, "#fff")])


def test_what_was_wished_is_recorded(colorizer) -> None:
    photo = colorizer.colorize(coat(), hints=[RED], vividness=0.75, effort="best")
    said = photo.provenance("quality=80").options
    assert said == "vividness=0.75 effort=best hint=60,50=#a03020 quality=80"
    assert not colorizer.colorize(coat()).provenance().options


def test_vividness_goes_from_cautious_to_vivid(colorizer) -> None:
    grey = coat()
    painted = [colorizer.colorize(grey, vividness=v).ab for v in (0.0, 0.5, 1.0)]
    chroma = [float(np.hypot(ab[..., 0], ab[..., 1]).mean()) for ab in painted]
    assert chroma[0] < chroma[1] < chroma[2]
    assert np.allclose(painted[1], colorizer.colorize(grey).ab, atol=1e-3)
    assert colorizer.default_vividness == 0.5


@pytest.mark.parametrize("vividness", [-0.1, 1.1, float("nan")])
def test_no_vividness_lies_outside(colorizer, vividness) -> None:
    with pytest.raises(InputError, match="vividness"):
        colorizer.colorize(coat(), vividness=vividness)


def test_an_unknown_effort_is_refused_with_those_that_are_known(colorizer) -> None:
    with pytest.raises(InputError, match="usual, best"):
        colorizer.colorize(coat(), effort="heroic")


def test_the_best_effort_is_the_same_for_a_photo_and_its_mirror(colorizer) -> None:
    grey = np.random.default_rng(4).integers(0, 255, (12, 16), np.uint8).repeat(10, 0).repeat(10, 1)
    photo = colorizer.colorize(grey, effort="best")
    mirror = colorizer.colorize(np.ascontiguousarray(grey[:, ::-1]), effort="best")
    assert np.abs(photo.ab - mirror.ab[:, ::-1]).mean() < 0.1
    assert np.abs(photo.ab - colorizer.colorize(grey).ab).mean() > 0.1


def test_the_best_effort_meets_hints(told) -> None:
    assert off(told.colorize(coat(), hints=[RED], effort="best").rgb, RED) < MOST_OFF


def test_the_first_candidate_is_the_ordinary_result(colorizer) -> None:
    photos = colorizer.candidates(coat(), 3, strength=0.8)
    assert len(photos) == 3
    assert np.array_equal(photos[0].rgb, colorizer.colorize(coat(), strength=0.8).rgb)
    assert photos[1].provenance().options == "candidate=2"
    assert np.abs(photos[1].ab - photos[2].ab).max() > 1


def test_candidates_keep_to_hints(colorizer) -> None:
    for photo in colorizer.candidates(coat(), 3, hints=[RED]):
        assert off(photo.rgb, RED) < MOST_OFF


@pytest.mark.parametrize("count", [0, 9])
def test_there_are_one_to_eight_candidates(colorizer, count) -> None:
    with pytest.raises(InputError, match="1 to 8"):
        colorizer.candidates(coat(), count)


def test_uncertainty_is_low_where_the_model_is_sure(told) -> None:
    grey = np.full((64, 64), 230, np.uint8)
    grey[:, 32:] = 20
    unsure = told.colorize(grey).uncertainty
    assert unsure.dtype == np.float32
    assert unsure.shape == (8, 8)
    assert unsure[:, :3].max() < 0.05
    assert 0.8 < unsure[:, 5:].min() <= unsure.max() <= 1


def test_uncertainty_lies_between_none_and_all(colorizer) -> None:
    unsure = colorizer.colorize(coat()).uncertainty
    assert 0 < unsure.min() < unsure.max() < 1


def test_a_model_of_drawings_refuses_what_it_cannot_do(inks, colorizer) -> None:
    assert colorizer.takes_hints
    assert not inks.takes_hints
    assert inks.default_vividness is None
    for wish in ({"hints": [RED]}, {"vividness": 0.5}, {"effort": "best"}):
        with pytest.raises(InputError, match="inks"):
            inks.colorize(coat(), **wish)
    with pytest.raises(InputError, match="no candidates"):
        inks.candidates(coat(), 2)
    with pytest.raises(InputError, match="how sure"):
        inks.colorize(coat()).uncertainty  # noqa: B018
