"""Where results go."""

from __future__ import annotations

from pathlib import Path

import pytest

from photochrom.cli.destination import Destination, destination, make_folder_for
from photochrom.cli.inputs import Picture
from photochrom.errors import InputError, SetupError

SCAN = Picture(Path("scans/1900/Wedding.JPEG"), Path("1900/Wedding.JPEG"))


def test_without_out_the_result_lies_beside_its_original() -> None:
    assert Destination().path(SCAN, "JPEG") == Path("scans/1900/Wedding.color.JPEG")


def test_a_folder_keeps_the_tree() -> None:
    assert Destination(folder=Path("out")).path(SCAN, "JPEG") == Path("out/1900/Wedding.JPEG")


def test_another_format_brings_its_own_suffix() -> None:
    assert Destination(folder=Path("out")).path(SCAN, "PNG") == Path("out/1900/Wedding.png")


def test_dots_in_a_name_are_kept() -> None:
    picture = Picture(Path("a.b.gif"), Path("a.b.gif"))
    assert Destination().path(picture, "PNG") == Path("a.b.color.png")
    assert Destination(folder=Path("o")).path(picture, "PNG") == Path("o/a.b.png")


def test_out_is_a_file_for_one_picture_and_a_picture_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    to = destination("new.png", [str(tmp_path / "a.jpg")])
    assert to == Destination(file=Path("new.png"))
    assert to.path(SCAN, "PNG") == Path("new.png")


@pytest.mark.parametrize(
    ("out", "paths"),
    [("results", ["a.jpg"]), ("results.png", ["a.jpg", "b.jpg"]), ("v1.2", ["a.jpg"])],
)
def test_out_is_a_folder_otherwise(out: str, paths: list[str]) -> None:
    assert destination(out, paths) == Destination(folder=Path(out))


def test_out_is_a_file_for_a_pattern_only_while_one_picture_matches(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    pattern = str(tmp_path / "*.jpg")
    assert destination("new.png", [pattern]).file == Path("new.png")
    (tmp_path / "b.jpg").touch()
    assert destination("new.png", [pattern]).folder == Path("new.png")


def test_out_is_a_folder_when_a_folder_is_given(tmp_path: Path) -> None:
    assert destination("album.png", [str(tmp_path)]) == Destination(folder=Path("album.png"))


def test_out_is_a_folder_where_one_of_that_name_exists(tmp_path: Path) -> None:
    out = tmp_path / "odd.png"
    out.mkdir()
    assert destination(str(out), ["a.jpg"]) == Destination(folder=out)


def test_a_file_cannot_be_the_folder_of_several(tmp_path: Path) -> None:
    out = tmp_path / "taken.jpg"
    out.touch()
    with pytest.raises(InputError, match="is a file, and results go into a folder"):
        destination(str(out), ["a.jpg", "b.jpg"])


def test_stdin_goes_to_stdout_unless_a_file_is_named() -> None:
    assert destination(None, ["-"]) == Destination(stdout=True)
    assert destination("-", ["a.jpg"]) == Destination(stdout=True)
    assert destination("x.jpg", ["-"]) == Destination(file=Path("x.jpg"))


@pytest.mark.parametrize(
    ("out", "paths", "words"),
    [
        (None, ["-", "a.jpg"], "give it alone"),
        ("-", ["a.jpg", "b.jpg"], "only a single picture"),
        ("folder", ["-"], "no picture suffix"),
    ],
)
def test_streams_take_one_picture(out: str | None, paths: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        destination(out, paths)


def test_the_folder_of_a_result_is_made(tmp_path: Path) -> None:
    make_folder_for(tmp_path / "a/b/c.jpg")
    assert (tmp_path / "a/b").is_dir()


def test_a_folder_cannot_be_made_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(InputError, match="a file has that name"):
        make_folder_for(tmp_path / "a/c.jpg")
    with pytest.raises(InputError, match="a file has that name"):
        make_folder_for(tmp_path / "a/b/c.jpg")


def test_a_folder_that_may_not_be_made_is_a_setup_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, **_: bool) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SetupError, match="Permission denied"):
        make_folder_for(tmp_path / "new/c.jpg")
