"""What a result will not show of its source, and why there is none, in words for the user."""

from __future__ import annotations

from photochrom.media.header import Header
from photochrom.media.icc import parse_profile
from photochrom.media.metadata import Metadata
from photochrom.media.xmp import why_not_mergeable

FURTHER_PAGES = "`photochrom scan` colours every page"
# Why a picture is passed over.
HAS_COLOUR = "it has real colour already (--recolor repaints it)"
IS_OURS = "it was coloured by Photochrom, and such files are never inputs"


def notes_on(header: Header, metadata: Metadata, *, truncated: bool) -> tuple[str, ...]:
    """What of an opened picture cannot be used or is left out; empty when nothing."""
    notes = ["the file ends early, and only what is there was coloured"] if truncated else []
    if header.frames > 1:
        more = f"; {FURTHER_PAGES}" if header.format == "TIFF" else ""
        notes.append(f"only the first of {header.frames} pictures in the file was coloured{more}")
    if header.has_cut_depth:
        notes.append(f"this {header.format} holds more than 8 bits a channel, and 8 were read")
    if metadata.icc and parse_profile(metadata.icc) is None:
        notes.append("the embedded colour profile is damaged, so its colours were taken as sRGB")
    damage = why_not_mergeable(metadata.xmp)
    if damage:
        notes.append(f"{damage}, so it was replaced")
    return tuple(notes)
