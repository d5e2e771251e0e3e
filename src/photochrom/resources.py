"""What of the machine this process may take: memory that is free, and cores."""

from __future__ import annotations

import math
import os
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
CGROUPS = (  # folder, and its files of limit and use: version 2, version 1
    (Path("/sys/fs/cgroup"), "memory.max", "memory.current"),
    (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", "memory.usage_in_bytes"),
)
CPU_FILES = (  # microseconds of use and of a period: version 2 in one file, version 1 in two
    Path("/sys/fs/cgroup/cpu.max"),
    Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
    Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us"),
)
CACHE_KEYS = ("inactive_file", "total_inactive_file")  # file cache that can be given back


def free_memory() -> int | None:
    """Bytes that can be had without swapping, a container's limit kept; None where none can say."""
    found = [left_on_machine(MEMINFO), *(left_in_container(*group) for group in CGROUPS)]
    return min((count for count in found if count is not None), default=None)


def left_on_machine(meminfo: Path) -> int | None:
    """Linux's own estimate, which counts what its file cache can give back."""
    for line in _lines(meminfo):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) << 10
    return None


def left_in_container(folder: Path, limit: str, used: str) -> int | None:
    """What a container's limit leaves; None where it has none."""
    numbers = [line for name in (limit, used) for line in _lines(folder / name)[:1]]
    if len(numbers) < 2 or not all(number.isdigit() for number in numbers):
        return None  # no such group, or "max": no limit
    rows = (line.split() for line in _lines(folder / "memory.stat"))
    cached = max((int(row[1]) for row in rows if row[0] in CACHE_KEYS), default=0)
    return max(0, int(numbers[0]) - int(numbers[1]) + cached)


def cores() -> int:
    """Processor cores that this process may use, a container's quota kept; at least 1."""
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:  # macOS, Windows
        allowed = os.cpu_count() or 1
    return max(1, math.ceil(min(allowed, quota_in_container(*CPU_FILES))))


def quota_in_container(version_2: Path, quota_1: Path, period_1: Path) -> float:
    """Cores that a container's quota of processor time comes to; infinite where it has none."""
    words = [word for line in _lines(version_2)[:1] for word in line.split()]
    words = words or [line for path in (quota_1, period_1) for line in _lines(path)[:1]]
    if len(words) < 2 or not all(word.isdigit() for word in words):
        return math.inf  # no such group, "max" or -1: no quota
    return int(words[0]) / int(words[1])


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except OSError:
        return []
