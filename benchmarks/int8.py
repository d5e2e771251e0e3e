"""Whether 8-bit weights and activations keep the colours: static quantization of a checkpoint.

    python benchmarks/int8.py RUN --photos ARCHIVE.zip [--calibrate 60] [--compare 80]

QDQ, one scale a channel, weights of 7 bits (reduced range, as CPUs without VNNI need), ranges from
photos that are not compared. Mean ΔE2000 between both files' colours should be 0.5 at most; the
time ratio is ONNX Runtime's on one thread.
"""

from __future__ import annotations

import argparse
import io
import logging
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from PIL import Image

from photochrom.color.difference import delta_e_2000
from photochrom.color.lab import rgb_to_lightness
from photochrom.export import Facts, export_model, open_origin, usual_look

METHODS = {"extremes": CalibrationMethod.MinMax, "percentiles": CalibrationMethod.Percentile}
SEED = 3


class Photos(CalibrationDataReader):
    """Lightness planes, one after the other, as the quantizer asks for them."""

    def __init__(self, planes: list[np.ndarray]) -> None:
        self.remaining: Iterator[np.ndarray] = iter(planes)

    def get_next(self) -> dict[str, np.ndarray] | None:
        plane = next(self.remaining, None)
        return None if plane is None else {"lightness": plane}


def lightness_planes(archive: Path, count: int, side: int) -> list[np.ndarray]:
    """L* (1, 1, side, side) of photos of the archive."""
    with zipfile.ZipFile(archive) as photos:
        names = sorted(name for name in photos.namelist() if not name.endswith("/"))
        picks = np.random.default_rng(SEED).permutation(len(names))[:count]
        pictures = [Image.open(io.BytesIO(photos.read(names[i]))).convert("RGB") for i in picks]
    squares = []
    for picture in pictures:
        scale = side / min(picture.size)
        size = (max(side, round(picture.width * scale)), max(side, round(picture.height * scale)))
        square = picture.resize(size, Image.Resampling.BICUBIC).crop((0, 0, side, side))
        squares.append(rgb_to_lightness(np.asarray(square))[None, None])
    return squares


def opened(path: Path) -> onnxruntime.InferenceSession:
    """The file on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    return onnxruntime.InferenceSession(str(path), options)


def compared(one: Path, other: Path, planes: list[np.ndarray]) -> tuple[float, float]:
    """Mean ΔE2000 between the files' colours, and how many times faster the other is."""
    sessions, spent, distances = (opened(one), opened(other)), [0.0, 0.0], []
    for plane in planes:
        painted = []
        for which, session in enumerate(sessions):
            started = time.perf_counter()
            painted.append(session.run(["ab"], {"lightness": plane})[0][0])
            spent[which] += time.perf_counter() - started
        small = plane[0, 0, ::4, ::4]
        labs = [np.dstack([small, *ab]) for ab in painted]
        distances.append(float(delta_e_2000(*labs).mean()))
    return float(np.mean(distances)), spent[0] / spent[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--calibrate", type=int, default=60)
    parser.add_argument("--compare", type=int, default=80)
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # the quantizer advises a preprocessing that changes nothing
    origin = open_origin(options.run)
    look = usual_look(origin.checkpoint)
    facts = Facts(name="trial", version="0", licence="", trained_on="")
    planes = lightness_planes(
        options.photos, options.calibrate + options.compare, look.short_side_px
    )
    with TemporaryDirectory() as folder:
        float32 = Path(folder) / "float32.onnx"
        float32.write_bytes(export_model(origin, facts, look, float16=False).onnx)
        for name, method in METHODS.items():
            int8 = Path(folder) / f"{name}.onnx"
            quantize_static(
                float32, int8, Photos(planes[: options.calibrate]), calibrate_method=method,
                quant_format=QuantFormat.QDQ, per_channel=True, reduce_range=True,
                op_types_to_quantize=["Conv"], nodes_to_exclude=last_convolutions(float32),
                activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
            )  # fmt: skip
            distance, faster = compared(float32, int8, planes[options.calibrate :])
            print(f"{name:12} {int8.stat().st_size / 1e6:.1f} MB, mean ΔE2000 {distance:.2f} "
                  f"(at most 0.5), {faster:.2f} times as fast")  # fmt: skip


def last_convolutions(path: Path) -> list[str]:
    """The head and the mean over bins stay float32: their sums would be no numbers."""
    import onnx

    graph = onnx.load(path).graph
    return [node.name for node in graph.node if node.op_type == "Conv"][-2:]


if __name__ == "__main__":
    main()
