"""Which pictures files, folders and patterns name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from photochrom.cli.inputs import PICTURE_SUFFIXES, Findings, find_pictures
from photochrom.errors import InputError, SetupError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with pictures, other files, hidden ones and subfolders."""
    for name in (
        "a.jpg",
        "b.PNG",
        "notes.txt",
        ".hidden.jpg",
        "sub/c.tif",
        "sub/deep/d.webp",
        ".cache/e.jpg",
        "out/f.jpg",
    ):
        path = tmp_path / "album" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "album"


def places(findings: Findings) -> list[str]:
    return [picture.place.as_posix() for picture in findings.pictures]


def test_a_folder_gives_its_own_pictures_sorted(tree: Path) -> None:
    findings = find_pictures([str(tree)])
    assert places(findings) == ["a.jpg", "b.PNG"]
    assert findings.failures == []


def test_recursive_keeps_the_tree_and_passes_hidden_folders_over(tree: Path) -> None:
    findings = find_pictures([str(tree)], recursive=True)
    assert places(findings) == ["a.jpg", "b.PNG", "out/f.jpg", "sub/c.tif", "sub/deep/d.webp"]


def test_what_lies_under_out_is_never_found_in_a_folder(tree: Path) -> None:
    findings = find_pictures([str(tree)], recursive=True, out=tree / "out")
    assert places(findings) == ["a.jpg", "b.PNG", "sub/c.tif", "sub/deep/d.webp"]


def test_a_named_picture_under_out_is_left_out(tree: Path) -> None:
    findings = find_pictures([str(tree / "out/f.jpg"), str(tree / "a.jpg")], out=tree / "out")
    assert places(findings) == ["a.jpg"]
    assert findings.passed_over == [tree / "out/f.jpg"]


def test_out_is_recognized_through_a_symbolic_link(tree: Path) -> None:
    (tree / "link").symlink_to(tree / "out", target_is_directory=True)
    findings = find_pictures([str(tree / "link/f.jpg")], out=tree / "out")
    assert findings.passed_over == [tree / "link/f.jpg"]


def test_the_folder_of_inputs_cannot_be_out(tree: Path) -> None:
    [(name, error)] = find_pictures([str(tree)], out=tree).failures
    assert name == str(tree)
    assert isinstance(error, InputError)
    assert "never an input" in str(error)


def test_a_file_given_by_name_may_be_called_anything(tree: Path) -> None:
    assert places(find_pictures([str(tree / "notes.txt")])) == ["notes.txt"]


def test_a_pattern_keeps_places_below_its_fixed_part_and_leaves_sidecars(tree: Path) -> None:
    (tree / "a.xmp").write_text("a sidecar")
    findings = find_pictures([f"{tree}/**/*.*"])
    assert "sub/deep/d.webp" in places(findings)
    assert set(places(findings)) == {
        path.relative_to(tree).as_posix()
        for path in tree.rglob("*.*")
        if path.suffix.lower() in PICTURE_SUFFIXES and "/." not in path.as_posix()
    }


def test_a_pattern_of_nothing_but_odd_suffixes_is_meant_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "scan.001").write_bytes(b"")
    assert places(find_pictures([f"{tmp_path}/scan.*"])) == ["scan.001"]


def test_a_pattern_works_without_a_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert places(find_pictures(["*.jpg"])) == ["a.jpg"]


def test_a_name_with_brackets_that_exists_is_no_pattern(tree: Path) -> None:
    path = tree / "scan [1].jpg"
    path.write_bytes(b"x")
    assert places(find_pictures([str(path)])) == ["scan [1].jpg"]


def test_each_picture_is_found_once(tree: Path) -> None:
    findings = find_pictures([str(tree / "a.jpg"), str(tree), f"{tree}/*.jpg"])
    assert places(findings) == ["a.jpg", "b.PNG"]


@pytest.mark.parametrize("name", ["missing.jpg", "none-*.jpg"])
def test_what_does_not_exist_is_a_failure_beside_the_others(tree: Path, name: str) -> None:
    findings = find_pictures([str(tree / name), str(tree / "a.jpg")])
    assert places(findings) == ["a.jpg"]
    [(failed, error)] = findings.failures
    assert failed == str(tree / name)
    assert name in str(error)
    assert isinstance(error, InputError)


def test_a_folder_without_pictures_says_what_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    [(_, error)] = find_pictures([str(tmp_path)]).failures
    assert ".jpg" in str(error)
    assert "--recursive" in str(error)
    [(_, error)] = find_pictures([str(tmp_path)], recursive=True).failures
    assert "--recursive" not in str(error)


def test_a_folder_that_cannot_be_listed_is_a_failure(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: str) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(os, "scandir", refuse)
    [(_, error)] = find_pictures([str(tree)]).failures
    assert isinstance(error, SetupError)
    assert "Permission denied" in str(error)
