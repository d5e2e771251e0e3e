"""How much main memory this process may still take."""

from __future__ import annotations

from pathlib import Path

MEMINFO = Path("/proc/meminfo")
CGROUPS = (  # folder, and its files of limit and use: version 2, version 1
    (Path("/sys/fs/cgroup"), "memory.max", "memory.current"),
    (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", "memory.usage_in_bytes"),
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


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except OSError:
        return []
