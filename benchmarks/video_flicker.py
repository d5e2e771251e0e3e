"""Flicker: a film coloured frame by frame, and coloured as `photochrom video` does it.

    python benchmarks/video_flicker.py [--frames N] [--photos N] [--sheet FILE]

Two colour films of bench/video, and moving crops made from bench/kodak's photographs (they pan,
turn and zoom; grain is added), are made grey and coloured again. Measured against the real colours:

- warped chroma error: mean squared difference of a*, b* to the frame before, carried along the real
  film's motion where nothing is hidden (`photochrom evaluate`'s own flow);
- CDC: how much the colours' histograms differ over 1, 2 and 4 frames (the evaluator's own);
- ΔE2000 to the truth, and colourfulness.

Frames have 256 px on the short side and chroma of full size, and the parts of the film job are
called directly: shrinking, network, steadying, painting. No codec, no subsampling and no file is in
these figures. One clip more goes through all of it, from a grey film to H.264 4:2:0 as
`photochrom video` writes it, and is measured as it is shown; that row decides nothing.

Leaves with 1 where ours / frame by frame is above 0.5 in the first, or ΔE2000 is worse.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image

from photochrom import Colorizer
from photochrom.color.difference import colourfulness, delta_e_2000
from photochrom.color.frame import Coding, SmallFrame, paint_chroma
from photochrom.color.lab import rgb_to_lab
from photochrom.color.smooth import remembered
from photochrom.color.ycbcr import BT601
from photochrom.evaluation.measures import CDC_DISTANCES
from photochrom.evaluation.metrics.video import Flow, colour_histograms, divergence
from photochrom.film.job import colour_film
from photochrom.film.look import Looker, Shown
from photochrom.film.plan import Wanted, plan_film
from photochrom.film.steadying import steadied

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
FILMS = ("mdn_friday_cc0.mp4", "mdn_flower_cc0.mp4")
SHORT_PX = 256
GREY = 5.0  # colourfulness of what counts as grey, at most
GRAIN = 3.0  # standard deviation [levels]
MOST_RATIO = 0.5
CODING = Coding(BT601, full_range=True, down=1, across=1)
Rgb = np.ndarray


def film_frames(path: Path, count: int) -> list[Rgb]:
    """The first frames of a film, `SHORT_PX` on the short side."""
    frames: list[Rgb] = []
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            scale = SHORT_PX / min(frame.width, frame.height)
            size = (round(frame.width * scale), round(frame.height * scale))
            rgb = frame.to_ndarray(format="rgb24")
            frames.append(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))
            if len(frames) == count:
                break
    return frames


def moving_crops(path: Path, count: int, seed: int) -> list[Rgb]:
    """A window of `SHORT_PX` that pans, turns and zooms over a photograph."""
    with Image.open(path) as opened:
        photo = np.asarray(opened.convert("RGB"))
    generator = np.random.default_rng(seed)
    start, end = generator.uniform(0.3, 0.7, (2, 2)) * (photo.shape[1], photo.shape[0])
    turns, zooms = generator.uniform(-8, 8, 2), generator.uniform(0.75, 1.25, 2)
    size = (SHORT_PX * 3 // 2, SHORT_PX)
    frames = []
    for share in np.linspace(0, 1, count):
        x, y = start + (end - start) * share
        matrix = cv2.getRotationMatrix2D(
            (float(x), float(y)),
            float(turns[0] + (turns[1] - turns[0]) * share),
            float(zooms[0] + (zooms[1] - zooms[0]) * share),
        )
        matrix[:, 2] += (size[0] / 2 - x, size[1] / 2 - y)
        frames.append(cv2.warpAffine(photo, matrix, size, borderMode=cv2.BORDER_REFLECT_101))
    return frames


def luma_of(frames: list[Rgb], seed: int) -> list[np.ndarray]:
    """Their luma, with grain."""
    generator = np.random.default_rng(seed)
    luma = [frame @ BT601.luma_from_rgb for frame in frames]
    grainy = [plane + generator.normal(0, GRAIN, plane.shape) for plane in luma]
    return [np.clip(np.rint(plane), 0, 255).astype(np.uint8) for plane in grainy]


def looker_for(luma: np.ndarray, colorizer: Colorizer) -> Looker:
    """The part of the video job that shrinks frames and asks the network."""
    return Looker(Shown(*luma.shape), CODING, colorizer)


def frame_by_frame(luma: list[np.ndarray], colorizer: Colorizer) -> Iterator[SmallFrame]:
    looker = looker_for(luma[0], colorizer)
    for plane in luma:
        small = looker.small(plane)
        yield SmallFrame(small.astype(np.float32), looker.chroma(small))


def steady(luma: list[np.ndarray], colorizer: Colorizer) -> Iterator[SmallFrame]:
    looker = looker_for(luma[0], colorizer)
    frames = ((None, looker.small(plane)) for plane in luma)
    for item in steadied(frames, lambda _, small: remembered(looker.chroma(small))):
        yield item.small


def painted(luma: np.ndarray, small: SmallFrame) -> Rgb:
    """Rgb of a frame's luma and the chroma that is written beside it."""
    planes = (np.empty_like(luma), np.empty_like(luma))
    paint_chroma(luma, small, CODING, planes)
    cb, cr = (plane.astype(np.float32) - 128 for plane in planes)
    from_cb, from_cr = BT601.green_from_chroma
    y = luma.astype(np.float32)
    rgb = np.stack(
        [y + BT601.red_from_cr * cr, y - from_cb * cb - from_cr * cr, y + BT601.blue_from_cb * cb],
        axis=-1,
    )
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


def through_files(luma: list[np.ndarray], colorizer: Colorizer) -> list[Rgb]:
    """The same frames as a grey film, coloured into H.264 as `photochrom video` does, and shown."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "grey.mkv", Path(folder) / "colour.mp4"
        write_grey(source, luma)
        colour_film(plan_film(source, target, Wanted()), colorizer)
        with av.open(str(target)) as film:
            return [shown(frame) for frame in film.decode(video=0)]


def write_grey(path: Path, luma: list[np.ndarray]) -> None:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("ffv1", rate=25)
        stream.height, stream.width = luma[0].shape
        stream.pix_fmt = "gray"
        for time, plane in enumerate(luma):
            picture = av.VideoFrame.from_ndarray(plane, format="gray")
            picture.pts = time
            film.mux(stream.encode(picture))
        film.mux(stream.encode(None))


def shown(picture: av.VideoFrame) -> Rgb:
    """Rgb by the matrix and the range that the file says, with chroma interpolated as players do.

    FFmpeg's own step from 4:2:0 to RGB repeats chroma pixels; that alone measures 1.28 in the real
    film of the clip, 0.27 interpolated.
    """
    matrix, levels = picture.colorspace, picture.color_range
    of_file = {"src_colorspace": matrix, "src_color_range": levels}
    whole = picture.reformat(
        format="yuv444p", dst_colorspace=matrix, dst_color_range=levels, **of_file
    )
    return whole.reformat(format="rgb24", dst_color_range="JPEG", **of_file).to_ndarray()


def measured(truth: list[Rgb], frames: list[Rgb], flows: list[Flow]) -> dict[str, float]:
    """The measures of one film."""
    ab = [rgb_to_lab(frame)[1] for frame in frames]
    warped = [flow.error(*pair) for flow, pair in zip(flows, pairwise(ab), strict=True)]
    errors = [np.nan]  # of a film that is grey itself, as one of the two is, there is no truth
    if colourfulness(truth[0]) > GREY:
        errors = []
        for real, ours in list(zip(truth, frames, strict=True))[::4]:
            pair = [np.dstack(rgb_to_lab(picture)) for picture in (real, ours)]
            errors.append(delta_e_2000(*pair).mean())
    histograms = [colour_histograms(frame) for frame in frames]
    cdc = [
        np.mean([divergence(a, b) for a, b in zip(histograms, histograms[n:], strict=False)])
        for n in CDC_DISTANCES
    ]
    return {
        "warped": float(np.nanmean(warped)) * 255**2,
        "cdc": float(np.mean(cdc)) * 1000,
        "delta_e": float(np.mean(errors)),
        "colourful": float(np.mean([colourfulness(frame) for frame in frames[::4]])),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=48)
    parser.add_argument("--photos", type=int, default=8)
    parser.add_argument("--sheet", type=Path, help="where every 8th frame of both is left to see")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    colorizer = Colorizer(threads=1)
    films = {name: film_frames(BENCH / "video" / name, options.frames) for name in FILMS}
    photos = sorted((BENCH / "kodak").iterdir())[: options.photos]
    films |= {path.stem: moving_crops(path, options.frames, i) for i, path in enumerate(photos)}
    rows, strips = [], []
    for seed, (name, truth) in enumerate(films.items()):
        luma = luma_of(truth, seed)
        flows = [Flow(*pair) for pair in pairwise(truth)]
        ways = [frame_by_frame(luma, colorizer), steady(luma, colorizer)]
        made = [[painted(*pair) for pair in zip(luma, way, strict=True)] for way in ways]
        rows.append([measured(truth, frames, flows) for frames in (truth, *made)])
        strips += [np.hstack(frames[::8]) for frames in (truth, *made)]
        said("  " + name, rows[-1])
        if name == photos[0].stem:
            whole = measured(truth, through_files(luma, colorizer), flows)
            whole_ratio = whole["warped"] / rows[-1][1]["warped"]
            said_one("  " + name, "as H.264 4:2:0", whole)
    means = [
        {key: np.nanmean([row[i][key] for row in rows]) for key in rows[0][0]} for i in range(3)
    ]
    said("mean", means)
    if options.sheet:
        widest = max(strip.shape[1] for strip in strips)
        padded = [np.pad(s, ((0, 0), (0, widest - s.shape[1]), (0, 0))) for s in strips]
        Image.fromarray(np.vstack(padded)).save(options.sheet)
    ratio = means[2]["warped"] / means[1]["warped"]
    print(f"warped chroma error, ours / frame by frame: {ratio:.3f}  (at most {MOST_RATIO})")
    print(f"of {photos[0].stem} through files, as H.264 4:2:0: {whole_ratio:.3f}")
    print(f"ΔE2000 {means[2]['delta_e']:.2f}, frame by frame {means[1]['delta_e']:.2f}")
    return 0 if ratio <= MOST_RATIO and means[2]["delta_e"] <= means[1]["delta_e"] else 1


def said(name: str, row: list[dict[str, float]]) -> None:
    for way, values in zip(("real", "frame by frame", "ours"), row, strict=True):
        said_one(name, way, values)


def said_one(name: str, way: str, values: dict[str, float]) -> None:
    words = "  ".join(f"{key} {value:7.3f}" for key, value in values.items())
    print(f"{name:22} {way:15} {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
