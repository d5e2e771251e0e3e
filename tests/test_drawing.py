"""A drawing in colour: what a model that paints lightness too makes of every kind of source."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom import Colorizer, InputError, Photo
from photochrom.media.jpeg_restore import restore
from photochrom.media.provenance import read_provenance
from rgb_model import TINT, write_rgb_model
from test_api import jpeg, mean_chroma

HEIGHT, WIDTH = 150, 210
PAPER = np.array(TINT) * 255  # as the model paints it


@pytest.fixture(scope="module")
def colorizer(tmp_path_factory: pytest.TempPathFactory) -> Colorizer:
    path = write_rgb_model(tmp_path_factory.mktemp("model") / "inks.onnx")
    return Colorizer(path, threads=1)


def sketch() -> np.ndarray:
    """A black frame on white, 3 px wide."""
    grey = np.full((HEIGHT, WIDTH), 255, np.uint8)
    grey[30:-30, 30:-30] = 0
    grey[33:-33, 33:-33] = 255
    return grey


def test_paper_is_painted_and_lines_stay(colorizer: Colorizer) -> None:
    photo = colorizer.colorize(sketch())
    assert isinstance(photo, Photo)
    assert photo.rgb.shape == (HEIGHT, WIDTH, 3)
    assert photo.rgb[sketch() == 0].max() == 0
    assert np.abs(photo.rgb[60:90, 60:150] - PAPER).max() <= 1
    assert photo.ab.shape[2] == 2
    assert photo.ab[..., 1].max() > 20


def test_white_on_black_gives_the_same_picture_and_says_so(colorizer: Colorizer) -> None:
    plain, turned = (colorizer.colorize(grey) for grey in (sketch(), 255 - sketch()))
    assert np.array_equal(plain.rgb, turned.rgb)
    assert plain.encode(format="PNG")[1].note is None
    assert "light lines on dark" in (turned.encode(format="PNG")[1].note or "")


@pytest.mark.parametrize("ink", [0, 255])
def test_lines_on_nothing_get_paper(colorizer: Colorizer, ink: int) -> None:
    clear = np.dstack([np.full_like(sketch(), ink), 255 - sketch()])
    photo = colorizer.colorize(clear)
    assert np.array_equal(photo.rgb, colorizer.colorize(sketch()).rgb)
    assert photo.alpha is None
    assert photo.image.mode == "RGB"
    assert "see-through" in (photo.encode(format="PNG")[1].note or "")


def test_a_grey_jpeg_is_ordinary_without_being_asked(colorizer: Colorizer) -> None:
    original = jpeg(sketch())
    encoded, saved = colorizer.colorize(original).encode()
    assert (saved.format, saved.way, saved.note) == ("JPEG", "ordinary", None)
    assert encoded.count(b"\xff\xda") == 1
    with pytest.raises(InputError):
        restore(encoded)


def test_only_an_explicit_splice_is_refused(colorizer: Colorizer, tmp_path: Path) -> None:
    photo = colorizer.colorize(jpeg(sketch()))
    with pytest.raises(InputError, match=r"inks paints lightness.*--jpeg ordinary"):
        photo.save(tmp_path / "a.jpg", jpeg="splice")
    assert not (tmp_path / "a.jpg").exists()
    assert photo.save(tmp_path / "a.jpg", jpeg="ordinary").way == "ordinary"
    with pytest.raises(InputError, match="splice, ordinary"):
        photo.encode(jpeg="magic")


def test_a_turned_drawing_is_painted_as_it_is_displayed(colorizer: Colorizer) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = colorizer.colorize(jpeg(np.rot90(sketch()).copy(), exif=exif.tobytes()))
    assert photo.rgb.shape == (HEIGHT, WIDTH, 3)
    encoded, _ = photo.encode()
    with Image.open(io.BytesIO(encoded)) as picture:
        assert picture.size == (WIDTH, HEIGHT)
        assert picture.getexif().get(0x0112, 1) == 1


def test_sixteen_bits_stay_sixteen_and_strength_counts(colorizer: Colorizer) -> None:
    deep = sketch().astype(np.uint16) * 257
    assert colorizer.colorize(deep).rgb.dtype == np.uint16
    chroma = [mean_chroma(colorizer.colorize(sketch(), strength=s).rgb) for s in (0, 0.5, 1)]
    assert chroma[0] < 0.5
    assert chroma[1] == pytest.approx(chroma[2] / 2, rel=0.1)


def test_what_a_truncated_drawing_lacks_stays_as_it_is(colorizer: Colorizer) -> None:
    whole = jpeg(np.repeat(np.repeat(sketch(), 2, axis=0), 2, axis=1))
    photo = colorizer.colorize(whole[: len(whole) * 2 // 3], allow_truncated=True)
    spread = np.ptp(photo.rgb.astype(int), axis=2)
    assert spread[-8:].max() == 0
    assert spread[:40].min() > 100
    assert photo.encode()[1].way == "ordinary"


def test_many_drawings_come_in_order_and_are_painted_once(
    colorizer: Colorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = []
    paint = colorizer._network.paint_rgb
    monkeypatch.setattr(
        colorizer._network, "paint_rgb", lambda small: (painted.append(1), paint(small))[1]
    )
    for photo in colorizer.colorize_many([sketch()] * 3):
        assert photo.rgb.shape == (HEIGHT, WIDTH, 3)
    assert len(painted) == 3


def test_the_result_says_who_painted_it(colorizer: Colorizer, tmp_path: Path) -> None:
    photo = colorizer.colorize(jpeg(sketch()))
    for name in ("a.jpg", "a.png", "a.webp"):
        photo.save(tmp_path / name)
        made = read_provenance(tmp_path / name)
        assert made == photo.provenance()
        assert made is not None and made.model == "inks"
