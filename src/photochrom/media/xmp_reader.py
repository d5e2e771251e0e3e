"""Where in an XMP packet each property is written: read with expat, without a document type."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

Name = tuple[str, str]  # namespace and local name
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_START_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_WRAPPER = re.compile(r"<\?(xpacket|xml)\b.*?\?>", re.DOTALL)
_BYTE_ORDERS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


@dataclass(frozen=True)
class Property:
    """A property of the whole picture, and `text[start:end]` that says it."""

    name: Name
    value: str  # empty for structures and lists
    start: int
    end: int


@dataclass
class Packet:
    """A packet's XML as UTF-8, without its wrapper, and what stands where in it."""

    text: bytes
    root: Name = ("", "")
    about: str = ""
    rdf_end: int = -1  # where RDF's end tag starts
    properties: list[Property] = field(default_factory=list)
    descriptions: list[bytes] = field(default_factory=list)  # each with every prefix declared


def read_packet(packet: bytes) -> Packet:
    """The packet's parts.

    Raises `ValueError` for one that is no XMP or declares a document type, whose entities could
    grow without bounds, and `expat.ExpatError` for damaged XML.
    """
    text = _WRAPPER.sub("", _decoded(packet)).strip("\0 \t\r\n\ufeff").encode()
    found = _Reader(text).packet
    if found.rdf_end < 0:
        raise ValueError("it holds no RDF")
    return found


class _Reader:
    """Expat's handlers: RDF, the descriptions in it, the properties in these."""

    def __init__(self, text: bytes) -> None:
        self.packet = Packet(text)
        self._declared: dict[bytes, bytes] = {}  # xmlns attributes outside the descriptions
        self._starts: list[int] = []  # where each open element's tag is
        self._rdf_depth = 1 << 30  # of the RDF element, once it is open
        self._value = ""
        self._is_simple = True
        parser = expat.ParserCreate("UTF-8", " ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._read
        parser.StartDoctypeDeclHandler = _refuse_document_type
        self._parser = parser
        parser.Parse(text, True)

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        packet, at, name = self.packet, self._parser.CurrentByteIndex, _name(tag)
        depth = len(self._starts)
        if depth == 0:
            packet.root = name
        if name == (RDF, "RDF") and packet.rdf_end < 0 and self._rdf_depth > depth:
            self._rdf_depth = depth
        level = depth - self._rdf_depth
        if level <= 0:
            self._keep_declarations(at)
        elif level == 1:
            packet.about = packet.about or attributes.get(f"{RDF} about rdf", "")
            self._keep_attributes(at, attributes)
        elif level == 2:
            self._value, self._is_simple = "", True
        else:
            self._is_simple = False
        self._starts.append(at)

    def _close(self, tag: str) -> None:
        start = self._starts.pop()
        level = len(self._starts) - self._rdf_depth
        if not 0 <= level <= 2:
            return
        packet, at = self.packet, self._parser.CurrentByteIndex
        opening = _tag(packet.text, start)
        is_empty = opening[0].endswith(b"/>")
        end = opening.end() if is_empty else packet.text.index(b">", at) + 1
        if level == 0:
            if is_empty:
                raise ValueError("its RDF is empty")
            packet.rdf_end = at
            self._rdf_depth = 1 << 30
        elif level == 1:
            packet.descriptions.append(self._by_itself(start, end))
        else:
            value = self._value if self._is_simple else ""
            packet.properties.append(Property(_name(tag), value, start, end))

    def _read(self, text: str) -> None:
        self._value += text

    def _keep_declarations(self, at: int) -> None:
        for attribute in _ATTRIBUTE.finditer(_tag(self.packet.text, at)[0]):
            if attribute[1].startswith(b"xmlns"):
                self._declared[attribute[1]] = attribute[0]

    def _by_itself(self, start: int, end: int) -> bytes:
        """A description with the declarations that it takes from further out."""
        tag = _tag(self.packet.text, start)
        own = {attribute[1] for attribute in _ATTRIBUTE.finditer(tag[0])}
        taken = b"".join(text for name, text in self._declared.items() if name not in own)
        after_name = start + len(re.split(rb"[\s/>]", tag[0], maxsplit=1)[0])
        return self.packet.text[start:after_name] + taken + self.packet.text[after_name:end]

    def _keep_attributes(self, at: int, attributes: dict[str, str]) -> None:
        """The properties of a description that are written as attributes."""
        names = {_as_written(name): (_name(name), value) for name, value in attributes.items()}
        for written in _ATTRIBUTE.finditer(_tag(self.packet.text, at)[0]):
            name, value = names.get(written[1].decode(), (("", ""), ""))
            if name[0] not in ("", RDF):
                place = at + written.start(), at + written.end()
                self.packet.properties.append(Property(name, value, *place))


def _refuse_document_type(*_: Any) -> NoReturn:
    raise ValueError("it declares a document type, which XMP may not")


def _name(expanded: str) -> Name:
    """Namespace and local name of expat's "namespace name prefix"."""
    parts = expanded.split(" ")
    return (parts[0], parts[1]) if len(parts) > 1 else ("", expanded)


def _as_written(expanded: str) -> str:
    _, *rest = expanded.split(" ")
    return f"{rest[1]}:{rest[0]}" if len(rest) == 2 else expanded


def _tag(text: bytes, at: int) -> re.Match[bytes]:
    found = _START_TAG.match(text, at)
    if found is None:
        raise ValueError("a tag in it cannot be found again")
    return found


def _decoded(packet: bytes) -> str:
    for mark, encoding in _BYTE_ORDERS:
        if packet.startswith(mark):
            return packet.decode(encoding)
    return packet.decode()
