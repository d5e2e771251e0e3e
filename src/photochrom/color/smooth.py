"""The arithmetic of steady colour: what several looks at one thing add up to.

A `Memory` is an array (h, w, 3): Cb, Cr, and how many looks at that pixel they are the mean of.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from photochrom.color.srgb import Floats

Memory: TypeAlias = Floats

LEAST = 1e-3  # a pixel that nobody is sure of still takes the plain mean of what there is


def remembered(chroma: Floats, looks: Floats | float = 1.0) -> Memory:
    """The memory of one picture (2, h, w) that was looked at `looks` times, everywhere or (h, w).

    >>> remembered(np.zeros((2, 4, 5), np.float32)).shape
    (4, 5, 3)
    """
    memory = np.empty((*chroma.shape[1:], 3), np.float32)
    memory[..., 0], memory[..., 1] = chroma
    memory[..., 2] = looks
    return memory


def faded(memory: Memory, trust: Floats, most: float) -> Memory:
    """A memory that was carried along motion of `trust` (h, w) 0…1, of `most` looks at most."""
    memory[..., 2] = np.minimum(memory[..., 2], np.float32(most)) * trust
    return memory


def joined(first: Memory, second: Memory) -> Memory:
    """Both memories as one: the mean of all their looks."""
    looks = first[..., 2] + second[..., 2]
    share = second[..., 2] / np.maximum(looks, np.float32(LEAST))
    whole = second - first
    whole *= share[..., None]
    whole += first
    whole[..., 2] = looks
    return whole


def between(before: Memory, after: Memory, trusts: tuple[Floats, Floats], share: float) -> Floats:
    """Chroma (2, h, w) of a frame between two others, whose colours were carried to it.

    `share` 0…1 is how far along the frame lies; each colour counts by that and by its trust (h, w).
    """
    first = (trusts[0] + np.float32(LEAST)) * np.float32(1 - share)
    second = (trusts[1] + np.float32(LEAST)) * np.float32(share)
    second /= first + second
    chroma = np.empty((2, *before.shape[:2]), np.float32)
    for plane in (0, 1):
        np.subtract(after[..., plane], before[..., plane], out=chroma[plane])
        chroma[plane] *= second
        chroma[plane] += before[..., plane]
    return chroma


def as_chroma(memory: Memory) -> Floats:
    """The colours of a memory, (2, h, w)."""
    return np.ascontiguousarray(np.moveaxis(memory[..., :2], -1, 0))
