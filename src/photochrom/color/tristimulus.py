"""The middle of CIELAB: between L*a*b* and linear sRGB light lie X, Y, Z and the function f.

Everything is relative to the white that sRGB's own primaries add up to: X = Y = Z = 1 there.
"""

from __future__ import annotations

import numpy as np

from photochrom.color.srgb import Floats

# Linear sRGB to XYZ (ITU-R BT.709 primaries, D65), rows scaled to sum to 1: X, Y, Z of white are 1.
_XYZ_FROM_RGB = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)
XYZ_FROM_RGB = (_XYZ_FROM_RGB / _XYZ_FROM_RGB.sum(axis=1, keepdims=True)).astype(np.float32)
RGB_FROM_XYZ = np.linalg.inv(XYZ_FROM_RGB.astype(np.float64)).astype(np.float32)

KNEE = 6 / 29  # f(t) is a cube root above t = KNEE³ and a straight line below (CIE 15:2018, 8.2.1)
KNEE_SLOPE = 3 * KNEE * KNEE


def folded(value: Floats) -> Floats:
    """f(t) of a tristimulus value t, 0…1."""
    upper = np.maximum(value, np.float32(KNEE**3))
    lower = value - upper
    lower *= np.float32(1 / KNEE_SLOPE)
    root: Floats = np.cbrt(upper, out=upper)
    root += lower
    return root


def unfolded(fold: Floats) -> Floats:
    """The tristimulus value t of f(t)."""
    upper = np.maximum(fold, np.float32(KNEE))
    lower = fold - upper
    lower *= np.float32(KNEE_SLOPE)
    cube = upper * upper
    cube *= upper
    cube += lower
    return cube


def linear_rgb(fy: Floats, luminance: Floats, da: Floats, db: Floats) -> Floats:
    """Linear light (3, …) of f(Y), Y, a*/500 and b*/200, all of one shape; may leave 0…1."""
    x = unfolded(fy + da)
    x -= luminance
    z = unfolded(fy - db)
    z -= luminance
    # The matrix's rows sum to 1, so Y can be taken out: each channel is Y and two differences.
    linear = np.empty((3, *fy.shape), np.float32)
    term = np.empty_like(fy)
    for channel, (from_x, _, from_z) in zip(linear, RGB_FROM_XYZ, strict=True):
        np.multiply(x, from_x, out=channel)
        channel += luminance
        channel += np.multiply(z, from_z, out=term)
    return linear
