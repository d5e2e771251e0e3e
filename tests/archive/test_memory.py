"""Who may work beside others follows the memory that is free, and stays within it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from archive_runs import Heard, MakeRun, grey_scan

from photochrom.archive import memory, work
from photochrom.archive.memory import Room, fits, fits_file, share_bytes
from photochrom.archive.records import Task
from photochrom.errors import SetupError
from photochrom.media.origins import ArrayOrigin
from photochrom.media.photo import SourcePhoto

GIGABYTE = 1 << 30
A4_600_DPI = (4960, 7016)


def deep_scan(width: int, height: int) -> SourcePhoto:
    origin = ArrayOrigin(np.zeros((1, 1), np.uint16))
    return SourcePhoto(name="scan.tif", width=width, height=height, bits=16, origin=origin)


@pytest.mark.parametrize(
    ("free", "at_once", "wanted"),
    [(64, 16, True), (8, 4, True), (8, 16, False), (None, 16, False)],
)
def test_a_deep_a4_scan_works_beside_others_where_memory_allows(
    monkeypatch: pytest.MonkeyPatch, free: int | None, at_once: int, wanted: bool
) -> None:
    free_bytes = None if free is None else free * GIGABYTE
    monkeypatch.setattr(memory, "free_memory", lambda: free_bytes)
    share = share_bytes(free_bytes, at_once)
    photo = deep_scan(*A4_600_DPI)
    assert fits(photo, share=share, alone=False) is wanted
    encoded_bytes = 6 * photo.width * photo.height
    if wanted:
        assert fits_file("scan.tif", encoded_bytes, share=share, alone=False)
    assert not fits_file("scan.tif", share, share=share, alone=False)


def test_the_shares_together_are_no_more_than_is_free() -> None:
    for at_once in (1, 3, 16):
        assert at_once * share_bytes(64 * GIGABYTE, at_once) <= 64 * GIGABYTE


def test_what_others_took_meanwhile_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: GIGABYTE)
    photo, share = deep_scan(*A4_600_DPI), share_bytes(64 * GIGABYTE, 4)
    assert not fits(photo, share=share, alone=False)
    with pytest.raises(SetupError, match="larger machine"):
        fits(photo, share=share, alone=True)
    assert fits(deep_scan(1000, 1000), share=share, alone=False)


def large(task_id: int, gigabytes: int) -> Task:
    return Task(task_id, "scan.tif", alone=True, needs=gigabytes * GIGABYTE)


def test_what_was_put_off_goes_side_by_side_while_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 8 * GIGABYTE)
    room = Room()
    for task in (large(1, 3), large(2, 4)):
        assert room.fits(task)
        room.take(task)
    assert not room.fits(large(3, 3))
    assert not room.fits(large(4, 0))  # whose worker died: nothing may be beside it
    room.leave(2)
    assert room.fits(large(3, 3))
    room.leave(1)
    assert room.fits(large(4, 0))
    room.take(large(4, 0))
    assert not room.fits(large(5, 1))


@pytest.mark.parametrize(("free", "most"), [(8, 3), (0, 1)])
def test_a_run_has_as_many_under_way_as_fit(
    tmp_path: Path,
    target: Path,
    run_of: MakeRun,
    monkeypatch: pytest.MonkeyPatch,
    free: int,
    most: int,
) -> None:
    """Three posters that are too large for their shares, on three threads."""
    for number in range(3):
        grey_scan(number, 400, 600).save(tmp_path / f"{number}.jpg")
    monkeypatch.setattr(memory, "LEAST_SHARE_BYTES", 1_000_000)
    monkeypatch.setattr(work, "free_memory", lambda: 0)
    monkeypatch.setattr(memory, "KEPT_FREE_BYTES", 0)
    monkeypatch.setattr(memory, "free_memory", lambda: max(1_500_000, free * GIGABYTE))
    monkeypatch.setattr("photochrom.archive.begin.cores", lambda: 3)
    under_way = []
    with run_of(tmp_path, target) as (run, heard):
        give = run.crew.give

        def counting(task: Task) -> None:
            give(task)
            if task.alone:
                under_way.append(run.crew._under_way)  # type: ignore[attr-defined]

        monkeypatch.setattr(run.crew, "give", counting)
        run.prepare()
        run.work()
    assert set(heard.states.values()) == {"coloured"}
    assert max(under_way) == most


def test_a_share_of_much_memory_leaves_nothing_to_do_alone(
    scans: Path,
    target: Path,
    colour_all: Callable[..., Heard],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same picture as where it waits until it is alone, in a machine that has more."""
    grey_scan(7, 400, 600).save(scans / "1923" / "poster.jpg")
    monkeypatch.setattr(memory, "LEAST_SHARE_BYTES", 1_000_000)
    monkeypatch.setattr(work, "free_memory", lambda: 64 * GIGABYTE)
    asked = []
    real = work.fits
    monkeypatch.setattr(
        work, "fits", lambda photo, **more: asked.append(more["alone"]) or real(photo, **more)
    )
    assert colour_all(scans, target).states["1923/poster.jpg"] == "coloured"
    assert asked
    assert not any(asked)
