"""The pictures of docs/how-it-works.md, drawn from scikit-image's free photographs.

    python benchmarks/explain_pictures.py

channels.jpg         the same photograph as R, G, B and as L*, a*, b*
mean-of-colours.jpg  plausible colours of one grey photograph, and their mean
old-film.jpg         what panchromatic, orthochromatic and blue-sensitive film made of one scene
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from photochrom.color.lab import lab_to_rgb, rgb_to_lab

IMAGES = Path(__file__).resolve().parents[1] / "docs/images"
TILE_PX = 256
CAPTION_PX = 28
GAP_PX = 6

Rgb = NDArray[np.uint8]
Panel = tuple[str, Rgb]


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("channels", channels(photograph("astronaut.png"))),
        ("mean-of-colours", mean_of_colours(photograph("coffee.png"))),
        ("old-film", old_film(photograph("astronaut.png"))),
    ):
        path = IMAGES / f"{name}.jpg"
        sheet(rows).save(path, quality=88, optimize=True)
        print(path, path.stat().st_size, "bytes")


def photograph(name: str) -> Rgb:
    """The middle square of a photograph that scikit-image's package carries, (256, 256, 3)."""
    with Image.open(Path(skimage.data.__file__).parent / name) as picture:
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        square = picture.convert("RGB").crop((left, top, left + side, top + side))
    return np.asarray(square.resize((TILE_PX, TILE_PX), Image.Resampling.LANCZOS))


def channels(rgb: Rgb) -> list[list[Panel]]:
    """Three greys that all look like the photo, against one grey and two that hold only colour."""
    lightness, ab = rgb_to_lab(rgb)
    middle = np.full_like(lightness, 65)
    above = [
        (name, grey(rgb[..., channel])) for channel, name in enumerate(("red", "green", "blue"))
    ]
    below = [("L* lightness", lab_to_rgb(lightness, np.zeros_like(ab)))]
    for axis, name in enumerate(("a* green … red", "b* blue … yellow")):
        only = np.zeros_like(ab)
        only[..., axis] = ab[..., axis]
        below.append((name, lab_to_rgb(middle, only)))
    return [[("RGB", rgb), *above], [("Lab", rgb), *below]]


def mean_of_colours(rgb: Rgb) -> list[list[Panel]]:
    """A cup in four hues of one lightness, and their mean: what L1 paints."""
    lightness, ab = rgb_to_lab(rgb)
    turned = [rotated(ab, degrees) for degrees in (0, 50, 165, 265)]
    colours = [("plausible", lab_to_rgb(lightness, ab)) for ab in turned]
    mean = lab_to_rgb(lightness, np.mean(turned, axis=0, dtype=np.float32))
    grey_photo = lab_to_rgb(lightness, np.zeros_like(ab))
    return [
        [("the photo", grey_photo), *colours[:2]],
        [*colours[2:4], ("their mean", mean)],
    ]


def rotated(ab: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    """The cup's red turned by `degrees` of hue; the wood and the coffee, less red, stay."""
    a, b = ab[..., 0], ab[..., 1]
    redness = np.clip((47 - np.rad2deg(np.arctan2(b, a))) / 4, 0, 1)[..., None]
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    turned = np.stack([cos * a - sin * b, sin * a + cos * b], axis=-1)
    return (ab + redness * (turned - ab)).astype(np.float32)


def old_film(rgb: Rgb) -> list[list[Panel]]:
    """One scene as three kinds of film saw it: shares of red, green and blue light."""
    linear = (rgb / 255.0) ** 2.2
    films = {
        "panchromatic (1910s on)": (0.30, 0.59, 0.11),
        "orthochromatic (1880s on)": (0.00, 0.60, 0.40),
        "wet plate (1850s on)": (0.00, 0.05, 0.95),
    }
    seen = [
        (name, grey(np.rint(255 * (linear @ np.array(shares)) ** (1 / 2.2)).astype(np.uint8)))
        for name, shares in films.items()
    ]
    return [[("the scene", rgb), *seen]]


def grey(plane: Rgb) -> Rgb:
    """A plane (H, W) shown as grey (H, W, 3)."""
    return np.repeat(plane[..., None], 3, axis=2)


def sheet(rows: Sequence[Sequence[Panel]]) -> Image.Image:
    """Captioned tiles in rows, on white."""
    step = TILE_PX + GAP_PX
    width = max(len(row) for row in rows) * step + GAP_PX
    page = Image.new("RGB", (width, len(rows) * (step + CAPTION_PX) + GAP_PX), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(16)
    for y, row in enumerate(rows):
        top = GAP_PX + y * (step + CAPTION_PX)
        for x, (caption, rgb) in enumerate(row):
            left = GAP_PX + x * step
            page.paste(Image.fromarray(rgb), (left, top))
            draw.text((left + 2, top + TILE_PX + 4), caption, fill="black", font=font)
    return page


if __name__ == "__main__":
    main()
