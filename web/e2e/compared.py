"""What Python says of files that the website saved: a line of JSON for every line of JSON.

    {"original": …, "saved": …, "wishes": {…}}

`wishes` are options of `Colorizer.colorize`. The difference is the mean ΔE2000 to what Python makes
of the original.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from photochrom import Colorizer, Photo
from photochrom.color.difference import delta_e_2000
from photochrom.color.lab import rgb_to_lab
from photochrom.errors import InputError
from photochrom.media.jpeg_restore import restore
from photochrom.media.provenance import read_provenance

MODEL, ORIENTATION, GPS = 272, 274, 34853


@cache
def colorizer() -> Colorizer:
    return Colorizer(threads=1)


def compared(original: Path, saved: Path, wishes: dict[str, Any]) -> dict[str, Any]:
    picture = Image.open(saved)
    restored = restored_sha256(saved)
    shown = ImageOps.exif_transpose(picture)
    wishes["hints"] = [tuple(hint) for hint in wishes.get("hints", ())]
    photo = colorizer().colorize(original, **wishes)
    ours = as_python_saves_it(photo, picture, restored is not None)
    rgb = np.asarray(shown.convert("RGB"))
    provenance = read_provenance(saved)
    exif = picture.getexif()
    return {
        "size": shown.size,
        "mode": picture.mode,
        "difference": difference(rgb, ours) if rgb.shape == ours.shape else None,
        "camera": exif.get(MODEL),
        "orientation": exif.get(ORIENTATION),
        "hasPlace": bool(exif.get_ifd(GPS)),
        "source": provenance.source_sha256 if provenance else None,
        "options": provenance.options if provenance else None,
        "sha256": hashlib.sha256(original.read_bytes()).hexdigest(),
        "restored": restored,
    }


def as_python_saves_it(photo: Photo, saved: Image.Image, is_archived: bool) -> NDArray[np.uint8]:
    """Python's colours, through an encoder with the same tables where JPEG loses something."""
    encoded = BytesIO()
    if is_archived:
        encoded.write(photo.encode(jpeg="splice")[0])
    elif isinstance(saved, JpegImageFile):
        tables = [saved.quantization[slot] for slot in (0, 1)]
        Image.fromarray(photo.rgb).save(encoded, "JPEG", qtables=tables, subsampling="4:2:0")
    else:
        return photo.rgb
    picture = ImageOps.exif_transpose(Image.open(encoded))
    return np.asarray(picture.convert("RGB"))


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    step = max(1, max(one.shape) // 1000)  # of a large picture, every so many pixels
    labs = [
        np.dstack(rgb_to_lab(np.ascontiguousarray(rgb[::step, ::step]))) for rgb in (one, other)
    ]
    return float(delta_e_2000(*labs).mean())


def restored_sha256(saved: Path) -> str | None:
    try:
        return hashlib.sha256(restore(saved.read_bytes())).hexdigest()
    except InputError:
        return None


if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        told = compared(Path(asked["original"]), Path(asked["saved"]), asked["wishes"])
        print(json.dumps(told), flush=True)
