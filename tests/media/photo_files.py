"""Small photographs in every format, and profiles, made for the tests beside this file."""

from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HEIGHT, WIDTH = 36, 52
FORMATS = ("AVIF", "BMP", "GIF", "HEIF", "JPEG", "JPEG2000", "PNG", "PPM", "TGA", "TIFF", "WEBP")
OUTPUTS = ("AVIF", "HEIF", "JPEG", "JPEG2000", "PNG", "TIFF", "WEBP")
LOSSLESS = {"WEBP": {"lossless": True}, "JPEG": {"quality": 100}, "AVIF": {"quality": 100}}
ORIENTED = ("AVIF", "JPEG", "PNG", "TIFF", "WEBP")
XMP_PACKET = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    b'xmp:CreatorTool="Scanner"><dc:creator><rdf:Seq><rdf:li>Anna &amp; Otto</rdf:li></rdf:Seq>'
    b"</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    b'<?xpacket end="w"?>'
)
IPTC_RECORDS = b"\x1c\x02\x78\x00\x0bHarbour 192"  # 2:120 caption


def grey_picture(height: int = HEIGHT, width: int = WIDTH) -> NDArray[np.uint8]:
    """A smooth picture without any symmetry, so that turning it shows."""
    down, across = np.mgrid[0:height, 0:width]
    wave = 40 * np.sin(across / 9.0) + 60 * down / height + 90 * across / width + 40
    return np.clip(wave, 0, 255).astype(np.uint8)


def colour_picture(height: int = HEIGHT, width: int = WIDTH) -> NDArray[np.uint8]:
    """The same in colours."""
    grey = grey_picture(height, width)
    return np.dstack([grey, 255 - grey, np.roll(grey, 7, axis=1)])


def encoded(image: Image.Image | NDArray[np.generic], format_name: str, **options: object) -> bytes:
    """The picture in a format that Pillow (or pillow-heif) writes, as well as it can be kept."""
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    if format_name == "HEIF":
        import pillow_heif

        heif, buffer = pillow_heif.from_pillow(image), BytesIO()
        heif.save(buffer, quality=-1, **options)
        return buffer.getvalue()
    buffer = BytesIO()
    image.save(buffer, format_name, **{**LOSSLESS.get(format_name, {}), **options})
    return buffer.getvalue()


def decoded(content: bytes) -> Image.Image:
    """What Pillow makes of it."""
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        from pillow_heif import HeifImageFile

        return HeifImageFile(BytesIO(content))
    image = Image.open(BytesIO(content))
    image.load()
    return image


def exif(orientation: int = 1, *, thumbnail: bytes | None = None) -> bytes:
    """An EXIF block (with its prefix) with a maker, GPS, sizes, and maybe a thumbnail."""
    tags = Image.Exif()
    tags[271], tags[274], tags[315] = "Voigtlaender", orientation, "Otto"
    tags[34665] = {33434: 0.01, 36867: "1931:05:04 12:00:00", 40962: WIDTH, 40963: HEIGHT}
    tags[34853] = {1: "N", 2: (54.0, 30.0, 15.5), 3: "E", 4: (9.0, 40.0, 0.25)}
    block = tags.tobytes()
    return block if thumbnail is None else _with_thumbnail(block, thumbnail)


def _with_thumbnail(block: bytes, thumbnail: bytes) -> bytes:
    """Hang a second directory behind the first (Pillow writes none)."""
    order = ">" if block[6:8] == b"MM" else "<"
    tiff = bytearray(block[6:])
    first = struct.unpack_from(order + "I", tiff, 4)[0]
    count = struct.unpack_from(order + "H", tiff, first)[0]
    tiff += bytes(len(tiff) % 2)
    struct.pack_into(order + "I", tiff, first + 2 + 12 * count, len(tiff))
    start = len(tiff) + 2 + 2 * 12 + 4
    tiff += struct.pack(order + "HHHIIHHIII", 2, 513, 4, 1, start, 514, 4, 1, len(thumbnail), 0)
    return block[:6] + bytes(tiff) + thumbnail


def grey_profile(curve: bytes, connection: bytes = b"XYZ ", major: int = 2) -> bytes:
    """An ICC profile of a grey device with one tone curve tag."""
    return profile(b"GRAY", {b"kTRC": curve}, connection, major)


def profile(space: bytes, tags: dict[bytes, bytes], connection: bytes, major: int = 2) -> bytes:
    """An ICC profile with these tags and the few that every profile must have."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    words = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(78),
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": white,
    }
    everything = words | tags
    offset, table, body = 132 + 12 * len(everything), b"", b""
    for name, content in everything.items():
        table += name + struct.pack(">II", offset + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    size = offset + len(body)
    kind = b"prtr" if space == b"CMYK" else b"mntr"
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), major << 24, kind, space, connection)
    head = head.ljust(36, b"\0") + b"acsp"
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(everything)) + table + body


def gamma_curve(gamma: float) -> bytes:
    """A `curv` tag that is a power."""
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def rgb_profile(gamma: float = 1.8) -> bytes:
    """A matrix profile with wide primaries (Adobe RGB's, adapted to D50) and a power curve."""
    wide = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
    tags = {
        name: b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))
        for name, values in zip((b"rXYZ", b"gXYZ", b"bXYZ"), wide, strict=True)
    }
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), gamma_curve(gamma))
    return profile(b"RGB ", tags | curves, b"XYZ ")


def cmyk_profile(paper_lightness: int = 230) -> bytes:
    """A table profile of a printer whose paper is grey and whose every ink is black."""
    corners = np.full((16, 3), 128, np.uint8)
    corners[:, 0] = 10
    corners[0, 0] = paper_lightness
    identity = np.arange(256, dtype=np.uint8).tobytes()
    table = (
        b"mft1\0\0\0\0"
        + bytes((4, 3, 2, 0))
        + struct.pack(">9i", *np.eye(3, dtype=int).ravel() * 65536)
        + identity * 4
        + corners.tobytes()
        + identity * 3
    )
    return profile(b"CMYK", {b"A2B0": table}, b"Lab ")
