"""What a photograph says about itself beside its pixels, as raw blocks, whatever the format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from photochrom.media import jp2_boxes, png_chunks
from photochrom.media.exif import PREFIX, exif_of_tiff
from photochrom.media.header import Header, Info
from photochrom.media.image_resources import IPTC_MARK, iptc_of
from photochrom.media.jpeg_metadata import jpeg_metadata
from photochrom.media.jpeg_segments import parse_jpeg
from photochrom.media.png_chunks import Chunk

# Tags of TIFF that hold whole blocks.
XMP_TAG, IPTC_TAG, RESOURCES_TAG, DESCRIPTION_TAG = 700, 33723, 34377, 270


@dataclass(frozen=True)
class Metadata:
    """Metadata as raw blocks, each None or empty when absent."""

    exif: bytes | None = None  # a TIFF structure, without the prefix "Exif\0\0"
    iptc: bytes | None = None  # IPTC-IIM records
    xmp: bytes | None = None  # one packet
    xmp_extension: bytes | None = None  # what did not fit into a JPEG's packet
    icc: bytes | None = None
    comments: tuple[bytes, ...] = ()
    dpi: tuple[float, float] | None = None  # horizontal, vertical
    modified_ns: int | None = None  # the file's modification time [ns since 1970]
    png_texts: tuple[Chunk, ...] = ()  # titles, authors, … as a PNG carries them


def metadata_of(header: Header, encoded: bytes | None, modified_ns: int | None = None) -> Metadata:
    """The metadata of a picture by its header and, where it is a file, its bytes."""
    info = header.info
    reader = READERS.get(header.format, _of_info) if encoded is not None else _of_info
    blocks: Info = {
        "icc": _bytes_of(info.get("icc_profile")),
        "dpi": _dpi(info.get("dpi")),
        **reader(encoded or b"", info),
    }
    return Metadata(modified_ns=modified_ns, **blocks)


def _of_info(encoded: bytes, info: Info) -> Info:  # noqa: ARG001  one shape for all readers
    comment = _bytes_of(info.get("comment"))
    return {
        "exif": _bytes_of(info.get("exif")),
        "xmp": _bytes_of(info.get("xmp")),
        "iptc": _iptc_of_info(info),
        "comments": (comment,) if comment else (),
    }


def _of_jpeg(jpeg: bytes, info: Info) -> Info:  # noqa: ARG001
    blocks = jpeg_metadata(parse_jpeg(jpeg))
    return {
        "exif": blocks.exif,
        "xmp": blocks.xmp,
        "xmp_extension": _joined_extension(blocks.extended_xmp),
        "icc": blocks.icc,
        "iptc": iptc_of(blocks.photoshop),
        "comments": tuple(comment for comment in blocks.comments if comment),
    }


def _joined_extension(pieces: tuple[bytes, ...]) -> bytes | None:
    """Extended XMP out of its pieces; None where one is missing.

    Each is a digest (32 bytes), the whole length, its offset, and text (XMP part 3, 1.1.3.1).
    """
    placed = {int.from_bytes(piece[36:40]): piece[40:] for piece in pieces if len(piece) > 40}
    joined = b"".join(text for _, text in sorted(placed.items()))
    return joined if placed and len(joined) == int.from_bytes(pieces[0][32:36]) else None


def _of_png(png: bytes, info: Info) -> Info:
    chunks = [chunk for chunk in png_chunks.chunks_in(png) if chunk[0] not in (b"IDAT", b"fdAT")]
    exif = next((content for kind, content in chunks if kind == b"eXIf"), None)
    return {
        "exif": exif or _bytes_of(info.get("exif")),
        "xmp": png_chunks.xmp_in(chunks),
        "iptc": iptc_of(png_chunks.raw_profile_in(chunks, b"iptc")),
        "png_texts": tuple(chunk for chunk in chunks if _is_plain_text(chunk)),
    }


def _of_tiff(tiff: bytes, info: Info) -> Info:
    from photochrom.media.tiff_ifd import first_directory

    main = first_directory(tiff)
    if main is None:  # BigTIFF
        return _of_info(tiff, info)
    xmp, iptc, resources = (
        None if entry is None else entry.values
        for entry in map(main.entries.get, (XMP_TAG, IPTC_TAG, RESOURCES_TAG))
    )
    return {
        "exif": exif_of_tiff(tiff),
        "xmp": xmp,
        "iptc": _iptc_bytes(iptc) or iptc_of(resources),
    }


def _of_jp2(jp2: bytes, info: Info) -> Info:
    contents = jp2_boxes.uuid_contents(jp2)
    comment = _bytes_of(info.get("comment"))
    return {
        "exif": _bytes_of(contents.get(jp2_boxes.EXIF_UUID)),
        "xmp": contents.get(jp2_boxes.XMP_UUID) or None,
        "iptc": iptc_of(contents.get(jp2_boxes.IPTC_UUID)),
        "comments": (comment,) if comment else (),
    }


READERS: dict[str, Callable[[bytes, Info], Info]] = {
    "JPEG": _of_jpeg,
    "JPEG2000": _of_jp2,
    "MPO": _of_jpeg,
    "PNG": _of_png,
    "TIFF": _of_tiff,
}


def _iptc_bytes(values: bytes | None) -> bytes | None:
    """IPTC-IIM of a TIFF tag, which some writers declare as 32-bit numbers and swap."""
    if not values:
        return None
    swapped = b"".join(values[at : at + 4][::-1] for at in range(0, len(values), 4))
    if not values.startswith(IPTC_MARK) and swapped.startswith(IPTC_MARK):
        return swapped
    return values


def _iptc_of_info(info: Info) -> bytes | None:
    resources = info.get("photoshop")
    return _bytes_of(resources.get(0x0404)) if isinstance(resources, dict) else None


def _is_plain_text(chunk: Chunk) -> bool:
    word = png_chunks.keyword(chunk)
    is_block = word == png_chunks.XMP_KEYWORD or word.startswith(png_chunks.RAW_PROFILE)
    return bool(word) and not is_block


def _dpi(value: object) -> tuple[float, float] | None:
    """A resolution that makes sense, or None."""
    if not isinstance(value, tuple) or len(value) != 2:
        return None
    across, down = (float(number) for number in value)
    return (across, down) if 1 < across < 1e6 and 1 < down < 1e6 else None


def _bytes_of(value: object) -> bytes | None:
    if isinstance(value, str):
        value = value.encode("utf-8", "replace")
    if not isinstance(value, bytes):
        return None
    return value.removeprefix(PREFIX) or None
