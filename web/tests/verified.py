"""What Python makes of the JPEGs that the website's own code wrote, as JSON.

    python tests/verified.py ORIGINALS COLOURED

For each file: does `photochrom restore` give the original back, is its luma as it was, how far is
its chroma from what was asked for.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "media"), str(ROOT / "src")]

from jpeg_changes import chroma
from jpeg_coloured import levels, ycbcr

from photochrom.media.jpeg_restore import restore
from photochrom.media.provenance import read_provenance


def verified(original: bytes, coloured: bytes) -> dict[str, Any]:
    stored = ycbcr(coloured)
    height, width = stored.shape[:2]
    wanted = np.dstack(chroma(height, width)).repeat(2, axis=0).repeat(2, axis=1)
    provenance = read_provenance(coloured)
    grey = np.asarray(Image.open(io.BytesIO(original)).convert("L"))
    return {
        "restored": hashlib.sha256(restore(coloured)).digest() == hashlib.sha256(original).digest(),
        "luma": int(np.abs(stored[..., 0].astype(int) - grey).max()),
        "chroma": float(np.abs(stored[..., 1:].astype(float) - wanted[:height, :width]).mean()),
        "source": provenance.source_sha256 if provenance else "",
        "shape": levels(coloured).shape,
    }


def main(originals: Path, coloured: Path) -> None:
    results = {
        path.name: verified((originals / path.name).read_bytes(), path.read_bytes())
        for path in sorted(coloured.glob("*.jpg"))
    }
    print(json.dumps(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
