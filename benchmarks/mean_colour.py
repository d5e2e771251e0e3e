"""The mean a* and b* of photographs, which the baseline `mean-colour` paints everywhere.

    python benchmarks/mean_colour.py [../shared/data] [--count 1750]

Photos for training, never the benchmark's own: the mean of each, then over photos.
"""

from __future__ import annotations

import argparse

import numpy as np

from photochrom.color.lab import rgb_to_lab
from photochrom.evaluation.baselines import BASELINES
from photochrom.evaluation.photos import find_sources, open_source


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", default="../shared/data")
    parser.add_argument("--count", type=int, default=1750)
    options = parser.parse_args()
    sources = find_sources([options.data], options.count)
    means = np.array(
        [rgb_to_lab(open_source(s).photo(256).rgb)[1].mean(axis=(0, 1)) for s in sources]
    )
    (a, b), (a_error, b_error) = means.mean(axis=0), means.std(axis=0) / len(means) ** 0.5
    print(f"{len(means)} photos: a* {a:.2f} ± {a_error:.2f}, b* {b:.2f} ± {b_error:.2f}")
    print(f"mean-colour paints {BASELINES['mean-colour']}")


if __name__ == "__main__":
    main()
