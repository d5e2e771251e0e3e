"""Photos found in folders, archives, lists and patterns."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from photochrom.errors import InputError
from photochrom.training.data.find import PhotoName, find_photos
from photochrom.training.recipe import DataRecipe

Write = Callable[[Path, dict[str, bytes]], Path]


def found(*paths: Path | str, **choices: object) -> list[str]:
    recipe = DataRecipe(paths=tuple(map(str, paths)), **choices)  # type: ignore[arg-type]
    return [photo.name for photo in find_photos(recipe)]


def test_folders_are_searched_to_the_bottom(tmp_path: Path, write: Write) -> None:
    files = ["b/2.JPG", "a/x/1.png", "3.webp", "notes.txt", "a/clip.mp4"]
    write(tmp_path, dict.fromkeys(files, b""))
    assert found(tmp_path) == ["3.webp", "a/x/1.png", "b/2.JPG"]


def test_what_macos_adds_to_zips_is_no_photo(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mac.zip", "w") as archive:
        archive.writestr("a.jpg", b"")
        archive.writestr("__MACOSX/._a.jpg", b"")
    assert found(tmp_path / "mac.zip") == ["a.jpg"]


def test_archives_inside_a_folder_are_opened_too(
    tmp_path: Path, write: Write, tar: Callable[..., Path]
) -> None:
    write(tmp_path, {"plain.jpg": b"p"})
    tar(tmp_path / "more/set.tar", {"in/tar.jpg": b"t"})
    photos = find_photos(DataRecipe(paths=(str(tmp_path),)))
    assert photos == [
        PhotoName(tmp_path, "plain.jpg"),
        PhotoName(tmp_path / "more/set.tar", "in/tar.jpg"),
    ]
    assert [photo.read_bytes() for photo in photos] == [b"p", b"t"]
    assert photos[1].path == tmp_path / "more/set.tar/in/tar.jpg"


def test_a_pattern_may_name_folders_archives_and_photos(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a1/x.jpg": b"", "a2/y.jpg": b"", "a3.jpg": b"", "b/z.jpg": b""})
    assert found(tmp_path / "a*") == ["x.jpg", "y.jpg", "a3.jpg"]
    assert found(tmp_path / "a1", tmp_path / "a*") == ["x.jpg", "y.jpg", "a3.jpg"]  # each once


def test_a_pattern_may_stand_for_folders_on_the_way(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"1/in/x.jpg": b"", "2/in/y.jpg": b"", "2/out/z.jpg": b""})
    assert found(tmp_path / "*/in") == ["x.jpg", "y.jpg"]
    assert found(tmp_path / "**/[yz].jpg") == ["y.jpg", "z.jpg"]


def test_a_list_names_photos_as_seen_from_its_folder(
    tmp_path: Path, write: Write, tar: Callable[..., Path]
) -> None:
    write(tmp_path, {"photos/a.jpg": b"a", "photos/b.jpg": b"b", "lists/x": b""})
    tar(tmp_path / "set.tar", {"in/c.jpg": b"c"})
    lines = "../photos/b.jpg\n\n../set.tar/in/c.jpg\n"
    (tmp_path / "lists/train.txt").write_text(lines)
    photos = find_photos(DataRecipe(paths=(str(tmp_path / "lists/train.txt"),)))
    assert [photo.read_bytes() for photo in photos] == [b"b", b"c"]


@pytest.mark.parametrize("line", ["photos/none.jpg", "set.tar/in/none.jpg", "none.zip/a.jpg"])
def test_a_line_that_names_nothing_is_named(
    tmp_path: Path, tar: Callable[..., Path], line: str
) -> None:
    tar(tmp_path / "set.tar", {"in/c.jpg": b"c"})
    (tmp_path / "train.txt").write_text(f"set.tar/in/c.jpg\n{line}\n")
    with pytest.raises(InputError, match=r"train\.txt, line 2.*none"):
        found(tmp_path / "train.txt")


def test_globs_choose_by_the_name_inside(tmp_path: Path, write: Write) -> None:
    write(tmp_path, dict.fromkeys(["outdoor/a.jpg", "outdoor/b.png", "indoor/c.jpg"], b""))
    assert found(tmp_path, include=("outdoor/*",)) == ["outdoor/a.jpg", "outdoor/b.png"]
    assert found(tmp_path, exclude=("*.png", "in*")) == ["outdoor/a.jpg"]


def test_a_limit_takes_something_of_everything_and_always_the_same(
    tmp_path: Path, write: Write
) -> None:
    write(tmp_path, {f"{kind}/{i:02}.jpg": b"" for kind in "abcd" for i in range(25)})
    chosen = found(tmp_path, limit=40)
    assert len(chosen) == 40
    assert chosen == sorted(chosen) == found(tmp_path, limit=40)
    assert all(3 <= sum(name.startswith(kind) for name in chosen) <= 20 for kind in "abcd")
    assert set(found(tmp_path, limit=10)) < set(chosen)  # a larger limit keeps what was there


def test_nothing_found_names_paths_and_globs(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a.jpg": b""})
    with pytest.raises(InputError, match=r"No photos to train on.*\(include \*\.png\)"):
        found(tmp_path, include=("*.png",))


def test_a_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "photos.rar").write_bytes(b"Rar!")
    with pytest.raises(InputError, match=r"photos\.rar is neither"):
        found(tmp_path / "photos.rar")
