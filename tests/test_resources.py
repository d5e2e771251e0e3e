"""How much memory and how many cores there are, as Linux and its containers tell it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from photochrom import resources as module
from photochrom.resources import (
    cores,
    free_memory,
    left_in_container,
    left_on_machine,
    quota_in_container,
)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 2000 kB\nMemFree: 100 kB\nMemAvailable:    1500 kB\n")
    return meminfo


def container(folder: Path, limit: str, used: int, cached: int) -> tuple[Path, str, str]:
    (folder / "max").write_text(f"{limit}\n")
    (folder / "now").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {cached}\n")
    return folder, "max", "now"


def test_a_machine_tells_what_can_be_had_without_swapping(machine: Path) -> None:
    assert left_on_machine(machine) == 1500 * 1024
    assert left_on_machine(machine.with_name("absent")) is None


def test_a_container_gives_its_file_cache_back(tmp_path: Path) -> None:
    assert left_in_container(*container(tmp_path, "1000", used=900, cached=300)) == 400
    assert left_in_container(*container(tmp_path, "1000", used=2000, cached=0)) == 0


def test_a_container_without_a_limit_says_nothing(tmp_path: Path) -> None:
    assert left_in_container(*container(tmp_path, "max", used=900, cached=300)) is None
    assert left_in_container(tmp_path, "absent", "now") is None


def test_the_least_counts(machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = container(tmp_path, "1000", used=400, cached=0)
    monkeypatch.setattr(module, "MEMINFO", machine)
    monkeypatch.setattr(module, "CGROUPS", (group,))
    assert free_memory() == 600
    monkeypatch.setattr(module, "CGROUPS", ())
    assert free_memory() == 1500 * 1024
    monkeypatch.setattr(module, "MEMINFO", tmp_path / "absent")
    assert free_memory() is None


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({"cpu.max": "150000 100000"}, 1.5),
        ({"cpu.max": "max 100000"}, math.inf),
        ({"quota": "50000", "period": "100000"}, 0.5),
        ({"quota": "-1", "period": "100000"}, math.inf),
        ({}, math.inf),
    ],
)
def test_a_container_has_so_many_cores(
    tmp_path: Path, files: dict[str, str], quota: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(f"{text}\n")
    group = tmp_path / "cpu.max", tmp_path / "quota", tmp_path / "period"
    assert quota_in_container(*group) == quota
    monkeypatch.setattr(module, "CPU_FILES", group)
    monkeypatch.setattr(module.os, "sched_getaffinity", lambda _: range(8), raising=False)
    assert cores() == math.ceil(min(8, quota))
