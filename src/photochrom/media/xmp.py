"""XMP packets read and merged, as ISO 16684-1 writes them: RDF in one packet, prefixes kept."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast
from xml.parsers.expat import ExpatError

if TYPE_CHECKING:
    from xml.dom.minidom import Document, Element

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
IPTC_EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
TIFF = "http://ns.adobe.com/tiff/1.0/"
XMP_NOTE = "http://ns.adobe.com/xmp/note/"
XMLNS = "http://www.w3.org/2000/xmlns/"
_EMPTY = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">'
    '<rdf:Description rdf:about=""/></rdf:RDF></x:xmpmeta>'
)
_HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_TAIL = '\n<?xpacket end="w"?>'
_BYTE_ORDERS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MAX_PACKET_BYTES = 50_000_000


def with_properties(existing: bytes | None, properties: Mapping[tuple[str, str], str]) -> bytes:
    """The packet `existing` that says `properties` too; a new one where it is absent or damaged.

    `properties` maps (namespace, prefixed name) to a value, which replaces what was said before.
    """
    document = _empty() if why_not_mergeable(existing) or not existing else _parsed(existing)
    rdf = document.getElementsByTagNameNS(RDF, "RDF")[0]
    for namespace, name in properties:
        _forget(rdf, namespace, name.partition(":")[2])
    description = document.createElementNS(RDF, f"{rdf.prefix or 'rdf'}:Description")
    description.setAttributeNS(RDF, f"{rdf.prefix or 'rdf'}:about", _about(rdf))
    for (namespace, name), value in properties.items():
        description.setAttribute(f"xmlns:{name.partition(':')[0]}", namespace)
        description.setAttributeNS(namespace, name, value)
    rdf.appendChild(description)
    return (_HEAD + cast("Element", document.documentElement).toxml() + _TAIL).encode()


def upright_xmp(packet: bytes) -> bytes:
    """The packet with tiff:Orientation 1 where it named another, for pixels that were turned."""
    if "Orientation" not in properties(packet, TIFF):
        return packet
    return with_properties(packet, {(TIFF, "tiff:Orientation"): "1"})


def properties(packet: bytes, namespace: str) -> dict[str, str]:
    """The simple properties of one namespace, by local name; empty when the packet is damaged."""
    if why_not_mergeable(packet):
        return {}
    found = {}
    for description in _parsed(packet).getElementsByTagNameNS(RDF, "Description"):
        for attribute in description.attributes.values():
            if attribute.namespaceURI == namespace:
                found[attribute.localName] = attribute.value
        for child in description.childNodes:
            if child.namespaceURI == namespace:
                found[child.localName] = "".join(
                    node.data for node in child.childNodes if node.nodeType == node.TEXT_NODE
                )
    return found


def why_not_mergeable(packet: bytes | None) -> str | None:
    """Why an existing packet cannot be kept, in words; None when it can (or is absent)."""
    if not packet:
        return None
    if len(packet) > MAX_PACKET_BYTES:
        return f"the XMP is {len(packet)} bytes long"
    try:
        document = _parsed(packet)
    except (ExpatError, UnicodeDecodeError, ValueError) as error:
        return f"the XMP is damaged: {error}"
    if not document.getElementsByTagNameNS(RDF, "RDF"):
        return "the XMP holds no RDF"
    return None


def _parsed(packet: bytes) -> Document:
    """The packet's document.

    Raises `ValueError` for a document type, by which entities could grow without bounds.
    """
    from xml.dom import minidom

    text = _decoded(packet)
    if re.search(r"<!(DOCTYPE|ENTITY)", text):
        raise ValueError("it declares a document type, which XMP may not")
    return minidom.parseString(re.sub(r"<\?.*?\?>", "", text, flags=re.DOTALL).strip().encode())


def _empty() -> Document:
    from xml.dom import minidom

    return minidom.parseString(_EMPTY)


def _decoded(packet: bytes) -> str:
    for mark, encoding in _BYTE_ORDERS:
        if packet.startswith(mark):
            return packet[len(mark) :].decode(encoding).rstrip("\0")
    if packet[:2] == b"<\0":
        return packet.decode("utf-16-le").rstrip("\0")
    if packet[:2] == b"\0<":
        return packet.decode("utf-16-be").rstrip("\0")
    return packet.decode().rstrip("\0")


def _about(rdf: Element) -> str:
    """The subject that the packet already speaks of."""
    for description in rdf.getElementsByTagNameNS(RDF, "Description"):
        if description.parentNode is rdf:
            return description.getAttributeNS(RDF, "about")
    return ""


def _forget(rdf: Element, namespace: str, local_name: str) -> None:
    for description in rdf.getElementsByTagNameNS(RDF, "Description"):
        if description.hasAttributeNS(namespace, local_name):
            description.removeAttributeNS(namespace, local_name)
        for child in list(description.childNodes):
            if child.namespaceURI == namespace and child.localName == local_name:
                description.removeChild(child)
