"""What a photograph says about itself beside its pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

EXIF_PREFIX = b"Exif\x00\x00"


@dataclass(frozen=True)
class Metadata:
    """Metadata as raw blocks, each None when absent."""

    exif: bytes | None = None  # a TIFF structure, without the prefix "Exif\0\0"
    iptc: bytes | None = None  # IPTC-IIM records
    xmp: bytes | None = None  # one packet
    icc: bytes | None = None
    comment: bytes | None = None
    dpi: tuple[float, float] | None = None  # horizontal, vertical
    modified_ns: int | None = None  # the file's modification time [ns since 1970]
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # PNG's


def read_metadata(image: Image.Image, modified_ns: int | None = None) -> Metadata:
    """The metadata of an opened picture, before its pixels are decoded."""
    info: dict[str, Any] = {k: v for k, v in image.info.items() if isinstance(k, str)}
    return Metadata(
        exif=_bytes_of(info.get("exif")),
        xmp=_bytes_of(info.get("xmp")),
        icc=info.get("icc_profile") or None,
        comment=_bytes_of(info.get("comment")),
        dpi=info.get("dpi"),
        modified_ns=modified_ns,
    )


def _bytes_of(value: object) -> bytes | None:
    if isinstance(value, str):
        value = value.encode()
    if not isinstance(value, bytes):
        return None
    return value.removeprefix(EXIF_PREFIX) or None
