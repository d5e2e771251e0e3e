"""A painted JPEG back to a JPEG that has the source's own luma: whether it can be, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.color.chroma import ab_to_cbcr
from photochrom.color.merge import merge, small_lightness
from photochrom.color.spread import Spots
from photochrom.color.srgb import Floats
from photochrom.media.icc_build import rgb_profile_from_grey, srgb_profile
from photochrom.media.jpeg_coefficients import has_jpeglib
from photochrom.media.jpeg_luma import HALF, Sampling, chroma_sampling, why_luma_is_lost
from photochrom.media.jpeg_ordinary import ordinary_of_luma, why_luma_is_not_ordinary
from photochrom.media.jpeg_segments import JpegFacts, parse_jpeg
from photochrom.media.jpeg_splice import splice, why_not_spliceable
from photochrom.media.jpeg_thumbnails import has_thumbnails
from photochrom.media.photo import SourcePhoto
from photochrom.media.pixels import as_stored
from photochrom.media.writing import THUMBNAIL_PX, coloured_thumbnail


class Way(StrEnum):
    """How a JPEG becomes a JPEG."""

    SPLICE = "splice"  # the luma's own scans, or its own coefficients, and chroma behind them
    ORDINARY = "ordinary"  # one interleaved scan, the luma's own coefficients in it
    ANEW = "anew"


ChromaPlanes = tuple[NDArray[np.uint8], NDArray[np.uint8]]
CHROMA_QUALITY = 90  # of the two planes that the splice adds
_INSTALL = "its luma would stay with: pip install 'photochrom[jpeg]'"


@dataclass(frozen=True)
class Colours:
    """What is laid on a JPEG's luma: upright `ab` (h, w, 2) before `strength`, and how.

    `luma_half` is that luma at half size, as stored; `spots` are hints, which lie in `ab` already.
    """

    ab: Floats
    luma_half: NDArray[np.uint8]
    strength: float
    threads: int
    guide_per_ab: int
    spots: Spots | None = None


def choose_way(
    source: SourcePhoto, asked_for: str, quality: int | None, *, keeps_luma: bool
) -> tuple[Way, str | None]:
    """How a JPEG becomes a JPEG, and why its luma cannot stay where that was asked for.

    An ordinary one keeps it where nobody asks for another `quality`, and says nothing where it
    cannot; a truncated one has a note of its own.
    """
    if source.truncated or source.bytes is None:
        return Way.ANEW, None
    facts = parse_jpeg(source.bytes)
    if asked_for == Way.SPLICE:
        reason = _why_not_spliced(source, facts)
        return (Way.SPLICE, None) if reason is None else (Way.ANEW, reason)
    can_stay = source.has_luma and has_jpeglib() and why_luma_is_not_ordinary(facts) is None
    return (Way.ORDINARY if can_stay and keeps_luma and quality is None else Way.ANEW), None


def _why_not_spliced(source: SourcePhoto, facts: JpegFacts) -> str | None:
    if source.is_grey_jpeg and why_not_spliceable(facts) is None:
        return None
    if reason := why_luma_is_lost(facts):
        return reason
    if not source.has_luma:
        return "its components are of a kind that we do not read as luma and chroma"
    return None if has_jpeglib() else f"{_seen(facts)}, and {_INSTALL}"


def spliced(source: SourcePhoto, colours: Colours, *, quality: int | None, xmp: bytes) -> bytes:
    """The source, a JPEG that may go the way of the splice, in colour."""
    facts = parse_jpeg(source.bytes or b"")
    if not source.is_grey_jpeg or why_not_spliceable(facts) is not None:
        from photochrom.media.jpeg_planes import luma_alone

        facts, sampling = parse_jpeg(luma_alone(facts, source.name)), chroma_sampling(facts)
    else:
        sampling = HALF
    luma = colours.luma_half if sampling == HALF else _fine_luma(source, sampling)
    cb, cr = _chroma(source, colours, luma)
    return splice(
        facts.jpeg,
        cb,
        cr,
        quality=quality or CHROMA_QUALITY,
        sampling=sampling,
        xmp=xmp,
        icc=_profile(source),
        exif_thumbnail=_thumbnail(source, colours, luma, facts),
    )


def ordinary_with_luma(source: SourcePhoto, colours: Colours, *, xmp: bytes) -> bytes:
    """The source, a JPEG whose luma may stay, in colour as one interleaved baseline scan."""
    facts = parse_jpeg(source.bytes or b"")
    sampling = chroma_sampling(facts)
    luma = colours.luma_half if sampling == HALF else _fine_luma(source, sampling)
    cb, cr = _chroma(source, colours, luma)
    return ordinary_of_luma(
        facts,
        cb,
        cr,
        sampling=sampling,
        xmp=xmp,
        icc=_profile(source),
        exif_thumbnail=_thumbnail(source, colours, luma, facts),
    )


def _seen(facts: JpegFacts) -> str:
    count = len(facts.frame.components)
    return f"it has {count} components" if count > 1 else str(why_not_spliceable(facts))


def _fine_luma(source: SourcePhoto, sampling: Sampling) -> NDArray[np.uint8]:
    """The stored luma as coarse as the chroma will be."""
    luma = source.luma(1)
    return luma if sampling == (1, 1) else np.asarray(Image.fromarray(luma).reduce(sampling))


def _chroma(source: SourcePhoto, colours: Colours, luma: NDArray[np.uint8]) -> ChromaPlanes:
    planes = ab_to_cbcr(
        luma,
        as_stored(colours.ab, source.orientation),
        tone=source.grey_tone(),
        strength=colours.strength,
        threads=colours.threads,
        guide_per_ab=colours.guide_per_ab,
        spares_neighbours=colours.spots is None,
    )
    return planes if colours.spots is None else _with_hints(planes, source, luma, colours)


def _with_hints(
    planes: ChromaPlanes, source: SourcePhoto, luma: NDArray[np.uint8], colours: Colours
) -> ChromaPlanes:
    """Cb and Cr in which hints are met with the luma that their pixels have at full size."""
    from photochrom.color.chroma_hints import meet_hints

    if colours.spots is None:
        return planes
    stored = colours.spots.stored(source.orientation)
    told = Spots(stored.places, stored.ab * np.float32(colours.strength))
    full = source.luma(1)
    own_luma = full[told.pixels(*full.shape)].astype(np.float32)
    return meet_hints(planes, luma, told, own_luma, source.grey_tone())


def _profile(source: SourcePhoto) -> bytes:
    icc = source.metadata.icc
    return rgb_profile_from_grey(icc) if icc else srgb_profile()


def _thumbnail(
    source: SourcePhoto, colours: Colours, luma: NDArray[np.uint8], facts: JpegFacts
) -> bytes | None:
    """A small colour JPEG in stored orientation, for the files that carry one."""
    if not has_thumbnails(facts):
        return None
    scale = min(1.0, 2 * THUMBNAIL_PX / max(luma.shape))
    height, width = (max(1, round(side * scale)) for side in luma.shape)
    small = small_lightness(luma, height, width)
    ab = as_stored(colours.ab, source.orientation)
    per_ab = colours.guide_per_ab
    return coloured_thumbnail(merge(small, ab, strength=colours.strength, guide_per_ab=per_ab))
