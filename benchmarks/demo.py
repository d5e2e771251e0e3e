"""Colorize real photographs and show them before and after: what `make demo` runs.

Without arguments the photographs are scikit-image's own: three colour ones made grey, and one that
is black and white. All are in the public domain or CC0, and come with the package.
"""

from __future__ import annotations

import argparse
import os
import shlex
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps

from photochrom import Colorizer
from photochrom.errors import PhotochromError

PHOTOGRAPHS = ("coffee.png", "chelsea.png", "rocket.jpg", "camera.png")
SHEET_ROW_PX = 300
GAP_PX = 8


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="*", type=Path, help="pictures to colorize")
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the results")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)

    photos = options.photos or asked_for(os.environ.get("PHOTO", ""))
    photos = photos or example_photos(options.out / "originals")
    if len({photo.stem for photo in photos}) < len(photos):
        raise SystemExit("two of the photos have one name: give them in two runs, or rename one")
    colorizer = Colorizer()
    started = time.perf_counter()
    try:
        pairs = [(photo, colorize(colorizer, photo, options.out)) for photo in photos]
    except PhotochromError as error:
        raise SystemExit(str(error)) from error
    seconds = time.perf_counter() - started

    sheet = options.out / "before-after.jpg"
    before_after(pairs).save(sheet, quality=90)
    print(f"\n{len(pairs)} in {seconds:.2f} s, the model's loading not counted")
    print(f"before and after: {sheet}")


def asked_for(words: str) -> list[Path]:
    """The photos that `make demo PHOTO="…"` names: one whose name has spaces, or several."""
    return [Path(words)] if Path(words).is_file() else [Path(word) for word in shlex.split(words)]


def example_photos(folder: Path) -> list[Path]:
    """Grey JPEGs of scikit-image's photographs, written to `folder`."""
    import skimage.data

    shipped = Path(skimage.data.__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    photos = []
    for name in PHOTOGRAPHS:
        grey = folder / Path(name).with_suffix(".jpg")
        with Image.open(shipped / name) as photograph:
            photograph.convert("L").save(grey, quality=92)
        photos.append(grey)
    return photos


def colorize(colorizer: Colorizer, photo: Path, folder: Path) -> Path:
    """Colorize one photo into `folder` and print where, how large, and the seconds."""
    started = time.perf_counter()
    painted = colorizer.colorize(photo)
    suffix = photo.suffix if painted.source.format == painted.default_format else ".png"
    result = folder / f"{photo.stem}.color{suffix}"
    painted.save(result)
    size = f"{painted.source.width}×{painted.source.height}"
    print(f"{result}  {size:>11}  {time.perf_counter() - started:.2f} s")
    return result


def before_after(pairs: Sequence[tuple[Path, Path]]) -> Image.Image:
    """One row a photo: as it was on the left, in colour on the right."""
    rows = [[_row_picture(photo) for photo in pair] for pair in pairs]
    width = max(sum(picture.width for picture in row) for row in rows) + 3 * GAP_PX
    sheet = Image.new("RGB", (width, len(rows) * (SHEET_ROW_PX + GAP_PX) + GAP_PX), "white")
    for number, row in enumerate(rows):
        left = GAP_PX
        for picture in row:
            sheet.paste(picture, (left, GAP_PX + number * (SHEET_ROW_PX + GAP_PX)))
            left += picture.width + GAP_PX
    return sheet


def _row_picture(photo: Path) -> Image.Image:
    with Image.open(photo) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    width = max(1, round(upright.width * SHEET_ROW_PX / upright.height))
    return upright.resize((width, SHEET_ROW_PX), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
