"""Photos from folders and zips, decoded once, split by content."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.errors import InputError
from photochrom.training.data.cache import open_cache
from photochrom.training.data.decode import decode_photo
from photochrom.training.data.find import find_photos
from photochrom.training.recipe import DataRecipe


def silent(done: int, total: int) -> None:
    assert 0 < done <= total


def zipped(photos: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for photo in sorted(photos.iterdir()):
            archive.write(photo, f"outdoor/{photo.name}")
    return path


def test_a_folder_and_a_zip_hold_the_same_photos(photos: Path, tmp_path: Path) -> None:
    archive = zipped(photos, tmp_path / "photos.zip")
    caches = [
        open_cache(DataRecipe(paths=(str(path),)), tmp_path / "cache", on_progress=silent)
        for path in (photos, archive)
    ]
    assert len(caches[0]) == len(caches[1]) == 12
    assert all(np.array_equal(caches[0].photo(i), caches[1].photo(i)) for i in range(12))


def test_the_cache_is_decoded_once(photos: Path, tmp_path: Path) -> None:
    recipe = DataRecipe(paths=(str(photos),))
    open_cache(recipe, tmp_path, on_progress=silent)

    def never(done: int, total: int) -> None:
        pytest.fail("decoded again")

    assert len(open_cache(recipe, tmp_path, on_progress=never)) == 12


def test_a_cache_that_was_killed_half_way_is_made_anew(photos: Path, tmp_path: Path) -> None:
    recipe = DataRecipe(paths=(str(photos),))
    whole = open_cache(recipe, tmp_path, on_progress=silent)
    last = whole.photo(11).copy()  # the file under the view is about to go
    (tmp_path / f"{whole.fingerprint}.index.npy").unlink()
    (tmp_path / f"{whole.fingerprint}.pixels").unlink()
    (tmp_path / f"{whole.fingerprint}.pixels").write_bytes(b"half")
    again = open_cache(recipe, tmp_path, on_progress=silent)
    assert np.array_equal(again.photo(11), last)


def test_globs_and_limit_choose_photos(photos: Path) -> None:
    chosen = find_photos(DataRecipe(paths=(str(photos),), include=("0*",), exclude=("*3.png",)))
    assert [photo.name for photo in chosen] == [f"{i:02}.png" for i in range(10) if i != 3]
    assert len(find_photos(DataRecipe(paths=(str(photos),), limit=5))) == 5


def test_a_path_may_be_a_pattern(photos: Path, tmp_path: Path) -> None:
    zipped(photos, tmp_path / "a-1.zip")
    zipped(photos, tmp_path / "a-2.zip")
    assert len(find_photos(DataRecipe(paths=(str(tmp_path / "a-*.zip"),)))) == 24


def test_nothing_to_train_on_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No photos to train on"):
        find_photos(DataRecipe(paths=(str(tmp_path),)))
    with pytest.raises(InputError, match="--data"):
        find_photos(DataRecipe())


def test_a_path_that_is_not_there_is_named_among_others(photos: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"typo\.zip does not exist"):
        find_photos(DataRecipe(paths=(str(photos), str(tmp_path / "typo.zip"))))


def test_a_photo_replaced_in_its_place_is_decoded_anew(photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for photo in photos.iterdir():
        (folder / photo.name).write_bytes(photo.read_bytes())
    recipe = DataRecipe(paths=(str(folder),))
    before = open_cache(recipe, tmp_path / "cache", on_progress=silent)
    Image.new("RGB", (50, 40), (200, 30, 30)).save(folder / "00.png")
    after = open_cache(recipe, tmp_path / "cache", on_progress=silent)
    assert before.fingerprint != after.fingerprint
    assert after.photo(0).shape == (40, 50, 3)


def test_a_damaged_zip_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"no zip at all")
    with pytest.raises(InputError, match=r"bad\.zip"):
        find_photos(DataRecipe(paths=(str(tmp_path / "bad.zip"),)))


def test_photos_that_cannot_teach_colour_are_left_out(photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    Image.new("RGB", (64, 64), (120, 120, 120)).save(folder / "grey.png")
    Image.new("RGB", (16, 16), (200, 20, 20)).save(folder / "tiny.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    with pytest.raises(InputError, match="teach colour"):
        open_cache(DataRecipe(paths=(str(folder),)), tmp_path / "cache", on_progress=silent)
    Image.new("RGB", (64, 64), (200, 20, 20)).save(folder / "red.png")
    cache = open_cache(DataRecipe(paths=(str(folder),)), tmp_path / "cache", on_progress=silent)
    assert len(cache) == 1


def test_large_photos_are_kept_at_the_short_side() -> None:
    import io

    encoded = io.BytesIO()
    Image.new("RGB", (400, 300), (200, 20, 20)).save(encoded, "PNG")
    photo = decode_photo(encoded.getvalue(), "red.png", 150)
    assert photo.shape == (150, 200, 3)


def test_the_split_follows_the_content(photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    folder.mkdir()
    for photo in photos.iterdir():
        for copy in ("a", "b"):
            (folder / f"{copy}-{photo.name}").write_bytes(photo.read_bytes())
    cache = open_cache(DataRecipe(paths=(str(folder),)), tmp_path / "cache", on_progress=silent)
    training, validation = cache.split(0.5)
    assert len(training) + len(validation) == 24
    assert set(cache.index[training, 3]).isdisjoint(cache.index[validation, 3])
    assert len(training)
    assert len(validation)
