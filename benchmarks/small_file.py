"""What float16 weights cost: the mean ΔE2000 between two model files' pictures.

    python benchmarks/small_file.py CHECKPOINT [--limit 100]        (needs the extra `train`)

Exports the checkpoint with float32 and with float16 weights and colours bench/scenes with both.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from photochrom import Colorizer
from photochrom.color.difference import delta_e_2000
from photochrom.export import Facts, export
from photochrom.media.pixels import rgb_to_grey
from photochrom.models.look import Look
from quality import BENCH, lab_of, read_rgb

AT_MOST = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--limit", type=int, default=100)
    options = parser.parse_args()
    facts = Facts(name="compared", version="0", licence="none", trained_on="see the checkpoint")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("float32.onnx", "float16.onnx")]
        for path in paths:
            is_small = path.stem == "float16"
            export(options.checkpoint, path, facts=facts, look=Look(), float16=is_small)
        sizes = [path.stat().st_size / 1e6 for path in paths]
        large, small = (Colorizer(path) for path in paths)
    differences = []
    for path in sorted((BENCH / "scenes").iterdir())[: options.limit]:
        grey = rgb_to_grey(read_rgb(path))
        pictures = [lab_of(each.colorize(grey).rgb) for each in (large, small)]
        differences.append(delta_e_2000(*pictures).mean())
    print(f"float32 {sizes[0]:.1f} MB, float16 {sizes[1]:.1f} MB")
    print(f"mean ΔE2000 {np.mean(differences):.3f}  (at most {AT_MOST})")


if __name__ == "__main__":
    main()
