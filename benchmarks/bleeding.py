"""How much colour bleeds over edges: ours against bilinear enlargement.

    python benchmarks/bleeding.py [../shared/bench/kodak]

A photo's colour is shrunk to 40 px by area mean, as the network paints it, and enlarged again.
Bleeding is measured where two calm colours at least 20 apart in a*b* meet and lightness differs by
20 L* or more: the share of the other side's colour in a band of half a colour pixel beside the
edge, beyond what the photo itself has there. A synthetic two-colour edge comes first.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from photochrom.color.guided import enlarge_ab
from photochrom.color.lab import rgb_to_lab
from photochrom.color.resize import enlarge, shrink

SHORT_SIDE_PX = 40  # of the small colour
CALM = 5.0  # a*b* standard deviation on a side of an edge
STEP_AB, STEP_LIGHTNESS = 20.0, 20.0
LEAST_PLACES = 300  # a photo with fewer edges says nothing


@dataclass(frozen=True)
class Edges:
    """Places where two colours meet: row and column of each, the colours left and right of it."""

    rows: np.ndarray
    columns: np.ndarray
    left: np.ndarray
    right: np.ndarray


def small_colour(ab: np.ndarray) -> np.ndarray:
    """Ab shrunk as the network would paint it."""
    scale = SHORT_SIDE_PX / min(ab.shape[:2])
    return shrink(ab, *(round(side * scale) for side in ab.shape[:2]))


def edges(lightness: np.ndarray, ab: np.ndarray, cell: int) -> Edges:
    """Vertical edges between calm stretches of `cell` pixels; a quarter of a cell lies between."""
    gap = max(2, cell // 4)
    places = np.arange(cell + gap, lightness.shape[1] - cell - gap)
    lab = np.concatenate([lightness[..., None], ab], axis=-1).astype(np.float64)
    sums, squares = (np.pad(np.cumsum(v, axis=1), [(0, 0), (1, 0), (0, 0)]) for v in (lab, lab**2))

    def stretch(start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        mean = (sums[:, start + cell] - sums[:, start]) / cell
        spread = (squares[:, start + cell] - squares[:, start]) / cell - mean**2
        return mean, spread[..., 1:].sum(axis=-1)

    left, left_spread = stretch(places - gap - cell + 1)
    right, right_spread = stretch(places + gap)
    far = np.linalg.norm((right - left)[..., 1:], axis=-1) >= STEP_AB
    seen = np.abs((right - left)[..., 0]) >= STEP_LIGHTNESS
    calm = np.maximum(left_spread, right_spread) <= CALM**2
    rows, found = np.nonzero(far & seen & calm)
    return Edges(rows, places[found], left[rows, found, 1:], right[rows, found, 1:])


def bleeding(enlarged: np.ndarray, ab: np.ndarray, found: Edges, cell: int) -> np.ndarray:
    """The other side's share in the band of half a cell beside each place, on both sides, 0…1."""
    gap = max(2, cell // 4)
    across = found.right - found.left
    shares = []
    for sign in (-1, 1):
        strayed = np.zeros(len(across))
        for distance in range(gap, gap + cell // 2):
            at = found.rows, found.columns + sign * distance
            strayed -= sign * ((enlarged[at] - ab[at]) * across).sum(axis=-1)
        shares.append(strayed / (cell // 2) / (across**2).sum(axis=-1))
    return np.maximum(np.concatenate(shares), 0)


def compare(lightness: np.ndarray, ab: np.ndarray) -> tuple[float, float, float, float, int]:
    """Bleeding bilinear and ours, mean error in a*b* bilinear and ours, and how many places."""
    small = small_colour(ab)
    cell = round(min(ab.shape[:2]) / SHORT_SIDE_PX)
    ways = enlarge(small, *lightness.shape), enlarge_ab(lightness, small)
    errors = [float(np.linalg.norm(way - ab, axis=-1).mean()) for way in ways]
    totals, places = np.zeros(2), 0
    for turn in (lambda plane: plane, lambda plane: np.swapaxes(plane, 0, 1)):
        found = edges(turn(lightness), turn(ab), cell)
        for number, way in enumerate(ways):
            totals[number] += bleeding(turn(way), turn(ab), found, cell).sum()
        places += 2 * len(found.rows)
    shares = totals / max(places, 1)
    return shares[0], shares[1], errors[0], errors[1], places


def two_colours(height: int = 480, width: int = 640) -> tuple[np.ndarray, np.ndarray]:
    """A slanted edge between a dark blue and a light orange, with a little grain."""
    y, x = np.mgrid[:height, :width]
    side = (x + 0.3 * y > 0.62 * width)[..., None]
    lab = np.where(side, (70.0, 25.0, 55.0), (35.0, 10.0, -40.0))
    grain = np.random.default_rng(0).normal(0, 1, (height, width))
    return (lab[..., 0] + grain).astype(np.float32), lab[..., 1:].astype(np.float32)


def main(folder: Path) -> None:
    """Print one line a picture: bleeding, error, both ratios."""
    print(f"{'':14}  places   bleeding: bilinear  ours  ratio     error: bilinear  ours")
    sums = np.zeros(4)
    lines = [("two colours", compare(*two_colours()))]
    for path in sorted(folder.glob("*")):
        lightness, ab = rgb_to_lab(np.asarray(Image.open(path).convert("RGB")))
        lines.append((path.stem, compare(lightness, ab)))
    for name, (bilinear, ours, error_bilinear, error_ours, places) in lines:
        ratio = f"{bilinear / max(ours, 1e-9):6.1f}" if places >= LEAST_PLACES else "   few"
        print(
            f"{name:14}  {places:7}  {bilinear:17.3f} {ours:6.3f} {ratio}"
            f"  {error_bilinear:15.2f} {error_ours:6.2f}"
        )
        if name != "two colours":
            sums += bilinear * places, ours * places, error_bilinear, error_ours
    photos = len(lines) - 1
    print(
        f"all {photos} photos: bleeding {sums[0] / max(sums[1], 1e-9):.1f} times less, "
        f"error {sums[3] / max(sums[2], 1e-9):.2f} of bilinear's"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/bench/kodak"))
