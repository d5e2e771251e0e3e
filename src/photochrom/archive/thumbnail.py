"""A picture before and after, small and side by side, for the contact sheets."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from photochrom.errors import PhotochromError
from photochrom.media.decoding import load_image, open_image

SIDE_PX = 180
GAP_PX = 4


def before_and_after(source: bytes, result: bytes) -> bytes | None:
    """A JPEG of both, at most 2 × 180 + 4 px wide; None where one of them cannot be shown."""
    try:
        before, after = _small(source), _small(result)
    except PhotochromError:
        return None
    height = max(before.height, after.height)
    strip = Image.new("RGB", (before.width + GAP_PX + after.width, height), "white")
    strip.paste(before, (0, 0))
    strip.paste(after, (before.width + GAP_PX, 0))
    written = BytesIO()
    strip.save(written, "JPEG", quality=75)
    return written.getvalue()


def _small(encoded: bytes) -> Image.Image:
    opened = open_image(encoded, "picture")
    opened.draft("RGB", (2 * SIDE_PX, 2 * SIDE_PX))
    load_image(opened, "picture")
    is_deep = opened.mode.startswith("I")  # 16-bit grey, which Pillow would clip
    image = opened.point(lambda level: level / 256).convert("L") if is_deep else opened
    small = ImageOps.exif_transpose(image)
    small.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.BOX)
    return small.convert("RGB")
