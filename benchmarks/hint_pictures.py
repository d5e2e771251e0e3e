"""The pictures of docs/colours.md, from scikit-image's free photographs.

    python benchmarks/hint_pictures.py

hints.jpg        grey with the hints as dots, painted without them, painted with them
candidates.jpg   the usual result and three candidates
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image, ImageDraw

from photochrom import Colorizer, Hint
from photochrom.media.pixels import rgb_to_grey

IMAGES = Path(__file__).resolve().parents[1] / "docs/images"
HEIGHT_PX = 260
GAP_PX = 6
DOT_PX = 6
QUALITY = 86
HINTS = {  # pixels of the photographs, and what is known of them
    "coffee.png": [
        *(
            Hint(x, y, (40, 90, 150))
            for x, y in ((128, 170), (130, 300), (440, 205), (300, 340), (222, 278))
        ),
        *(Hint(x, y, (150, 90, 40)) for x, y in ((290, 165), (290, 95))),
        Hint(560, 60, (110, 85, 65)),
    ],
    "chelsea.png": [
        *(Hint(x, y, (110, 150, 50)) for x, y in ((146, 106), (183, 112), (303, 126), (323, 132))),
        Hint(415, 35, (120, 145, 160)),
    ],
}
CANDIDATES_OF = "coffee.png"


def photograph(name: str) -> np.ndarray:
    """One of scikit-image's photographs, made grey."""
    with Image.open(Path(skimage.data.__file__).parent / name) as picture:
        return rgb_to_grey(np.asarray(picture.convert("RGB")))


def dotted(grey: np.ndarray, hints: list[Hint]) -> Image.Image:
    """The grey photograph with a dot in each hint's colour."""
    picture = Image.fromarray(grey).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for x, y, colour in hints:
        box = (x - DOT_PX, y - DOT_PX, x + DOT_PX, y + DOT_PX)
        draw.ellipse(box, fill=colour, outline="white", width=2)
    return picture


def page(rows: list[list[Image.Image]]) -> Image.Image:
    """Rows of pictures of one height, on white."""
    scaled = [[_as_high(picture) for picture in row] for row in rows]
    width = max(sum(picture.width + GAP_PX for picture in row) for row in scaled) - GAP_PX
    whole = Image.new("RGB", (width, len(rows) * (HEIGHT_PX + GAP_PX) - GAP_PX), "white")
    for number, row in enumerate(scaled):
        left = 0
        for picture in row:
            whole.paste(picture, (left, number * (HEIGHT_PX + GAP_PX)))
            left += picture.width + GAP_PX
    return whole


def _as_high(picture: Image.Image) -> Image.Image:
    width = round(picture.width * HEIGHT_PX / picture.height)
    return picture.convert("RGB").resize((width, HEIGHT_PX), Image.Resampling.LANCZOS)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    colorizer = Colorizer()
    told = []
    for name, hints in HINTS.items():
        grey = photograph(name)
        painted = colorizer.colorize(grey).image, colorizer.colorize(grey, hints=hints).image
        told.append([dotted(grey, hints), *painted])
    first, second, *others = (
        photo.image for photo in colorizer.candidates(photograph(CANDIDATES_OF), 4)
    )
    for name, rows in (("hints", told), ("candidates", [[first, second], others])):
        path = IMAGES / f"{name}.jpg"
        page(rows).save(path, quality=QUALITY, optimize=True)
        print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
