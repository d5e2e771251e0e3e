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

RGB_PLANES = 7  # what `linear_rgb` works in, the three that it returns included


def folded(value: Floats) -> Floats:
    """f(t) of a tristimulus value t, 0…1."""
    upper = np.maximum(value, np.float32(KNEE**3))
    lower = value - upper
    lower *= np.float32(1 / KNEE_SLOPE)
    root: Floats = np.cbrt(upper, out=upper)
    root += lower
    return root


def unfold(fold: Floats, value: Floats, spare: Floats) -> Floats:
    """The tristimulus value t of `fold` = f(t), written into `value`; `spare` is overwritten."""
    # Below the knee the line goes on where the cube stopped: K³ + slope·(f − K).
    np.clip(fold, np.float32(KNEE), np.float32(np.inf), out=spare)
    np.multiply(spare, spare, out=value)
    value *= spare
    np.subtract(fold, spare, out=spare)
    spare *= np.float32(KNEE_SLOPE)
    value += spare
    return value


def linear_rgb(fy: Floats, da: Floats, db: Floats, scratch: Floats) -> Floats:
    """Linear light (3, …), which may leave 0…1, of f(Y), a*/500 and b*/200, each (…).

    It lies in the first three planes of `scratch` (`RGB_PLANES`, …); the fourth is Y, the others
    are overwritten.
    """
    linear, luminance, (x, z, term) = scratch[:3], scratch[3], scratch[4:RGB_PLANES]
    unfold(fy, luminance, term)
    return coloured(luminance, np.add(fy, da, out=x), np.subtract(fy, db, out=z), linear, term)


def coloured(luminance: Floats, fx: Floats, fz: Floats, linear: Floats, spare: Floats) -> Floats:
    """Linear light of Y, f(X) and f(Z), written into `linear` (3, …); `fx`, `fz` are overwritten.

    The matrix's rows sum to 1, so Y can be taken out: each channel is Y and two differences.
    """
    first, second, _ = linear
    x = np.subtract(unfold(fx, first, spare), luminance, out=fx)
    z = np.subtract(unfold(fz, second, spare), luminance, out=fz)
    for channel, (from_x, _, from_z) in zip(linear, RGB_FROM_XYZ, strict=True):
        np.multiply(x, from_x, out=channel)
        channel += luminance
        channel += np.multiply(z, from_z, out=spare)
    return linear
