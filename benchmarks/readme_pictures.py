"""The before and after picture of the README, from scikit-image's free photographs.

    python benchmarks/readme_pictures.py

before-after.jpg   grey above, painted by the shipped model below
"""

from __future__ import annotations

import io
from pathlib import Path

import skimage.data
from PIL import Image

from photochrom import Colorizer

IMAGES = Path(__file__).resolve().parents[1] / "docs/images"
PHOTOGRAPHS = ("chelsea.png", "coffee.png", "rocket.jpg", "camera.png")
HEIGHT_PX = 220
GAP_PX = 6


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    colorizer = Colorizer()
    columns = [before_and_after(colorizer, name) for name in PHOTOGRAPHS]
    path = IMAGES / "before-after.jpg"
    page(columns).save(path, quality=88, optimize=True)
    print(path, path.stat().st_size, "bytes")


def before_and_after(colorizer: Colorizer, name: str) -> tuple[Image.Image, Image.Image]:
    """A photograph made grey, and what the model makes of that grey, both `HEIGHT_PX` high."""
    encoded = io.BytesIO()
    with Image.open(Path(skimage.data.__file__).parent / name) as photograph:
        photograph.convert("L").save(encoded, "JPEG", quality=95)
    painted = colorizer.colorize(encoded.getvalue())
    return row_picture(Image.open(encoded)), row_picture(painted.image)


def row_picture(picture: Image.Image) -> Image.Image:
    width = round(picture.width * HEIGHT_PX / picture.height)
    return picture.convert("RGB").resize((width, HEIGHT_PX), Image.Resampling.LANCZOS)


def page(columns: list[tuple[Image.Image, Image.Image]]) -> Image.Image:
    """Each pair in a column, grey above and colour below, on white."""
    width = sum(grey.width + GAP_PX for grey, _ in columns) - GAP_PX
    whole = Image.new("RGB", (width, 2 * HEIGHT_PX + GAP_PX), "white")
    left = 0
    for grey, painted in columns:
        whole.paste(grey, (left, 0))
        whole.paste(painted, (left, HEIGHT_PX + GAP_PX))
        left += grey.width + GAP_PX
    return whole


if __name__ == "__main__":
    main()
