"""How much memory a picture takes, so that one of any size does not take the others' too."""

from __future__ import annotations

from photochrom.errors import SetupError
from photochrom.media.photo import SourcePhoto
from photochrom.resources import free_memory

# Peak of a process that colours one picture, above what the model takes: benchmarks/
# archive_memory.py measured 2 bytes a pixel for a grey JPEG and 9 for a colour JPEG or a PNG. Here
# is twice that and more, for progressive files, whose coefficients are all held.
BYTES_PER_PIXEL = 24
GREY_JPEG_BYTES_PER_PIXEL = 6
BESIDE_OTHERS_BYTES = 1 << 30
FILE_BESIDE_OTHERS_BYTES = 128 << 20
KEPT_FREE_BYTES = 256 << 20


def fits_file(name: str, size_bytes: int, *, alone: bool) -> bool:
    """Whether an encoded file of this size may be read now; as `fits`, before it is read."""
    if not alone:
        return size_bytes <= FILE_BESIDE_OTHERS_BYTES
    free = free_memory()
    if free is not None and size_bytes > free - KEPT_FREE_BYTES:
        raise SetupError(
            f"{name} has {size_bytes / 1e9:.1f} GB, and {free / 1e9:.1f} GB of memory are free. "
            "Give it to a larger machine"
        )
    return True


def fits(photo: SourcePhoto, *, alone: bool) -> bool:
    """Whether a picture may be worked on now; False where it must wait to be alone.

    Raises `SetupError` where it does not fit into this machine's memory even so.
    """
    needed = needed_bytes(photo)
    if not alone:
        return needed <= BESIDE_OTHERS_BYTES
    free = free_memory()
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
