"""Photographs for the browser tests: scikit-image's, public domain or CC0, in every guise.

python e2e/photographs.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "media"), str(ROOT / "src")]

from jpeg_matrix import exif_with_thumbnail_inside, grey_profile

from photochrom.media.pixels import upright

MODEL, ORIENTATION, GPS = 272, 274, 34853
UNDOES = {6: 8, 8: 6}  # the other orientations undo themselves


def grey(name: str, width: int, height: int) -> Image.Image:
    return Image.fromarray(getattr(data, name)()).convert("L").resize((width, height))


def exif(orientation: int = 1) -> Image.Exif:
    """A camera's name, an orientation, and a place on earth."""
    block = Image.Exif()
    block[MODEL], block[ORIENTATION] = "Box camera", orientation
    block.get_ifd(GPS)[1] = "N"
    return block


def stored(levels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """The levels as a file stores them that is displayed by turning them by `orientation`."""
    return np.asarray(upright(levels, UNDOES.get(orientation, orientation)))


def write_turned(folder: Path) -> None:
    levels = np.asarray(grey("astronaut", 200, 150))
    for orientation in range(1, 9):
        picture = Image.fromarray(stored(levels, orientation))
        picture.save(folder / f"turned-{orientation}.jpg", quality=95, exif=exif(orientation))
    for name, orientation in (("turned.png", 6), ("turned.webp", 3)):
        picture = Image.fromarray(stored(levels, orientation))
        picture.save(folder / name, exif=exif(orientation), lossless=True)


def write_broken(folder: Path) -> None:
    whole = (folder / "portrait.jpg").read_bytes()
    (folder / "cut off.jpg").write_bytes(whole[: len(whole) // 3])
    (folder / "page.jpg").write_text("<!doctype html><script>alert(1)</script>", encoding="utf-8")
    (folder / "empty.jpg").write_bytes(b"")
    wall = bytearray((folder / "portrait.png").read_bytes())
    wall[16:24] = (100_000).to_bytes(4, "big") * 2  # width and height, as its head claims
    (folder / "wall.png").write_bytes(wall)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    grey("astronaut", 1000, 1000).save(folder / "portrait.jpg", quality=90, exif=exif())
    grey("astronaut", 640, 480).save(folder / "portrait.png")
    grey("rocket", 427, 640).save(
        folder / "launch.jpg", progressive=True, exif=exif_with_thumbnail_inside()
    )
    grey("chelsea", 451, 300).save(folder / "cat.jpg", icc_profile=grey_profile(1.8), quality=92)
    Image.fromarray(data.coffee()).save(folder / "coffee.jpg", quality=90, exif=exif())
    deep = np.asarray(grey("chelsea", 220, 160)).astype(np.uint16) * 257
    Image.fromarray(deep).save(folder / "deep.png")
    cut = grey("chelsea", 220, 160).convert("RGBA")
    cut.putalpha(Image.linear_gradient("L").resize(cut.size))
    cut.save(folder / "cut out.png")
    grey("rocket", 320, 240).save(folder / "scan.tif")
    grey("astronaut", 4400, 3900).save(folder / "large.jpg", quality=60)
    write_turned(folder)
    write_broken(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
