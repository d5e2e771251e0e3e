"""docs/images/results.jpg: what every recipe of the results table makes of free photographs.

    python benchmarks/results_sheet.py

One row for each recipe that benchmarks/results.py has trained, below the truth and the grey that
they were given; the photographs are scikit-image's own. `sketch` is given their outlines.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from photochrom.color.outline import draw_outline
from photochrom.evaluation.models import Given, open_model
from photochrom.media.photo import open_photo
from results import RECIPES, RUNS, finished

IMAGE = Path(__file__).resolve().parents[1] / "docs/images/results.jpg"
PHOTOGRAPHS = ("chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png", "hubble_deep_field.jpg")
HEIGHT_PX = 128
LABEL_PX = 150
GAP_PX = 4


def main() -> None:
    folder = Path(skimage.data.__file__).parent
    photos = [thumbnail(folder / name) for name in PHOTOGRAPHS if (folder / name).exists()]
    greys = [open_photo(photo).pixels().grey for photo in photos]
    rows = [("truth", photos), ("grey", greys)]
    for name in RECIPES:
        if finished(name):
            model = open_model(str(RUNS / name / "last.safetensors"))
            given = [draw_outline(photo) for photo in photos] if name == "sketch" else greys
            rows.append((name, [model.paint(shown(plane)) for plane in given]))
    sheet([(label, [as_rgb(picture) for picture in pictures]) for label, pictures in rows])


def thumbnail(path: Path) -> NDArray[np.uint8]:
    """A photograph `HEIGHT_PX` high."""
    with Image.open(path) as photograph:
        width = round(photograph.width * HEIGHT_PX / photograph.height)
        return np.asarray(photograph.convert("RGB").resize((width, HEIGHT_PX)))


def shown(grey: NDArray[np.uint8]) -> Given:
    """What a model of the evaluator is given."""
    return Given(grey=grey, full_size=(grey.shape[0], grey.shape[1]), partner_name="")


def as_rgb(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)


def sheet(rows: list[tuple[str, list[NDArray[np.uint8]]]]) -> None:
    """Write the rows below each other, each behind its name."""
    width = LABEL_PX + sum(picture.shape[1] + GAP_PX for picture in rows[0][1])
    page = Image.new("RGB", (width, len(rows) * (HEIGHT_PX + GAP_PX)), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(13)
    for number, (label, pictures) in enumerate(rows):
        top, left = number * (HEIGHT_PX + GAP_PX), LABEL_PX
        pen.text((4, top + HEIGHT_PX // 2 - 8), label.replace("scenery-", ""), "black", font)
        for picture in pictures:
            page.paste(Image.fromarray(picture), (left, top))
            left += picture.shape[1] + GAP_PX
    page.save(IMAGE, quality=82, optimize=True)
    print(IMAGE, IMAGE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
