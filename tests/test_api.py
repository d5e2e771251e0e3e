"""The public way in: every kind of source, lazily, from many threads, with the lightness kept."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import photochrom
from photochrom import Colorizer, InputError, PhotochromError
from photochrom.color.lab import grey_to_lightness, rgb_to_lab


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return Colorizer(threads=1)


def landscape(height: int = 90, width: int = 140) -> np.ndarray:
    """Grey: light above, dark below, a block in between, a little noise."""
    rng = np.random.default_rng(3)
    grey = np.full((height, width), 190.0)
    grey[height // 2 :] = 80
    grey[height // 3 : 2 * height // 3, width // 4 : width // 2] = 130
    return np.clip(grey + rng.normal(0, 4, grey.shape), 0, 255).astype(np.uint8)


def mean_chroma(rgb: np.ndarray) -> float:
    ab = rgb_to_lab(rgb)[1]
    return float(np.hypot(ab[..., 0], ab[..., 1]).mean())


def jpeg(grey: np.ndarray, **options: object) -> bytes:
    written = io.BytesIO()
    Image.fromarray(grey).save(written, "JPEG", quality=90, **options)
    return written.getvalue()


def test_every_kind_of_source_gives_the_same_picture(colorizer: Colorizer, tmp_path: Path) -> None:
    grey = landscape()
    path = tmp_path / "photo.png"
    Image.fromarray(grey).save(path)
    sources = [grey, path, str(path), path.read_bytes(), io.BytesIO(path.read_bytes())]
    pictures = [colorizer.colorize(source).rgb for source in sources]
    with Image.open(path) as opened:
        pictures.append(colorizer.colorize(opened).rgb)
    assert all(np.array_equal(pictures[0], picture) for picture in pictures)
    assert pictures[0].shape == (90, 140, 3)
    assert pictures[0].dtype == np.uint8


def test_the_lightness_of_a_grey_picture_is_kept(colorizer: Colorizer) -> None:
    grey = landscape()
    lightness, ab = rgb_to_lab(colorizer.colorize(grey).rgb)
    assert np.abs(ab).max() > 2
    assert np.abs(lightness - grey_to_lightness(grey)).max() < 0.7


def test_sixteen_bits_stay_sixteen(colorizer: Colorizer) -> None:
    grey = (landscape().astype(np.uint16) << 8) + 37
    rgb = colorizer.colorize(grey).rgb
    assert rgb.dtype == np.uint16
    assert np.abs(rgb_to_lab(rgb)[0] - grey_to_lightness(grey)).max() < 0.01


def test_strength_scales_the_colours(colorizer: Colorizer) -> None:
    grey = landscape()
    chroma = [mean_chroma(colorizer.colorize(grey, strength=s).rgb) for s in (0.0, 0.5, 1.0)]
    assert chroma[0] < 0.01
    assert chroma[1] == pytest.approx(chroma[2] / 2, rel=0.15)


@pytest.mark.parametrize("strength", [-0.1, 2.1, float("nan")])
def test_a_strength_out_of_range_is_refused(colorizer: Colorizer, strength: float) -> None:
    with pytest.raises(InputError, match="strength"):
        colorizer.colorize(landscape(), strength=strength)


@pytest.mark.parametrize("size", [(1, 1), (1, 10_000), (3000, 2), (7, 5)])
def test_any_size_keeps_its_size(colorizer: Colorizer, size: tuple[int, int]) -> None:
    assert colorizer.colorize(np.full(size, 99, np.uint8)).rgb.shape == (*size, 3)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4), np.float32),
        np.full((4, 4), np.nan),
        np.zeros((4, 4), np.int64),
        np.zeros((4, 4, 5), np.uint8),
        np.zeros((0, 4), np.uint8),
        np.zeros(4, np.uint8),
    ],
    ids=["float", "nan", "int64", "five channels", "no rows", "one dimension"],
)
def test_arrays_that_are_no_pictures_are_refused(colorizer: Colorizer, array: np.ndarray) -> None:
    with pytest.raises(InputError):
        colorizer.colorize(array)


def test_alpha_is_kept(colorizer: Colorizer) -> None:
    alpha = np.tile(np.arange(140, dtype=np.uint8), (90, 1))
    photo = colorizer.colorize(np.dstack([landscape(), alpha]))
    assert np.array_equal(photo.alpha, alpha)
    assert photo.image.mode == "RGBA"
    assert np.array_equal(np.asarray(photo.image)[..., 3], alpha)


def test_nothing_is_painted_before_it_is_asked_for(
    colorizer: Colorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = []
    paint = colorizer._network.paint
    monkeypatch.setattr(
        colorizer._network, "paint", lambda small: (painted.append(1), paint(small))[1]
    )
    photo = colorizer.colorize(landscape())
    assert not painted
    assert photo.rgb is photo.rgb
    photo.encode(format="PNG")
    assert len(painted) == 1


def test_many_threads_may_share_a_colorizer(colorizer: Colorizer) -> None:
    grey = landscape()
    alone = colorizer.colorize(grey).rgb
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: colorizer.colorize(grey).rgb, range(8)))
    assert all(np.array_equal(alone, rgb) for rgb in together)


def test_many_photographs_come_in_order_with_few_in_memory(colorizer: Colorizer) -> None:
    taken = []

    def sources():
        for i in range(12):
            taken.append(i)
            yield np.full((20, 20 + i), 100, np.uint8)

    for i, photo in enumerate(colorizer.colorize_many(sources())):
        assert photo.source.width == 20 + i
        assert len(taken) <= i + 3
    assert len(taken) == 12


def test_one_bad_photograph_does_not_stop_the_rest(colorizer: Colorizer) -> None:
    sources = [landscape(), b"no picture", landscape()]
    failed: list[tuple[object, PhotochromError]] = []
    photos = list(
        colorizer.colorize_many(sources, on_error=lambda *failure: failed.append(failure))
    )
    assert len(photos) == 2
    assert failed[0][0] == b"no picture"
    with pytest.raises(InputError):
        list(colorizer.colorize_many(sources))


def test_the_model_is_named(colorizer: Colorizer) -> None:
    assert colorizer.model.name == "flagship"
    assert len(colorizer.model.sha256) == 64
    assert "flagship" in repr(colorizer.colorize(landscape()))


def test_a_photo_shows_itself_in_a_notebook(colorizer: Colorizer) -> None:
    with Image.open(io.BytesIO(colorizer.colorize(landscape())._repr_png_())) as shown:
        assert shown.size == (140, 90)


def test_a_large_photo_is_shown_small(colorizer: Colorizer) -> None:
    photo = colorizer.colorize(np.zeros((600, 2048), np.uint8))
    with Image.open(io.BytesIO(photo._repr_png_())) as shown:
        assert shown.size == (1024, 300)
    assert photo.image.size == (2048, 600)


def test_unknown_names_of_the_package_are_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Decolorizer"):
        photochrom.Decolorizer  # noqa: B018


def test_one_source_is_not_taken_for_several(colorizer: Colorizer) -> None:
    with pytest.raises(TypeError, match="several sources"):
        next(colorizer.colorize_many("004.jpg"))
