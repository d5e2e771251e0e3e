"""XMP is added to, not written anew; damage and bombs are not let in."""

from __future__ import annotations

import re
from xml.dom import minidom

import pytest
from photo_files import XMP_PACKET, colour_picture, encoded, exif, grey_picture

from photochrom.media.photo import open_photo
from photochrom.media.writing import encode_photo
from photochrom.media.xmp import (
    IPTC_EXT,
    ORIENTATION,
    THUMBNAILS,
    TIFF,
    properties_in,
    upright_xmp,
    why_not_mergeable,
    with_extension,
    with_properties,
)

DC = "http://purl.org/dc/elements/1.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SOURCE_TYPE = (IPTC_EXT, "DigitalSourceType")
DECLARED = f'xmlns:rdf="{RDF}" xmlns:dc="{DC}" xmlns:I="{IPTC_EXT}" xmlns:t="{TIFF}"'


def packet(
    inside: str, around: str = '<x:xmpmeta xmlns:x="adobe:ns:meta/">{}</x:xmpmeta>'
) -> bytes:
    return around.format(f"<rdf:RDF {DECLARED}>{inside}</rdf:RDF>").encode()


def descriptions(xmp: bytes) -> list[minidom.Element]:
    return minidom.parseString(re.sub(rb"<\?.*?\?>", b"", xmp)).getElementsByTagNameNS(
        RDF, "Description"
    )


def test_every_byte_of_an_existing_packet_stays() -> None:
    merged = with_properties(XMP_PACKET, {SOURCE_TYPE: "mixed"})
    start, end = XMP_PACKET.index(b"<x:"), XMP_PACKET.index(b"</rdf:RDF>")
    assert XMP_PACKET[start:end] in merged
    assert merged.count(b"<?xpacket begin") == merged.count(b"<?xpacket end") == 1
    assert merged.count(b"<x:xmpmeta") == 1
    assert properties_in(merged, IPTC_EXT) == {"DigitalSourceType": "mixed"}


@pytest.mark.parametrize(
    "inside",
    [
        '<rdf:Description rdf:about="" I:DigitalSourceType="old" dc:format="a&#10;b"/>',
        "<rdf:Description rdf:about='' dc:format='a&#10;b' "
        "I:DigitalSourceType = 'old' ></rdf:Description>",
        '<rdf:Description dc:format="a&#10;b"><I:DigitalSourceType>old</I:DigitalSourceType>'
        "</rdf:Description>",
        '<rdf:Description dc:format="a&#10;b"><I:DigitalSourceType rdf:resource="old"/>'
        "</rdf:Description>",
        '<rdf:Description dc:format="a&#10;b"/><rdf:Description I:DigitalSourceType="old"/>'
        '<!-- I:DigitalSourceType="old" --><rdf:Description I:DigitalSourceType="older"/>',
    ],
)
def test_a_property_that_is_there_gets_the_new_value(inside: str) -> None:
    merged = with_properties(packet(inside), {SOURCE_TYPE: "new & <better>"})
    assert properties_in(merged, IPTC_EXT) == {"DigitalSourceType": "new & <better>"}
    assert properties_in(merged, DC) == {"format": "a\nb"}
    said = [d.getAttributeNS(IPTC_EXT, "DigitalSourceType") for d in descriptions(merged)]
    assert [value for value in said if value] == ["new & <better>"]


def test_a_property_of_a_part_of_the_picture_stays() -> None:
    inside = (
        '<rdf:Description><dc:relation><rdf:Description I:DigitalSourceType="of another"/>'
        "</dc:relation></rdf:Description>"
    )
    merged = with_properties(packet(inside), {SOURCE_TYPE: "new"})
    assert b'I:DigitalSourceType="of another"' in merged


def test_all_descriptions_speak_of_one_subject() -> None:
    merged = with_properties(packet('<rdf:Description rdf:about="uuid:7"/>'), {SOURCE_TYPE: "new"})
    assert {d.getAttributeNS(RDF, "about") for d in descriptions(merged)} == {"uuid:7"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_of_a_packet_is_read(encoding: str) -> None:
    text = packet('<rdf:Description dc:format="Größe"/>').decode()
    merged = with_properties(text.encode(encoding), {SOURCE_TYPE: "new"})
    assert "Größe".encode() in merged
    assert properties_in(merged, DC) == {"format": "Größe"}


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>{}<?xpacket end='w'?>" + " " * 2000,
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">{}</x:xmpmeta>\0\0',
    ],
)
def test_a_wrapper_of_any_kind_is_replaced_by_one(around: str) -> None:
    merged = with_properties(packet("<rdf:Description/>", around), {SOURCE_TYPE: "new"})
    assert merged.count(b"<?xpacket begin") == merged.count(b"<x:xmpmeta") == 1
    assert b"<?xml" not in merged
    assert why_not_mergeable(merged) is None


def test_nothing_is_added_to_nothing_but_a_packet() -> None:
    merged = with_properties(None, {SOURCE_TYPE: "new"})
    assert properties_in(merged, IPTC_EXT) == {"DigitalSourceType": "new"}


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f'<rdf:RDF {DECLARED}><rdf:Description dc:format="&b;"/></rdf:RDF>'
)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (BOMB.encode(), "document type"),
        (BOMB.encode("utf-16"), "document type"),
        (b"not XML", "damaged"),
        (b"<a></b>", "damaged"),
        (b"<a/>", "no RDF"),
        (b"\xff\xfe\xff", "damaged"),
        (packet("")[:-20], "damaged"),
        (f"<rdf:RDF {DECLARED}/>".encode(), "empty"),
    ],
)
def test_what_cannot_be_kept_is_named_and_replaced(broken: bytes, words: str) -> None:
    reason = why_not_mergeable(broken)
    assert reason is not None
    assert words in reason
    merged = with_properties(broken, {SOURCE_TYPE: "new"})
    assert properties_in(merged, IPTC_EXT) == {"DigitalSourceType": "new"}
    assert len(merged) < 1000


def test_a_packet_without_end_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photochrom.media.xmp.MAX_PACKET_BYTES", 100)
    assert "bytes long" in (why_not_mergeable(XMP_PACKET) or "")


def test_broken_xmp_in_a_photo_is_noted() -> None:
    photo = open_photo(encoded(grey_picture(), "JPEG", xmp=b"<broken"))
    assert "XMP is damaged" in photo.notes[0]


def test_a_turned_picture_says_so_in_xmp_too() -> None:
    for inside in (
        '<rdf:Description t:Orientation="6"/>',
        "<rdf:Description><t:Orientation>6</t:Orientation></rdf:Description>",
    ):
        assert properties_in(upright_xmp(packet(inside)), TIFF) == {"Orientation": "1"}
    plain = packet("<rdf:Description/>")
    assert upright_xmp(plain) == plain
    assert upright_xmp(b"<broken") == b"<broken"


def test_a_turned_source_has_its_xmp_turned_when_written() -> None:
    xmp = packet('<rdf:Description t:Orientation="6"/>')
    source = open_photo(encoded(grey_picture(), "JPEG", exif=exif(6), xmp=xmp))
    written = open_photo(encode_photo(colour_picture(), None, source, format="PNG"))
    assert properties_in(written.metadata.xmp or b"", TIFF) == {"Orientation": "1"}


def test_properties_are_taken_out() -> None:
    inside = (
        '<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" dc:format="stays">'
        "<xmp:Thumbnails><rdf:Alt><rdf:li>grey pixels</rdf:li></rdf:Alt></xmp:Thumbnails>"
        "</rdf:Description>"
    )
    merged = with_properties(packet(inside), {}, without=[THUMBNAILS, ORIENTATION])
    assert b"grey pixels" not in merged
    assert properties_in(merged, DC) == {"format": "stays"}


def extended_jpeg(extension: bytes, *, whole: bool = True) -> bytes:
    """A grey JPEG whose XMP has an extension in two pieces, the second one first."""
    note = 'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="' + "A" * 32
    pieces = []
    for start, end in ((100, len(extension)), (0, 100)):
        body = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
        body += len(extension).to_bytes(4) + start.to_bytes(4) + extension[start:end]
        pieces.append(b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body)
    extra = b"".join(pieces if whole else pieces[:1])
    main = packet(f'<rdf:Description {note}" dc:format="main"/>')
    return encoded(grey_picture(), "JPEG", xmp=main, extra=extra)


def test_the_extension_of_a_jpegs_xmp_is_merged_in_other_formats() -> None:
    extension = packet('<rdf:Description dc:source="far"><dc:type>x</dc:type></rdf:Description>')
    source = open_photo(extended_jpeg(extension))
    assert source.metadata.xmp_extension == extension
    for format_name in ("PNG", "TIFF"):
        written = open_photo(encode_photo(colour_picture(), None, source, format=format_name))
        xmp = written.metadata.xmp or b""
        assert properties_in(xmp, DC) == {"format": "main", "source": "far", "type": "x"}
        assert b"HasExtendedXMP" not in xmp
    cut = open_photo(extended_jpeg(extension, whole=False))
    assert cut.metadata.xmp_extension is None


def test_a_damaged_extension_is_left_out() -> None:
    main = packet('<rdf:Description dc:format="main"/>')
    assert properties_in(with_extension(main, b"<broken"), DC) == {"format": "main"}
