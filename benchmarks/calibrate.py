"""How cautiously to paint: alpha and temperature of a checkpoint, chosen on held-out photos.

    python benchmarks/calibrate.py RUN --data PHOTOS… [--limit 400] [--agreement 6]
        [--saturation 1.2] [--write curve.json]
    photochrom export RUN -o MODEL.onnx --curve curve.json [--agreement 6] [--saturation 1.2]

For each pair of alpha and temperature: ΔE2000 against plain grey's, and colourfulness (Hasler &
Süsstrunk 2003) against the real one, of the training photos that the run held out, at the size that
the network paints. The curve from cautious to vivid takes for each colourfulness the pair with the
least ΔE2000; the open benchmark is not looked at.
"""

from __future__ import annotations

import argparse
import json
from itertools import product
from pathlib import Path

import numpy as np
import torch

from held_out import held_out

ALPHAS = (-0.8, -0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8)
TEMPERATURES = (0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75)
STOPS = np.linspace(0.0, 1.0, 5)  # of the curve from cautious to vivid
DEFAULT = 0.5


class Tally:
    """Sums of ΔE2000 and colourfulness over photos."""

    def __init__(self) -> None:
        self.rows: list[tuple[float, float]] = []

    def add(self, delta_e: float, colourful: float) -> None:
        """One photo's."""
        self.rows.append((delta_e, colourful))

    def means(self) -> tuple[float, float]:
        """Mean ΔE2000 and mean colourfulness."""
        delta_e, colourful = np.mean(self.rows, axis=0)
        return float(delta_e), float(colourful)


@torch.no_grad()
def measured(options: argparse.Namespace) -> dict[tuple[float, float] | str, Tally]:
    """Tallies of every pair, of plain grey and of the truth."""
    tallies: dict[tuple[float, float] | str, Tally] = {"grey": Tally(), "real": Tally()}
    tallies |= {pair: Tally() for pair in product(ALPHAS, TEMPERATURES)}
    wanted = options.run, options.data, options.limit
    for painter, held in held_out(*wanted, agreement=options.agreement):
        tallies["grey"].add(held.grey, 0.0)
        tallies["real"].add(0.0, held.real)
        for alpha, temperature in product(ALPHAS, TEMPERATURES):
            settings = torch.tensor([temperature]), torch.tensor([alpha])
            ab = painter.head.mean(held.raw, *settings) * options.saturation
            tallies[alpha, temperature].add(*held.score(ab))
    return tallies


def curve_of(rows: list[tuple[float, float, float, float]]) -> list[tuple[float, float]]:
    """Knots (alpha, temperature) from cautious to vivid: the least ΔE2000 of a colourfulness."""
    ratios = np.array([row[3] for row in rows])
    low, high = np.quantile(ratios, 0.1), ratios.max()
    knots = []
    for stop in STOPS:
        wanted = low + stop * (high - low)
        near = [row for row in rows if row[3] >= wanted - 0.02] or [max(rows, key=lambda r: r[3])]
        knots.append(min(near, key=lambda row: row[2])[:2])
    return knots


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--data", nargs="+", required=True)
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--agreement", type=float, default=0.0)
    parser.add_argument("--saturation", type=float, default=1.0)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    tallies = measured(options)
    grey, real = tallies.pop("grey").means()[0], tallies.pop("real").means()[1]
    rows = []
    print(f"grey ΔE2000 {grey:.2f}, real colourfulness {real:.1f}")
    print("alpha  T     ΔE2000  / grey  colourfulness / real")
    for (alpha, temperature), tally in tallies.items():
        delta_e, colourful = tally.means()
        rows.append((alpha, temperature, delta_e, colourful / real))
        print(f"{alpha:5.2f} {temperature:5.2f} {delta_e:7.2f} {delta_e / grey:7.3f} "
              f"{colourful / real:10.3f}")  # fmt: skip
    knots = curve_of(rows)
    print("from cautious to vivid:", knots)
    if options.write:
        options.write.write_text(json.dumps({"knots": knots, "default": DEFAULT}) + "\n")


if __name__ == "__main__":
    main()
