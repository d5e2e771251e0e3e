"""The evaluator that one writes in an afternoon: a loop over scikit-image, torchmetrics and torch.

It measures what ours does of each picture, one picture and one model after the other, in the way
that the libraries' own pages show. `evaluate_speed.py` times it, `agreement.py` compares with it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from PIL import Image
from scipy.ndimage import sobel
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.measure import label, regionprops
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from skimage.transform import resize
from torchmetrics.functional.image import multiscale_structural_similarity_index_measure

from photochrom.evaluation.film import FILMS, old_film
from photochrom.evaluation.models import Given, Model
from photochrom.media.pixels import rgb_to_grey
from photochrom.perception.lpips import LPIPS


class PlainLoop:
    """Scores of one picture after the other; `seconds` says where the time went."""

    def __init__(self) -> None:
        self.networks = {kind: LPIPS(kind).eval() for kind in ("alex", "squeeze")}
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def timed(self, work: str) -> Iterator[None]:
        """Count the time inside the `with`."""
        started = time.perf_counter()
        yield
        self.seconds[work] += time.perf_counter() - started

    def measure(self, path, models: list[Model], size_px: int = 256) -> dict[str, dict[str, float]]:
        """Every model's scores on the photo at `path`."""
        with Image.open(path) as picture:
            picture = picture.convert("RGB")
            scale = size_px / min(picture.size)
            if scale < 1:
                size = tuple(max(size_px, round(side * scale)) for side in picture.size)
                picture = picture.resize(size, Image.Resampling.LANCZOS)
            rgb = np.asarray(picture)
        return {model.name: self.compare(rgb, model, seed=1) for model in models}

    def compare(self, rgb: np.ndarray, model: Model, seed: int) -> dict[str, float]:
        """One model's scores on rgb (H, W, 3)."""
        painted = model.paint(Given(rgb_to_grey(rgb), "", rgb.shape[:2]))
        scores = self.reference(painted, rgb) | self.lpips(painted, rgb)
        own, true = colourfulness(painted), colourfulness(rgb)
        scores |= {"colourfulness": own, "colourfulness_difference": abs(own - true)}
        scores |= colour_errors(painted, rgb)
        for film in FILMS:
            given = Given(old_film(rgb, film, seed=seed), "", rgb.shape[:2])
            scores |= film_errors(model.paint(given), rgb, film)
        return scores

    def reference(self, painted: np.ndarray, rgb: np.ndarray) -> dict[str, float]:
        """PSNR, SSIM, MS-SSIM, ΔE2000 and chroma PSNR."""
        scores = {
            "psnr": float(peak_signal_noise_ratio(rgb, painted, data_range=255)),
            "ssim": float(
                structural_similarity(
                    rgb,
                    painted,
                    channel_axis=2,
                    data_range=255,
                    gaussian_weights=True,
                    sigma=1.5,
                    use_sample_covariance=False,
                )
            ),
            "delta_e": float(deltaE_ciede2000(rgb2lab(rgb), rgb2lab(painted)).mean()),
            "chroma_psnr": float(
                peak_signal_noise_ratio(
                    rgb2lab(rgb)[..., 1:], rgb2lab(painted)[..., 1:], data_range=255
                )
            ),
        }
        if min(rgb.shape[:2]) >= 176:  # torchmetrics refuses smaller pictures
            scores["ms_ssim"] = ms_ssim(planes(painted), planes(rgb))
        return scores

    def lpips(self, painted: np.ndarray, rgb: np.ndarray) -> dict[str, float]:
        """LPIPS with both networks."""
        found = {}
        with self.timed("forwards"), torch.inference_mode():
            for kind, network in self.networks.items():
                distance = network(planes(painted) / 255, planes(rgb) / 255)
                found[f"lpips_{kind}"] = distance.item()
        return found


def planes(rgb: np.ndarray) -> torch.Tensor:
    """(1, 3, H, W) float32, 0…255."""
    return torch.from_numpy(rgb.transpose(2, 0, 1)[None].astype(np.float32))


def ms_ssim(painted: torch.Tensor, rgb: torch.Tensor) -> float:
    """Of (1, 3, H, W), 0…255, in their own precision."""
    found = multiscale_structural_similarity_index_measure(painted, rgb, data_range=255.0)
    return float(found)


def colourfulness(rgb: np.ndarray) -> float:
    """Hasler & Süsstrunk's M."""
    red, green, blue = (rgb[..., k].astype(float) for k in range(3))
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    deviation = np.hypot(red_green.std(), yellow_blue.std())
    return float(deviation + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def colour_errors(painted: np.ndarray, rgb: np.ndarray) -> dict[str, float]:
    """The errors that people see."""
    own, true = rgb2lab(painted), rgb2lab(rgb)
    chroma, true_chroma = (np.hypot(lab[..., 1], lab[..., 2]) for lab in (own, true))
    far = np.hypot(*np.moveaxis(own - true, -1, 0)[1:]) > 20
    histograms = [hue_histogram(lab) for lab in (own, true)]
    slopes = [np.sqrt(sum(slope(lab[..., k]) for k in (1, 2))) for lab in (own, true)]
    flat = np.sqrt(slope(true[..., 0])) < 1
    return {
        "far_off_share": float(far.mean()),
        "saturation_ratio": float(chroma.mean() / true_chroma.mean()),
        "hue_distance": float(np.abs(histograms[0] - histograms[1]).sum() / 2),
        "grey_left_share": float(((true_chroma > 15) & (chroma < 5)).mean()),
        "bleeding": float(np.maximum(slopes[0] - slopes[1], 0)[flat].mean()),
        "blob_share": blobs(own, true),
    }


def hue_histogram(lab: np.ndarray) -> np.ndarray:
    """Shares of 36 hues, each pixel to its two nearest, and of grey."""
    turn = (np.arctan2(lab[..., 2], lab[..., 1]) / (2 * np.pi) * 36) % 36
    weight = np.minimum(np.hypot(lab[..., 1], lab[..., 2]) / 20, 1)
    lower = np.floor(turn)
    hues = np.zeros(36)
    for bins, share in ((lower, 1 - turn + lower), (lower + 1, turn - lower)):
        hues += np.histogram(bins % 36, 36, (0, 36), weights=weight * share)[0]
    hues /= turn.size
    return np.append(hues, 1 - hues.sum())


def slope(plane: np.ndarray) -> np.ndarray:
    """The squared Sobel gradient."""
    return sum((sobel(plane, axis, mode="nearest") / 8) ** 2 for axis in (0, 1))


def blobs(own: np.ndarray, true: np.ndarray) -> float:
    """The share of wrong saturated patches, as far as nothing bounds them."""
    height, width = own.shape[:2]
    scale = min(1, 96 / max(height, width))
    size = round(height * scale), round(width * scale)
    own, true = (resize(lab, size, order=1, anti_aliasing=True) for lab in (own, true))
    chroma = np.hypot(own[..., 1], own[..., 2])
    sector = np.floor((np.arctan2(own[..., 2], own[..., 1]) / (2 * np.pi) + 0.5) * 6).clip(0, 5)
    patches = label(np.where(chroma > 20, sector, -1), background=-1, connectivity=1)
    wrong = np.hypot(*np.moveaxis(own - true, -1, 0)[1:]) > 20
    lightness, a, b = (np.gradient(own[..., k]) for k in range(3))
    total = 0.0
    for patch in regionprops(patches):
        inside = patches == patch.label
        edge = hidden = 0
        for axis in (0, 1):
            colour = 2 * np.hypot(a[axis], b[axis])
            for step in (-1, 1):
                border = inside & (np.roll(patches, step, axis) != patch.label)
                edge += border.sum()
                unseen = (colour > 8) & (2 * np.abs(lightness[axis]) < 4)
                hidden += (border & unseen).sum()
        total += (inside & wrong).sum() * hidden / max(edge, 1)
    return float(total / patches.size)


def film_errors(painted: np.ndarray, rgb: np.ndarray, film: str) -> dict[str, float]:
    """Colour errors of a picture painted on old film."""
    own, true = rgb2lab(painted), rgb2lab(rgb)
    chroma, true_chroma = (np.hypot(lab[..., 1], lab[..., 2]).mean() for lab in (own, true))
    own[..., 0] = true[..., 0]
    return {
        f"{film}_delta_e": float(deltaE_ciede2000(own, true).mean()),
        f"{film}_saturation": float(chroma / true_chroma),
    }
