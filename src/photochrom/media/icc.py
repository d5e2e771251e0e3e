"""ICC profiles: what they say about grey, and colours brought to sRGB (ICC.1:2022)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from photochrom.color.srgb import Floats, linear_table
from photochrom.media.icc_curves import curve_at

if TYPE_CHECKING:
    from PIL import Image

HEADER_BYTES = 128
SRGB_COLORANTS = {  # IEC 61966-2-1 primaries, adapted to D50 (Bradford), as XYZ
    "rXYZ": (0.43607, 0.22249, 0.01392),
    "gXYZ": (0.38515, 0.71687, 0.09708),
    "bXYZ": (0.14307, 0.06061, 0.71410),
}
MAX_TAGS = 200


@dataclass(frozen=True)
class Profile:
    """A profile's header and tags, found without trusting their lengths."""

    space: str  # "GRAY", "RGB ", "CMYK", "Lab ", …
    connection: str  # "XYZ " or "Lab "
    major_version: int
    tags: dict[str, bytes]


def parse_profile(icc: bytes | None) -> Profile | None:
    """The profile in `icc`, or None when it is absent or damaged."""
    if not icc or len(icc) < HEADER_BYTES + 4 or icc[36:40] != b"acsp":
        return None
    count = int.from_bytes(icc[128:132])
    if count > MAX_TAGS or len(icc) < HEADER_BYTES + 4 + 12 * count:
        return None
    tags = {}
    for entry in range(HEADER_BYTES + 4, HEADER_BYTES + 4 + 12 * count, 12):
        offset, length = (int.from_bytes(icc[entry + i : entry + i + 4]) for i in (4, 8))
        if offset + length <= len(icc):
            tags[icc[entry : entry + 4].decode("latin-1")] = icc[offset : offset + length]
    return Profile(icc[16:20].decode("latin-1"), icc[20:24].decode("latin-1"), icc[8], tags)


@lru_cache(maxsize=16)
def grey_tone(icc: bytes | None, levels: int = 256) -> Floats | None:
    """Linear light 0…1 (levels,) of each grey level under a profile; None where that is sRGB's own.

    A grey profile gives its tone curve. An RGB profile on a grey picture, invalid but often seen,
    gives that of equal channels. A damaged or absent profile is None.
    """
    profile = parse_profile(icc)
    if profile is None or icc is None:
        return None
    curve = profile.tags.get("kTRC" if profile.space == "GRAY" else "gTRC")
    if curve is None:
        tone = _tone_through_engine(icc, profile.space, levels)
    else:
        tone = curve_at(curve, np.linspace(0, 1, levels))
    if (
        tone is not None
        and curve is not None
        and profile.space == "GRAY"
        and profile.connection == "Lab "
    ):
        tone = _luminance_of_lightness(tone * 100)
    if tone is None or _says_srgb(tone):
        return None
    linear = np.clip(tone, 0, 1).astype(np.float32)
    linear.flags.writeable = False
    return linear


def is_srgb(icc: bytes) -> bool:
    """Whether an RGB profile says sRGB: its primaries and its tone curve, within rounding."""
    profile = parse_profile(icc)
    if profile is None or profile.space != "RGB ":
        return False
    for tag, wanted in SRGB_COLORANTS.items():
        seen = np.frombuffer(profile.tags.get(tag, b"")[8:20].ljust(12, b"\0"), ">i4") / 65536
        if np.abs(seen - wanted).max() > 0.002:
            return False
    curves = [profile.tags.get(tag) for tag in ("rTRC", "gTRC", "bTRC")]
    tones = [curve_at(curve, np.linspace(0, 1, 256)) for curve in curves if curve is not None]
    return len(tones) == 3 and all(tone is not None and _says_srgb(tone) for tone in tones)


def to_srgb(image: Image.Image, icc: bytes) -> Image.Image | None:
    """The image (RGB, CMYK or LAB) in sRGB by its profile; None when that cannot be used."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(icc))
        return ImageCms.profileToProfile(
            image,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError):
        return None


def _tone_through_engine(icc: bytes, space: str, levels: int) -> NDArray[np.float64] | None:
    """The tone of a profile made of tables, through LittleCMS at 256 levels."""
    from PIL import Image

    ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    rgb = to_srgb(ramp if space == "GRAY" else ramp.convert("RGB"), icc)
    if rgb is None:
        return None
    linear = linear_table(np.uint8).take(np.asarray(rgb)[0, :, 1]).astype(np.float64)
    return np.interp(np.linspace(0, 1, levels), np.linspace(0, 1, 256), linear)


def _luminance_of_lightness(lightness: NDArray[np.float64]) -> NDArray[np.float64]:
    """Relative luminance of L* 0…100 (CIE 15:2018, 8.2.1)."""
    folded = (lightness + 16) / 116
    return np.where(folded > 6 / 29, folded**3, 3 * (6 / 29) ** 2 * (folded - 4 / 29))


def _says_srgb(tone: NDArray[np.float64]) -> bool:
    """Whether a tone curve lands on sRGB's within a quarter of an 8-bit level everywhere."""
    position = np.linspace(0, 1, len(tone))
    srgb = np.where(position > 0.04045, ((position + 0.055) / 1.055) ** 2.4, position / 12.92)
    coded = np.interp(tone, srgb, position)
    return bool(np.abs(coded - position).max() < 0.25 / 255)
