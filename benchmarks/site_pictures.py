"""The website's own photographs, made anew: examples to try, and the pair that one sees first.

    python benchmarks/site_pictures.py

scikit-image's photographs, public domain or CC0, made grey; the pair is one of them with our
colours.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

from photochrom import Colorizer

PICTURES = Path(__file__).resolve().parents[1] / "web" / "pictures"
EXAMPLES = ("astronaut", "rocket", "chelsea")
HERO_BOX = (110, 0, 400, 290)  # of the astronaut: left, top, right, bottom [px]
HERO_PX = 640


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for name in EXAMPLES:
        grey = Image.fromarray(getattr(data, name)()).convert("L")
        grey.save(PICTURES / f"{name}.jpg", quality=88)
    grey = Image.fromarray(data.astronaut()).convert("L")
    coloured = Image.fromarray(Colorizer().colorize(np.asarray(grey)).rgb)
    for name, picture in (("hero-grey", grey.convert("RGB")), ("hero-colour", coloured)):
        cut = picture.crop(HERO_BOX).resize((HERO_PX, HERO_PX), Image.Resampling.LANCZOS)
        cut.save(PICTURES / f"{name}.jpg", quality=82)
    for path in sorted(PICTURES.glob("*.jpg")):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
