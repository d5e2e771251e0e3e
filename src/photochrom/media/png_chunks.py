"""The chunks of a PNG: metadata out of them and into them (PNG, third edition, 2025)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

from photochrom.media.image_resources import resources_of_iptc

SIGNATURE = b"\x89PNG\r\n\x1a\n"
XMP_KEYWORD = b"XML:com.adobe.xmp"
RAW_PROFILE = (
    b"Raw profile type "  # ImageMagick's and ExifTool's way to carry what PNG has no chunk for
)
TEXTS = (b"tEXt", b"zTXt", b"iTXt")
MAX_INFLATED_BYTES = 16_000_000
METRE_INCHES = 1 / 0.0254

Chunk = tuple[bytes, bytes]  # type and content


def chunks_in(png: bytes) -> Iterator[Chunk]:
    """Every whole chunk, up to the first that is cut off."""
    at = len(SIGNATURE)
    while at + 12 <= len(png):
        length = int.from_bytes(png[at : at + 4])
        if at + 12 + length > len(png):
            return
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def keyword(chunk: Chunk) -> bytes:
    """The keyword of a text chunk, `b""` of any other."""
    return chunk[1].partition(b"\0")[0] if chunk[0] in TEXTS else b""


def text_of(chunk: Chunk) -> bytes:
    """The text in a text chunk, as bytes in the chunk's own encoding; `b""` when it is damaged."""
    kind, content = chunk
    text = content.partition(b"\0")[2]
    if kind == b"tEXt":
        return text
    if kind == b"zTXt":
        return _inflated(text[1:])
    compressed, (_, _, text) = text[:1] == b"\1", text[2:].partition(b"\0")
    text = text.partition(b"\0")[2]
    return _inflated(text) if compressed else text


def xmp_in(chunks: Iterable[Chunk]) -> bytes | None:
    """The XMP packet among chunks, or None."""
    for chunk in chunks:
        if keyword(chunk) == XMP_KEYWORD:
            return text_of(chunk) or None
    return raw_profile_in(chunks, b"xmp")


def raw_profile_in(chunks: Iterable[Chunk], name: bytes) -> bytes | None:
    """What the text chunk "Raw profile type …" of one name holds, or None."""
    for chunk in chunks:
        if keyword(chunk).lower() == RAW_PROFILE.lower() + name:
            digits = re.sub(rb"\s+", b"", text_of(chunk).lstrip().split(b"\n", 2)[-1])
            try:
                return bytes.fromhex(digits.decode("ascii")) or None
            except ValueError:
                return None
    return None


def icc_chunk(icc: bytes) -> Chunk:
    """A colour profile, compressed as PNG wants it."""
    return b"iCCP", b"ICC profile\0\0" + zlib.compress(icc)


def xmp_chunk(xmp: bytes) -> Chunk:
    """XMP, not compressed, so that a scan finds it (XMP part 3, 1.1.5)."""
    return b"iTXt", XMP_KEYWORD + b"\0\0\0\0\0" + xmp


def iptc_chunk(iptc: bytes) -> Chunk:
    """IPTC-IIM, as ImageMagick and ExifTool write it."""
    block = resources_of_iptc(iptc)
    digits = block.hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    text = f"\niptc\n{len(block):8d}\n{lines}\n".encode()
    return b"zTXt", RAW_PROFILE + b"iptc\0\0" + zlib.compress(text)


def comment_chunk(comment: bytes) -> Chunk:
    """A comment, as UTF-8 where it is that, else taken as Latin-1."""
    try:
        text = comment.decode()
    except UnicodeDecodeError:
        text = comment.decode("latin-1")
    return b"iTXt", b"Comment\0\0\0\0\0" + text.replace("\0", "").encode()


def density_chunk(dpi: tuple[float, float]) -> Chunk:
    """Pixels per metre of a resolution in pixels per inch."""
    across, down = (min(round(value * METRE_INCHES), 0x7FFFFFFF) for value in dpi)
    return b"pHYs", across.to_bytes(4) + down.to_bytes(4) + b"\1"


def with_chunks(png: bytes, chunks: Iterable[Chunk]) -> bytes:
    """The PNG with chunks put right behind its header, where every one of them may stand."""
    after_header = len(SIGNATURE) + 12 + 13
    return png[:after_header] + b"".join(map(_written, chunks)) + png[after_header:]


def _written(chunk: Chunk) -> bytes:
    kind, content = chunk
    return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)


def _inflated(compressed: bytes) -> bytes:
    """Inflated up to a limit; `b""` when damaged or longer."""
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(compressed, MAX_INFLATED_BYTES)
    except zlib.error:
        return b""
    return b"" if inflater.unconsumed_tail else inflated
