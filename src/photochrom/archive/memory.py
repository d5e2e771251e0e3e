"""How much memory a picture takes, so that one of any size does not take the others' too."""

from __future__ import annotations

from photochrom.archive.records import Task
from photochrom.errors import SetupError
from photochrom.media.photo import SourcePhoto
from photochrom.resources import free_memory

# Peak of a process that colours one picture, above what the model takes: benchmarks/
# archive_memory.py measured 2 bytes a pixel for a grey JPEG, 10 for a colour JPEG or a PNG and 34
# at 16 bits. Here is more: for progressive files, whose coefficients are all held, twice that.
BYTES_PER_PIXEL = 24
GREY_JPEG_BYTES_PER_PIXEL = 6
LEAST_SHARE_BYTES = 1 << 30  # so that ordinary photos run side by side while there is room
SMALL_BYTES = 128 << 20  # that there is room for is not asked
PICTURE_OVER_FILE = 4  # a picture takes this much more than its file, at least
KEPT_FREE_BYTES = 256 << 20


class Room:
    """The memory of this machine, and what the pictures that were put off take of it."""

    def __init__(self) -> None:
        self._free = 0
        self._taken: dict[int, int] = {}  # [bytes], by the task's number

    def fits(self, task: Task) -> bool:
        """Whether a task may begin beside those that have begun; the first one always may."""
        if not self._taken:
            self._free = (free_memory() or 0) - KEPT_FREE_BYTES
            return True
        needs = [*self._taken.values(), task.needs]
        return all(needs) and sum(needs) <= self._free

    def take(self, task: Task) -> None:
        """Note that a task begins."""
        if task.alone:
            self._taken[task.id] = task.needs

    def leave(self, task_id: int) -> None:
        """Note that a task has ended."""
        self._taken.pop(task_id, None)


def share_bytes(free: int | None, at_once: int) -> int:
    """What one of the pictures at work on a machine may take of what was `free` before them."""
    return max(LEAST_SHARE_BYTES, ((free or 0) - KEPT_FREE_BYTES) // at_once)


def fits_file(name: str, size_bytes: int, *, share: int, alone: bool) -> bool:
    """Whether an encoded file of this size may be read now; as `fits`, before it is read."""
    if not alone:
        return size_bytes <= share // PICTURE_OVER_FILE
    free = free_memory()
    if free is not None and size_bytes > free - KEPT_FREE_BYTES:
        raise SetupError(
            f"{name} has {size_bytes / 1e9:.1f} GB, and {free / 1e9:.1f} GB of memory are free. "
            "Give it to a larger machine"
        )
    return True


def fits(photo: SourcePhoto, *, share: int, alone: bool) -> bool:
    """Whether a picture may be worked on now; False where it must wait for the others.

    Beside others it may take its share [bytes], and no more than is free by now.
    Raises `SetupError` where it does not fit into this machine's memory even alone.
    """
    needed = needed_bytes(photo)
    if not alone and (needed > share or needed <= SMALL_BYTES):
        return needed <= share
    free = free_memory()
    if not alone:
        return free is None or needed <= free - KEPT_FREE_BYTES
    if free is not None and needed > free - KEPT_FREE_BYTES:
        raise SetupError(
            f"{photo.name} is {photo.width}×{photo.height} and would need about "
            f"{needed / 1e9:.1f} GB of memory, of which {free / 1e9:.1f} GB are free. "
            "Give it to a larger machine"
        )
    return True


def needed_bytes(photo: SourcePhoto) -> int:
    """About how much memory colouring this picture takes at its peak."""
    each = GREY_JPEG_BYTES_PER_PIXEL if photo.is_grey_jpeg else BYTES_PER_PIXEL
    return photo.width * photo.height * each * (2 if photo.bits > 8 else 1)
