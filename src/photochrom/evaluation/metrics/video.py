"""How steady the colours of a film are: CDC, and the flow-warped error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import missing_extra

Rgb = NDArray[np.uint8]
Floats64 = NDArray[np.float64]


def colour_histograms(rgb: Rgb) -> Floats64:
    """The shares (3, 256) of each level of R, G and B."""
    return np.stack(
        [np.bincount(channel.ravel(), minlength=256) / channel.size for channel in rgb.T]
    )


def divergence(first: Floats64, second: Floats64) -> float:
    """Jensen–Shannon divergence [nats] of histograms (3, 256), the mean over the channels.

    Liu et al. 2021 (Temporally Consistent Video Colorization …), eq. 11: CDC is its mean over a
    film's frames 1, 2 and 4 apart.
    """
    mean = (first + second) / 2
    each = [(_relative_entropy(own, mean)) for own in (first, second)]
    return float(np.mean(each))


def _relative_entropy(own: Floats64, mean: Floats64) -> Floats64:
    ratio = np.divide(own, mean, out=np.ones_like(own), where=own > 0)
    return np.asarray((own * np.log(ratio)).sum(axis=1))


class Flow:
    """How a film moves from one of its frames to the next: made once, used for every model."""

    def __init__(self, before: Rgb, now: Rgb) -> None:
        """`before` and `now` (H, W, 3) are the film's own frames.

        DIS optical flow (Kroeger et al. 2016) of their luma, in both directions. Raises
        `SetupError` without OpenCV.
        """
        cv2 = _opencv()
        self._cv2 = cv2
        grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (before, now)]
        dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        back = np.asarray(dis.calc(grey[1], grey[0], None))
        forth = np.asarray(dis.calc(grey[0], grey[1], None))
        height, width = grey[0].shape
        grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1)
        self._places = (grid + back).astype(np.float32)
        self.visible = _visible(back, self._warped(forth)) & _inside(self._places)

    def error(self, before: Rgb, now: Rgb) -> float:
        """Mean squared difference of sRGB 0…1 to the warped frame before, where nothing is hidden.

        Lai et al. 2018 (Learning Blind Video Temporal Consistency), eq. 8, over pixels and
        channels; NaN where everything is hidden.
        """
        if not self.visible.any():
            return float("nan")
        warped = self._warped(before.astype(np.float32))
        difference = (warped - now)[self.visible] / 255
        return float(np.square(difference).mean())

    def _warped(self, plane: NDArray[np.float32]) -> NDArray[np.float32]:
        cv2 = self._cv2
        border = cv2.BORDER_REPLICATE
        warped = cv2.remap(plane, self._places, None, cv2.INTER_LINEAR, borderMode=border)
        return np.asarray(warped)


def _visible(back: NDArray[np.float32], forth: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where both directions agree and no motion ends (Sundaram et al. 2010, as in Ruder 2016)."""
    lengths = np.square(back).sum(axis=2) + np.square(forth).sum(axis=2)
    occluded = np.square(back + forth).sum(axis=2) > 0.01 * lengths + 0.5
    slopes = sum(np.square(np.gradient(back[..., k], axis=axis)) for k in (0, 1) for axis in (0, 1))
    border = slopes > 0.01 * np.square(back).sum(axis=2) + 0.002
    return np.asarray(~(occluded | border))


def _inside(places: NDArray[np.float32]) -> NDArray[np.bool_]:
    height, width = places.shape[:2]
    x, y = places[..., 0], places[..., 1]
    return np.asarray((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1))


def _opencv() -> Any:
    try:
        import cv2
    except ModuleNotFoundError as error:
        package = "opencv-python-headless"
        raise missing_extra("The flow-warped error", package, "evaluate") from error
    return cv2
