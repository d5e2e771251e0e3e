"""How far the evaluator's metrics are from the libraries that everybody uses.

    python benchmarks/agreement.py [--limit 40]

Photos of all four sets, painted by the shipped model and by two baselines; the largest relative
difference of any single score. LPIPS is compared with numbers of the original code
(tests/perception/test_lpips.py), ΔE2000 with the published pairs as well.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from skimage.color import deltaE_ciede2000
from torchmetrics.image.fid import _compute_fid

from photochrom.evaluation.metrics import difference, fidelity, structure
from photochrom.evaluation.metrics.frechet import FeatureSums, frechet_distance
from photochrom.evaluation.metrics.mobilenet import MobileNetFeatures
from photochrom.evaluation.models import Given, open_models
from photochrom.evaluation.photos import find_sources, open_source
from photochrom.evaluation.planes import Planes
from photochrom.media.pixels import rgb_to_grey
from photochrom.perception.lpips import LPIPS
from plain_evaluation import PlainLoop, ms_ssim

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SETS = ("scenes", "objects", "people", "kodak")
MODELS = ["flagship", "grey", "sepia"]
AT_MOST = 1e-4
LIBRARIES = {
    "MS-SSIM": "torchmetrics in float64",
    "Fréchet distance": "torchmetrics",
    "LPIPS-Alex": "the original code",
    "LPIPS-Squeeze": "the original code",
}


def relative(ours: float, theirs: float) -> float:
    """How far apart, by the larger one's size."""
    return abs(ours - theirs) / max(abs(ours), abs(theirs), 1e-12)


class Worst(dict[str, float]):
    """The largest difference by metric."""

    def see(self, name: str, ours: float, theirs: float) -> None:
        """Take one pair of scores in."""
        self[name] = max(self.get(name, 0.0), relative(ours, theirs))


def of_pictures(limit: int) -> tuple[Worst, list[np.ndarray]]:
    """The worst difference by metric, and the features of all pictures: photos, then painted."""
    models, _ = open_models(MODELS, threads=1, device="cpu")
    network = MobileNetFeatures()
    plain, worst = PlainLoop(), Worst()
    features: list[list[np.ndarray]] = [[], []]
    totals = np.zeros(2)
    for source in find_sources([str(SHARED / "bench" / name) for name in SETS], limit):
        truth = Planes([open_source(source).photo(256).rgb])
        given = Given(rgb_to_grey(truth.rgb[0]), "", truth.rgb.shape[1:3])
        for model in models:
            painted = Planes([model.paint(given)])
            totals += compare(painted, truth, plain, worst)
            if model is models[0]:
                for kept, pictures in zip(features, (truth, painted), strict=True):
                    with torch.inference_mode():
                        kept.append(network(pictures.levels / 255)[0].numpy())
    worst.see("ΔE2000, mean from sRGB", *totals)
    return worst, [np.stack(kept) for kept in features]


def compare(painted: Planes, truth: Planes, plain: PlainLoop, worst: Worst) -> np.ndarray:
    """Take one picture's scores in; its ΔE2000, ours and theirs."""
    theirs = plain.reference(painted.rgb[0], truth.rgb[0])
    ssim, multi_scale = structure.ssim_and_ms_ssim(painted, truth)
    worst.see("PSNR", fidelity.psnr(painted, truth).item(), theirs["psnr"])
    worst.see("SSIM", ssim.item(), theirs["ssim"])
    if "ms_ssim" in theirs:  # in single precision torchmetrics itself is 1e-4 off
        exact = ms_ssim(painted.levels.double(), truth.levels.double())
        worst.see("MS-SSIM", multi_scale.item(), exact)
    own = difference.delta_e(painted, truth).item()
    labs = (np.moveaxis(each.lab[0].numpy(), 0, -1).astype(float) for each in (painted, truth))
    worst.see("ΔE2000, same CIELAB", own, float(deltaE_ciede2000(*labs).mean()))
    worst.see("ΔE2000, single from sRGB", own, theirs["delta_e"])
    return np.array([own, theirs["delta_e"]])


def of_frechet(features: list[np.ndarray]) -> float:
    """The Fréchet distance of both sets, against torchmetrics' own formula."""
    moments = []
    for vectors in features:
        sums = FeatureSums(vectors.shape[1])
        for vector in vectors:
            sums.add(vector)
        moments.append(sums.moments())
    theirs = _compute_fid(*(torch.from_numpy(part) for pair in moments for part in pair)).item()
    return relative(frechet_distance(*moments[0], *moments[1]), theirs)


def of_lpips() -> dict[str, float]:
    """LPIPS against the numbers of the original code."""
    sys.path.append(str(ROOT / "tests"))
    from perception.test_lpips import ORIGINAL, pictures

    worst: dict[str, float] = {}
    for (kind, height, width), expected in ORIGINAL.items():
        rgb, *others = pictures(height, width)
        lpips = LPIPS(kind)
        with torch.inference_mode():
            found = [lpips(rgb, other).item() for other in others]
        apart = max(relative(a, b) for a, b in zip(found, expected, strict=True))
        name = {"alex": "LPIPS-Alex", "squeeze": "LPIPS-Squeeze"}[kind]
        worst[name] = max(worst.get(name, 0.0), apart)
    return worst


def of_published_pairs() -> float:
    """The largest difference of ΔE2000 to the published values, which have four decimals."""
    sys.path.append(str(ROOT / "tests"))
    from color.test_difference import SHARMA

    first, second = (torch.from_numpy(SHARMA[:, k : k + 3].T.copy()) for k in (0, 3))
    found = difference.delta_e_2000(first, second).numpy()
    return float(np.abs(found - SHARMA[:, 6]).max())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, default=40, help="photos [40]")
    limit = parser.parse_args().limit
    worst, features = of_pictures(limit)
    single = worst.pop("ΔE2000, single from sRGB")
    worst["Fréchet distance"] = of_frechet(features)
    worst |= of_lpips()
    print(f"{limit} photos × {len(MODELS)} models, the worst relative difference of a score")
    for name, apart in worst.items():
        library = LIBRARIES.get(name.split(",")[0], "scikit-image")
        verdict = "" if apart <= AT_MOST else f"   more than {AT_MOST:g}"
        print(f"{name:24}{library:24}{apart:9.1e}{verdict}")
    print(
        f"ΔE2000 of one photo from sRGB: {single:.1e} off, since scikit-image rounds its white\n"
        f"ΔE2000 of Sharma's 34 pairs: {of_published_pairs():.1e} off, of 4 published decimals"
    )
    return int(any(apart > AT_MOST for apart in worst.values()))


if __name__ == "__main__":
    sys.exit(main())
