"""Blobs: wrong, saturated patches that end where nothing in the picture does."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from photochrom.evaluation.metrics.errors import FAR_OFF
from photochrom.evaluation.planes import Planes

LONG_SIDE_PX = 96  # pictures are looked at so small: texture averages out, patches stay
SATURATED = 20.0  # chroma
SECTORS = 6  # of hue; a patch of red on a blue wall is a patch
STEP_AB = 8.0  # a border: a*b* two pixels apart differ by that
STEP_LIGHTNESS = 4.0  # an edge in the picture: L* two pixels apart differ by that

Labels = NDArray[np.int32]


def blob_share(painted: Planes, truth: Planes) -> Tensor:
    """The share (M,) 0…1 of the picture that lies in blobs.

    Saturated places of one sixth of the hue circle that touch make a patch. Of each patch counts
    what is more than 20 in a*b* from the true colours, times the share of its border where colour
    changes and lightness does not. Where the picture ends there is no border.
    """
    height, width = painted.height, painted.width
    scale = min(1.0, LONG_SIDE_PX / max(height, width))
    size = max(3, round(height * scale)), max(3, round(width * scale))
    reference = F.adaptive_avg_pool2d(truth.lab, size)[0].numpy()
    small = F.adaptive_avg_pool2d(painted.lab, size).numpy()
    return torch.tensor([_blob_share(lab, reference) for lab in small], dtype=torch.float32)


def _blob_share(lab: NDArray[np.float32], reference: NDArray[np.float32]) -> float:
    """The same of one small picture L*a*b* (3, h, w)."""
    patches = label_patches(_kinds(lab[1], lab[2]))
    count = int(patches.max()) + 1
    wrong = (patches >= 0) & (np.hypot(*(lab[1:] - reference[1:])) > FAR_OFF)
    if not wrong.any():
        return 0.0
    border, unseen = np.zeros(count), np.zeros(count)
    for axis in (0, 1):
        steps = _steps(lab, axis)
        for sides in ((slice(None, -1), slice(1, None)), (slice(1, None), slice(None, -1))):
            touching, hidden = _borders(steps, patches, axis, sides)
            border += np.bincount(touching, minlength=count)
            unseen += np.bincount(hidden, minlength=count)
    areas = np.bincount(patches[wrong], minlength=count)
    shares = np.divide(unseen, border, out=np.zeros(count), where=border > 0)
    return float((areas * shares).sum() / patches.size)


def _kinds(a: NDArray[np.float32], b: NDArray[np.float32]) -> Labels:
    """−1 where a picture is not saturated, else its sixth of the hue circle, 0…5."""
    turn = np.arctan2(b, a) / (2 * math.pi) + 0.5
    sectors = np.minimum((turn * SECTORS).astype(np.int32), SECTORS - 1)
    return np.where(np.hypot(a, b) > SATURATED, sectors, np.int32(-1))


def _borders(
    steps: NDArray[np.float32], patches: Labels, axis: int, sides: tuple[slice, slice]
) -> tuple[Labels, Labels]:
    """The patch of every border pixel towards one side, and of those without an edge in L*."""
    own, other = (np.moveaxis(patches, axis, 0)[side] for side in sides)
    colour, lightness = np.moveaxis(steps, axis + 1, 1)[:, sides[0]]
    at = (own >= 0) & (own != other)
    return own[at], own[at & (colour > STEP_AB) & (lightness < STEP_LIGHTNESS)]


def _steps(lab: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """How far a*b* and L* are apart two pixels along `axis`, (2, h, w)."""
    margin = [(0, 0), (0, 0), (0, 0)]
    margin[axis + 1] = (1, 1)
    padded = np.pad(lab, margin, mode="edge")
    size = lab.shape[axis + 1]
    apart = padded.take(range(2, size + 2), axis + 1) - padded.take(range(size), axis + 1)
    return np.stack([np.hypot(apart[1], apart[2]), np.abs(apart[0])])


def label_patches(kinds: Labels) -> Labels:
    """Numbers 0, 1, … of the patches of equal `kinds` ≥ 0 that touch by a side; −1 elsewhere.

    Runs of each row are joined with those they touch above (Rosenfeld & Pfaltz 1966).
    """
    height, width = kinds.shape
    starts = np.ones((height, width), bool)
    starts[:, 1:] = kinds[:, 1:] != kinds[:, :-1]
    runs = (np.cumsum(starts.ravel()) - 1).reshape(height, width)
    touching = (kinds[1:] == kinds[:-1]) & (kinds[1:] >= 0)
    pairs = np.unique(np.stack([runs[:-1][touching], runs[1:][touching]], axis=1), axis=0)
    parents = list(range(int(runs[-1, -1]) + 1))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    for upper, lower in pairs.tolist():
        first, second = sorted((root(upper), root(lower)))
        parents[second] = first
    roots = np.array([root(run) for run in range(len(parents))])[runs]
    patches = np.full((height, width), -1, np.int32)
    inside = kinds >= 0
    _, numbers = np.unique(roots[inside], return_inverse=True)
    patches[inside] = numbers
    return patches
