"""How much memory is left, as Linux and its containers tell it."""

from __future__ import annotations

from pathlib import Path

import pytest

from photochrom import free_memory as module
from photochrom.free_memory import free_memory, left_in_container, left_on_machine


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
