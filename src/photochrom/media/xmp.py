"""XMP packets, added to as text: what stays, stays as it was written (ISO 16684-1)."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Mapping
from xml.parsers.expat import ExpatError

from photochrom.media.xmp_reader import RDF, Packet, read_packet

Name = tuple[str, str]  # namespace and local name
IPTC_EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
TIFF = "http://ns.adobe.com/tiff/1.0/"
XMP = "http://ns.adobe.com/xap/1.0/"
XMP_NOTE = "http://ns.adobe.com/xmp/note/"
PREFIXES = {IPTC_EXT: "Iptc4xmpExt", TIFF: "tiff"}
HAS_EXTENSION = (XMP_NOTE, "HasExtendedXMP")
ORIENTATION = (TIFF, "Orientation")
THUMBNAILS = (XMP, "Thumbnails")
MAX_PACKET_BYTES = 50_000_000
_META = '<x:xmpmeta xmlns:x="adobe:ns:meta/">', "</x:xmpmeta>"
_EMPTY = f'<rdf:RDF xmlns:rdf="{RDF}"></rdf:RDF>'.encode()
_HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_TAIL = '\n<?xpacket end="w"?>'


def with_properties(
    existing: bytes | None,
    properties: Mapping[Name, str],
    *,
    prefixes: Mapping[str, str] = PREFIXES,
    without: Collection[Name] = (),
) -> bytes:
    """One packet: what `existing` says, less the properties `without`, and `properties` too.

    A property that `existing` has already gets the new value. `prefixes` has one for the namespace
    of every property. An `existing` packet that `why_not_mergeable` objects to is not kept.
    """
    packet = read_packet(_EMPTY)
    if existing and not why_not_mergeable(existing):
        packet = read_packet(existing)
    edits = [
        (found.start, found.end, b"")
        for found in packet.properties
        if found.name in properties or found.name in without
    ]
    if properties:
        added = _description(packet.about, properties, prefixes).encode()
        edits.append((packet.rdf_end, packet.rdf_end, added))
    return _as_packet(packet, edits)


def with_extension(packet: bytes, extension: bytes) -> bytes:
    """The packet of a JPEG with its extension, which JPEG keeps apart, merged into it.

    A damaged extension is left out.
    """
    kept = with_properties(packet, {}, without=[HAS_EXTENSION])
    if why_not_mergeable(kept) or why_not_mergeable(extension):
        return kept
    main, more = read_packet(kept), read_packet(extension)
    added = b"".join(more.descriptions)
    return _as_packet(main, [(main.rdf_end, main.rdf_end, added)])


def upright_xmp(packet: bytes) -> bytes:
    """The packet with orientation 1 where it named another, for pixels that were turned."""
    if why_not_mergeable(packet):
        return packet
    named = any(found.name == ORIENTATION for found in read_packet(packet).properties)
    return with_properties(packet, {ORIENTATION: "1"}) if named else packet


def properties_in(packet: bytes, namespace: str) -> dict[str, str]:
    """The simple properties of one namespace by local name; empty when the packet is damaged."""
    if why_not_mergeable(packet):
        return {}
    found = read_packet(packet).properties
    return {one.name[1]: one.value for one in found if one.name[0] == namespace}


def why_not_mergeable(packet: bytes | None) -> str | None:
    """Why an existing packet cannot be kept, in words; None when it can, or is absent."""
    if not packet:
        return None
    if len(packet) > MAX_PACKET_BYTES:
        return f"the XMP is {len(packet)} bytes long"
    try:
        read_packet(packet)
    except (ExpatError, ValueError) as error:
        return f"the XMP is damaged ({error})"
    return None


def _as_packet(packet: Packet, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """The packet's text with edits (start, end, replacement) made, in a wrapper of its own."""
    text = packet.text
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    before, after = _META if packet.root == (RDF, "RDF") else ("", "")
    return f"{_HEAD}{before}".encode() + text + f"{after}{_TAIL}".encode()


def _description(about: str, properties: Mapping[Name, str], prefixes: Mapping[str, str]) -> str:
    """An rdf:Description that declares every prefix it uses."""
    used = {namespace: prefixes[namespace] for namespace, _ in properties}
    declared = [f'xmlns:{prefix}="{namespace}"' for namespace, prefix in used.items()]
    said = [
        f'{used[namespace]}:{name}="{html.escape(" ".join(value.split()))}"'
        for (namespace, name), value in properties.items()
    ]
    head = f'<rdf:Description xmlns:rdf="{RDF}" rdf:about="{html.escape(about)}"'
    return "\n ".join([head, *declared, *said]) + "/>\n"
