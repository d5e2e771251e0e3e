"""Motion between small frames: where each pixel was, or will be, and how far that can be trusted.

Optical flow is OpenCV's DIS (Kroeger et al. 2016), in both directions. Frames here are luma
(h, w) uint8, levels 0…255, at the size that the network works at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.color.srgb import Floats
from photochrom.errors import missing_extra

Luma = NDArray[np.uint8]

ASTRAY = 0.5  # squared pixels that the two directions may differ, and this share of the motion
ASTRAY_SHARE = 0.01  # (Sundaram et al. 2010, as Ruder et al. 2016 use it)
UNLIKE = 14.0  # levels that luma may differ after its motion, before trust falls to 1/e
SLOW_LIGHT = 41  # pixels; light that changes over wider areas than this is flicker, not motion
LEAST_TRUST = 1e-4


@dataclass(frozen=True)
class Path:
    """For each pixel of one frame its place in another: planes x, y [px], trust 0…1 (h, w, 3)."""

    planes: Floats

    @property
    def trust(self) -> Floats:
        """How sure the place is, (h, w) 0…1."""
        trust: Floats = self.planes[..., 2]
        return trust

    def fetch(self, other: Floats) -> Floats:
        """What lies at those places of the other frame's (h, w[, channels])."""
        cv2 = opencv()
        x, y = self.planes[..., 0], self.planes[..., 1]
        return np.asarray(cv2.remap(other, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))

    def then(self, further: Path) -> Path:
        """The path through this one's frame and on along `further`, which begins there."""
        planes = self.fetch(further.planes)
        planes[..., 2] *= self.trust
        return Path(planes)


@dataclass(frozen=True)
class Motion:
    """Both ways between a frame and the next."""

    back: Path  # of each pixel of the later frame, its place in the earlier
    forth: Path  # the other way round


def still(luma: Luma) -> Motion:
    """The motion of a picture that stands still, beyond doubt."""
    height, width = luma.shape
    planes = np.ones((height, width, 3), np.float32)
    planes[..., 0] = np.arange(width)
    planes[..., 1] = np.arange(height)[:, None]
    return Motion(Path(planes), Path(planes))


class Flow:
    """Finds motion. One for each thread: it keeps memory of its own.

    `careful` takes five times as long, and carries motion into plain surfaces better.
    """

    def __init__(self, *, careful: bool = False) -> None:
        cv2 = opencv()
        preset = "MEDIUM" if careful else "FAST"
        self._dis = cv2.DISOpticalFlow.create(getattr(cv2, f"DISOPTICAL_FLOW_PRESET_{preset}"))

    def between(self, before: Luma, now: Luma) -> Motion:
        """The motion from one frame to the next."""
        back = np.asarray(self._dis.calc(now, before, None))
        forth = np.asarray(self._dis.calc(before, now, None))
        return Motion(_path(back, forth, now, before), _path(forth, back, before, now))


def _path(flow: Floats, counter: Floats, own: Luma, other: Luma) -> Path:
    """`flow` leads from frame `own` to `other`; `counter` the other way."""
    cv2 = opencv()
    height, width = own.shape
    along, down = (np.ascontiguousarray(flow[..., i]) for i in (0, 1))
    x = along + np.arange(width, dtype=np.float32)
    y = down + np.arange(height, dtype=np.float32)[:, None]
    border = cv2.BORDER_REPLICATE
    there = cv2.remap(counter, x, y, cv2.INTER_LINEAR, borderMode=border)
    reached = cv2.remap(other, x, y, cv2.INTER_LINEAR, borderMode=border)
    distrust = _astray(along, down, *cv2.split(there))
    distrust += _unlike(own, reached)
    trust = np.exp(np.negative(distrust, out=distrust), out=distrust)
    trust *= (x > -0.5) & (y > -0.5) & (x < width - 0.5) & (y < height - 0.5)
    return Path(np.asarray(cv2.merge([x, y, trust])))


def _astray(along: Floats, down: Floats, back_along: Floats, back_down: Floats) -> Floats:
    """How far from its beginning a way there and back ends, against the length, squared."""
    lengths = along * along
    for part in (down, back_along, back_down):
        lengths += part * part
    lengths *= np.float32(ASTRAY_SHARE)
    lengths += np.float32(ASTRAY)
    back_along += along
    back_down += down
    back_along *= back_along
    back_down *= back_down
    back_along += back_down
    back_along /= lengths
    back_along *= back_along
    return back_along


def _unlike(own: Luma, reached: Luma) -> Floats:
    """How much luma differs after its motion, but for slow changes of the light, squared."""
    unlike = own.astype(np.float32)
    unlike -= reached
    unlike -= opencv().blur(unlike, (SLOW_LIGHT, SLOW_LIGHT))
    unlike *= np.float32(1 / UNLIKE)
    unlike *= unlike
    return unlike


def opencv() -> Any:
    """OpenCV, imported when it is needed.

    Raises `SetupError` that says how to install it.
    """
    try:
        import cv2
    except ModuleNotFoundError as error:
        raise missing_extra("Colour for films", "opencv-python-headless", "video") from error
    return cv2
