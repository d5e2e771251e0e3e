"""`photochrom data pair`: side-by-side pairs as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as pair:
        return np.asarray(pair)


def test_grey_stands_left_and_colour_right(photochrom, photo_set, tmp_path: Path) -> None:
    folder, out = photo_set("set", 3), tmp_path / "pairs"
    ran = photochrom("data", "pair", folder, out, "--size", "48")
    assert ran.code == 0
    assert sorted(path.name for path in out.iterdir()) == ["00.png", "01.png", "02.png"]
    assert f"{folder}/00.png → {out}/00.png" in ran.out
    assert "3 paired" in ran.out
    pair = pixels(out / "00.png")
    assert pair.shape == (48, 96, 3)
    assert np.array_equal(pair[:, :48, 0], pair[:, :48, 1])
    with Image.open(folder / "00.png") as photo:
        assert np.array_equal(pair[:, 48:], np.asarray(photo)[:, 8:56])


@pytest.mark.parametrize(
    ("options", "grey_half"),
    [
        (("--left", "outline"), "left"),
        (("--left", "colour"), "right"),
        (("--left", "colour", "--right", "grey"), "right"),
    ],
)
def test_the_halves_may_be_chosen(
    photochrom, photo_set, tmp_path: Path, options: tuple[str, ...], grey_half: str
) -> None:
    out = tmp_path / "pairs"
    photochrom("data", "pair", photo_set("set", 1), out, "--size", "32", *options)
    pair = pixels(out / "00.png")
    halves = {"left": pair[:, :32], "right": pair[:, 32:]}
    is_grey = {side: bool((np.ptp(half, axis=2) == 0).all()) for side, half in halves.items()}
    assert is_grey == {"left": grey_half == "left", "right": grey_half == "right"}


def test_two_halves_without_colour_are_refused(photochrom, photo_set, tmp_path: Path) -> None:
    arguments = ("--left", "grey", "--right", "outline")
    ran = photochrom("data", "pair", photo_set("set", 1), tmp_path / "pairs", *arguments)
    assert ran.code == 2
    assert "exactly one half is in colour" in ran.err
    assert not (tmp_path / "pairs").exists()


def test_an_unknown_half_is_a_usage_error(photochrom, photo_set, tmp_path: Path) -> None:
    ran = photochrom("data", "pair", photo_set("set", 1), tmp_path / "out", "--left", "sepia")
    assert ran.code == 2
    assert "outline" in ran.err


def test_small_photos_are_enlarged_and_that_is_noted(photochrom, photo_set, tmp_path: Path) -> None:
    ran = photochrom("data", "pair", photo_set("set", 2), tmp_path / "out", "--size", "64")
    assert "noted: enlarged from 48 px" in ran.out
    assert pixels(tmp_path / "out/00.png").shape == (64, 128, 3)


def test_grey_photos_are_left_out_unless_wanted(
    photochrom, photo_set, grey, tmp_path: Path
) -> None:
    folder = photo_set("set", 2)
    grey("set/old/grey.png")
    ran = photochrom("data", "pair", folder, tmp_path / "out", "--json")
    assert ran.code == 0
    assert ran.statuses == {"00.png": "paired", "01.png": "paired", "grey.png": "left-out"}
    assert not (tmp_path / "out/old").exists()
    photochrom("data", "pair", folder, tmp_path / "out", "--keep-grey")
    assert (tmp_path / "out/old/grey.png").is_file()


def test_broken_photos_are_listed_and_the_others_paired(
    photochrom, photo_set, tmp_path: Path
) -> None:
    folder = photo_set("set", 2)
    (folder / "bad.jpg").write_bytes(b"\xff\xd8\xff nothing")
    ran = photochrom("data", "pair", folder, tmp_path / "out", "--quiet")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"photochrom: {folder}/bad.jpg: it ")
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_second_run_finds_everything_done_and_writes_over_nothing(
    photochrom, photo_set, tmp_path: Path
) -> None:
    folder, out = photo_set("set", 3), tmp_path / "out"
    photochrom("data", "pair", folder, out, "--size", "32")
    (out / "01.png").write_bytes(b"mine")
    ran = photochrom("data", "pair", folder, out, "--size", "32", "--json")
    assert ran.code == 1
    assert ran.statuses == {"00.png": "finished", "01.png": "failed", "02.png": "finished"}
    assert (out / "01.png").read_bytes() == b"mine"
    assert photochrom("data", "pair", folder, out, "--size", "32", "--overwrite").code == 0
    assert pixels(out / "01.png").shape == (32, 64, 3)


def test_photos_that_would_become_one_file_are_not_written(
    photochrom, photo_set, tmp_path: Path
) -> None:
    folder = photo_set("set", 2)
    with Image.open(folder / "00.png") as photo:
        photo.save(folder / "00.jpg")
    ran = photochrom("data", "pair", folder, tmp_path / "out", "--json")
    assert ran.code == 1
    assert ran.statuses == {"00.jpg": "failed", "00.png": "failed", "01.png": "paired"}


def test_pairs_among_the_photos_are_never_inputs(photochrom, photo_set) -> None:
    folder = photo_set("set", 2)
    for _ in range(2):
        ran = photochrom("data", "pair", folder, folder / "pairs", "--json")
        assert len(ran.records) == 2


def test_a_dry_run_writes_nothing(photochrom, photo_set, tmp_path: Path) -> None:
    ran = photochrom("data", "pair", photo_set("set", 2), tmp_path / "out", "--dry-run")
    assert "would be written" in ran.out
    assert not (tmp_path / "out").exists()


def test_a_single_photo_that_is_broken_is_the_users_to_mend(photochrom, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    ran = photochrom("data", "pair", tmp_path / "a.jpg", tmp_path / "out")
    assert ran.code == 2
    assert "is empty" in ran.err
