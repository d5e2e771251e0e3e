"""What a run says again, and what it does again: broken sources, links, folders, pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from archive_runs import Heard, MakeRun, grey_scan, rows_of
from PIL import Image

from photochrom.media.jpeg_restore import restored
from photochrom.media.notes import FURTHER_PAGES

ColourAll = Callable[..., Heard]


@pytest.mark.parametrize("between", ["broken", "colour"])
def test_our_result_is_replaced_whatever_its_source_was_meanwhile(
    scans: Path, target: Path, colour_all: ColourAll, between: str
) -> None:
    path = scans / "a.JPG"
    colour_all(scans, target)
    if between == "broken":
        path.write_bytes(path.read_bytes()[:300])
    else:
        Image.open(scans / "holiday.png").save(path, "JPEG", quality=95)
    wanted = {"broken": "failed", "colour": "left out"}[between]
    assert colour_all(scans, target).states["a.JPG"] == wanted
    grey_scan(21).save(path)
    assert colour_all(scans, target).states["a.JPG"] == "coloured"
    assert restored((target / "a.JPG").read_bytes()).jpeg == path.read_bytes()


def test_a_folder_that_cannot_be_listed_fails_once_while_watching(
    scans: Path, target: Path, run_of: MakeRun, locked_folder: str
) -> None:
    with run_of(scans, target) as (run, heard):
        run.prepare()
        for _ in range(3):
            run.look()
    assert [answer.name for answer in heard.answers] == [locked_folder]


def test_links_to_folders_are_named_and_not_followed(
    scans: Path, target: Path, run_of: MakeRun
) -> None:
    (scans / "again").symlink_to(scans / "1923")
    (scans / "1923" / "up").symlink_to(scans)
    (scans / "linked.jpg").symlink_to(scans / "a.JPG")
    (scans / "itself").symlink_to(scans / "itself")
    (scans / "nowhere.jpg").symlink_to(scans / "gone.jpg")
    with run_of(scans, target) as (run, heard):
        run.prepare()
        run.work()
        run.look()
        assert sorted(run.source.links) == ["1923/up", "again"]
    assert heard.states["linked.jpg"] == "coloured"
    assert len(heard.answers) == 9


def test_pages_that_were_not_coloured_are_counted(
    scans: Path, target: Path, run_of: MakeRun, tmp_path: Path
) -> None:
    pages = [Image.fromarray(np.asarray(grey_scan(seed))) for seed in range(3)]
    pages[0].save(scans / "album.tif", save_all=True, append_images=pages[1:])
    manifest = tmp_path / "manifest.sqlite"
    for _ in range(2):
        with run_of(scans, target) as (run, _):
            run.prepare()
            run.work()
            assert run.manifest.noted(FURTHER_PAGES) == 1
        assert "first of 3" in rows_of(manifest)["album.tif"]["note"]
        manifest.unlink()  # the second time the result is found, and bears the note too
