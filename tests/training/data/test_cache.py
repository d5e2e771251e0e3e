"""Photos from folders and zips, decoded once, split by content."""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from photochrom.errors import InputError, SetupError
from photochrom.training.data import cache as cache_module
from photochrom.training.data.cache import open_cache
from photochrom.training.data.examples import open_examples
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


def test_bad_pictures_are_counted_and_listed_and_never_fatal(photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    Image.new("RGB", (64, 64), (120, 120, 120)).save(folder / "grey.png")
    Image.new("RGB", (16, 16), (200, 20, 20)).save(folder / "tiny.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    recipe = DataRecipe(paths=(str(folder),))
    with pytest.raises(
        InputError, match=r"all 3 are broken, tiny or grey.*broken\.jpg.*lists them"
    ):
        open_cache(recipe, tmp_path / "cache", on_progress=silent)
    Image.new("RGB", (64, 64), (200, 20, 20)).save(folder / "red.png")
    for _ in range(2):  # decoded, and from the cache
        cache = open_cache(recipe, tmp_path / "cache", on_progress=silent)
        assert len(cache) == 1
        assert [Path(entry.file).name for entry in cache.refused] == [
            "broken.jpg",
            "grey.png",
            "tiny.png",
        ]
    assert "nearly grey" in (tmp_path / f"cache/{cache.fingerprint}.refused.json").read_text()


def test_a_member_that_an_archive_does_not_give_is_listed(photos: Path, tmp_path: Path) -> None:
    archive = zipped(photos, tmp_path / "photos.zip")
    content = bytearray(archive.read_bytes())
    start = content.index(b"outdoor/05.png") + 200
    content[start : start + 20] = bytes(20)
    archive.write_bytes(content)
    cache = open_cache(DataRecipe(paths=(str(archive),)), tmp_path / "cache", on_progress=silent)
    assert len(cache) == 11
    assert cache.refused[0].file.endswith("outdoor/05.png")


def test_a_full_disk_is_said_and_leaves_nothing(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "ascontiguousarray", full)
    with pytest.raises(SetupError, match=r"disk is full.*short_side_px"):
        open_cache(DataRecipe(paths=(str(photos),)), tmp_path / "cache", on_progress=silent)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_disk_that_will_not_hold_all_is_said_early_and_with_numbers(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PROGRESS_EVERY", "TYPICAL"):
        monkeypatch.setattr(cache_module, name, 4)
    told: list[int] = []
    monkeypatch.setattr(cache_module.shutil, "disk_usage", lambda _: SimpleNamespace(free=50_000))
    with pytest.raises(SetupError, match=r"need about .* GB.*short_side_px.*shards"):
        open_cache(
            DataRecipe(paths=(str(photos),)),
            tmp_path / "cache",
            on_progress=lambda done, _: told.append(done),
        )
    assert told == []  # at the fourth picture, not at the last
    assert list((tmp_path / "cache").iterdir()) == []


def test_what_a_killed_run_left_half_made_goes_away(photos: Path, tmp_path: Path) -> None:
    recipe = DataRecipe(paths=(str(photos),))
    cache = open_cache(recipe, tmp_path, on_progress=silent)
    (tmp_path / f"{cache.fingerprint}.index.npy").unlink()
    abandoned, busy = (tmp_path / f"{cache.fingerprint}.{pid}.part" for pid in (1, 2))
    abandoned.write_bytes(b"half")
    busy.write_bytes(b"half")
    os.utime(abandoned, (0, 0))
    open_cache(recipe, tmp_path, on_progress=silent)
    assert not abandoned.exists()
    assert busy.exists()


def test_a_tar_and_a_folder_hold_the_same_photos(
    photos: Path, tmp_path: Path, tar: Callable[..., Path]
) -> None:
    files = {photo.name: photo.read_bytes() for photo in sorted(photos.iterdir())}
    inner = {"class.tar": tar(tmp_path / "class.tar", files).read_bytes()}
    caches = [
        open_cache(DataRecipe(paths=(str(path),)), tmp_path / "cache", on_progress=silent)
        for path in (
            photos,
            tar(tmp_path / "a.tar", files),
            tar(tmp_path / "b.tar.gz", files, "w:gz"),
            tar(tmp_path / "c.tar", inner),
        )
    ]
    assert len({cache.fingerprint for cache in caches}) == 4
    for cache in caches[1:]:
        assert np.array_equal(cache.pixels, caches[0].pixels)


def test_even_a_small_share_holds_a_picture_out_and_never_all(photos: Path, tmp_path: Path) -> None:
    cache = open_cache(DataRecipe(paths=(str(photos),)), tmp_path, on_progress=silent)
    for share, at_least, at_most in ((0.0, 0, 0), (0.0001, 1, 1), (0.9999, 11, 11)):
        training, validation = cache.split(share)
        assert at_least <= len(validation) <= at_most
        assert len(training) + len(validation) == 12


def test_a_picture_held_out_by_its_set_does_not_train_from_elsewhere(
    photos: Path, tmp_path: Path
) -> None:
    for part, names in (("train", ("00", "01", "02")), ("val", ("02", "03"))):
        for name in names:
            file = tmp_path / "set" / part / f"{name}-{part}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes((photos / f"{name}.png").read_bytes())
    recipe = DataRecipe(paths=(str(tmp_path / "set"),))
    examples = open_examples(recipe, tmp_path / "cache", on_progress=silent)
    assert (len(examples), examples.validation_count) == (2, 2)


def test_a_set_that_is_held_out_whole_says_so(photos: Path, tmp_path: Path) -> None:
    recipe = DataRecipe(paths=(str(photos),), validation_paths=(str(photos),))
    with pytest.raises(InputError, match="hold the same ones"):
        open_examples(recipe, tmp_path, on_progress=silent)
