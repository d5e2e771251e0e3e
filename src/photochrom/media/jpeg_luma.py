"""Whether a JPEG has a luma plane that can stay as it is, and how its chroma may be sampled."""

from __future__ import annotations

from math import gcd

from photochrom.media.jpeg_metadata import adobe_transform, is_metadata
from photochrom.media.jpeg_segments import DNL, DQT, JpegFacts

Sampling = tuple[int, int]  # luma pixels to one of chroma: (across, down)
HALF: Sampling = (2, 2)  # 4:2:0
_KEPT: tuple[Sampling, ...] = ((1, 1), (2, 1), (1, 2), HALF)
MOST_BLOCKS = 10  # in one unit of an interleaved scan (T.81, B.2.3)
_RGB = frozenset(b"RGB")


def has_luma(facts: JpegFacts) -> bool:
    """Whether the first component is luma: that of a grey JPEG, or of one in YCbCr."""
    return len(facts.frame.components) == 1 or why_no_luma(facts) is None


def why_no_luma(facts: JpegFacts) -> str | None:
    """Why a JPEG of several components has no luma of full size to keep; None where it has."""
    components = facts.frame.components
    if len(components) != 3:
        kind = "CMYK" if len(components) == 4 else "none that we know"
        return f"it has {len(components)} components ({kind}), and none of them is luma alone"
    ids = {component.identifier for component in components}
    if adobe_transform(facts) == 0 or (adobe_transform(facts) is None and ids <= _RGB):
        return "it stores red, green and blue, and no luma"
    if not all(1 <= factor <= 4 for sampling in facts.sampling for factor in sampling):
        return "its sampling factors are no such"
    luma, *chroma = components
    if any(c.across > luma.across or c.down > luma.down for c in chroma):
        return "its luma is sampled more coarsely than its chroma"
    return None


def why_luma_is_lost(facts: JpegFacts) -> str | None:
    """Why the luma's coefficients cannot stay as they are; None where they can."""
    if not has_luma(facts):
        return why_no_luma(facts)
    first_scan = facts.scans[0].segment.start
    last_scan = facts.scans[-1].segment.start
    if any(segment.start > first_scan for segment in facts.with_marker(DQT)):
        return "it changes its quantization tables between scans"
    if any(is_metadata(s) and first_scan < s.start < last_scan for s in facts.segments):
        return "it has metadata between its scans"
    if any(facts.with_marker(DNL)):
        return "it says its height a second time, in a DNL segment"
    identifiers = [component.identifier for component in facts.frame.components]
    if len(set(identifiers)) < len(identifiers):
        return "two of its components have the same id"
    if sum(a * d for a, d in interleaved_factors(facts)) > MOST_BLOCKS:
        return "its sampling allows no scan of all components"
    if any(set(scan.components) - set(identifiers) for scan in facts.scans):
        return "a scan names a component that the frame does not have"
    return None


def interleaved_factors(facts: JpegFacts) -> list[Sampling]:
    """The components' sampling factors, as small as the same sizes allow."""
    across = gcd(*(across for across, _ in facts.sampling))
    down = gcd(*(down for _, down in facts.sampling))
    return [(a // across, d // down) for a, d in facts.sampling]


def chroma_sampling(facts: JpegFacts) -> Sampling:
    """How new chroma is sampled: as the file's own where it is one of the usual ways, else 4:2:0.

    Grey files, which have none, get 4:2:0.
    """
    if len(facts.frame.components) != 3:
        return HALF
    (across, down), cb, cr = facts.sampling
    if cb != cr or 0 in cb or across % cb[0] or down % cb[1]:
        return HALF
    own = across // cb[0], down // cb[1]
    return own if own in _KEPT else HALF
