"""Every result says by what it was coloured, in a form that is found without decoding."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from photo_files import OUTPUTS, XMP_PACKET, colour_picture, encoded, grey_picture
from PIL import Image

from photochrom.errors import InputError, SetupError
from photochrom.media.photo import open_photo
from photochrom.media.provenance import (
    COMPOSITE_WITH_AI,
    NAMESPACE,
    Provenance,
    merged_xmp,
    read_provenance,
)
from photochrom.media.writing import encode_photo
from photochrom.media.xmp import IPTC_EXT, properties_in

MADE = Provenance(
    source_sha256="ab" * 32,
    model="flagship & co",
    model_version="1.2",
    model_sha256="cd" * 32,
    strength=0.85,
    options='jpeg=splice "x" <y>',
)


@pytest.mark.parametrize("format_name", OUTPUTS)
def test_the_record_is_found_in_every_format(format_name: str, tmp_path: Path) -> None:
    source = open_photo(encoded(grey_picture(), "JPEG", xmp=XMP_PACKET))
    xmp = merged_xmp(source.metadata.xmp, MADE)
    content = encode_photo(colour_picture(), None, source, format=format_name, xmp=xmp)
    path = tmp_path / "result"
    path.write_bytes(content)
    assert read_provenance(content) == read_provenance(path) == read_provenance(str(path)) == MADE
    kept = open_photo(content).metadata.xmp or b""
    assert properties_in(kept, IPTC_EXT)["DigitalSourceType"] == COMPOSITE_WITH_AI
    assert b"Anna &amp; Otto" in kept


def test_the_record_says_which_system_it_was() -> None:
    said = properties_in(merged_xmp(None, MADE), IPTC_EXT)
    assert said["AISystemUsed"] == "Photochrom flagship & co"
    assert said["AISystemVersionUsed"] == "1.2"


def test_a_second_colouring_replaces_the_first_record() -> None:
    first = merged_xmp(XMP_PACKET, MADE)
    second = merged_xmp(first, replace(MADE, model="another", strength=1.5))
    assert read_provenance(second) == replace(MADE, model="another", strength=1.5)
    assert second.count(COMPOSITE_WITH_AI.encode()) == 1
    assert len(properties_in(second, NAMESPACE)) == 7


def test_a_record_written_anew_by_another_program_is_found() -> None:
    elements = "".join(
        f"<photochrom:{name}>{value}</photochrom:{name}>"
        for name, value in properties_in(merged_xmp(None, MADE), NAMESPACE).items()
    )
    text = elements.replace(" & ", " &amp; ").replace("<y>", "&lt;y&gt;")
    rewritten = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description xmlns:photochrom="{NAMESPACE}">{text}</rdf:Description></rdf:RDF>'
    )
    assert read_provenance(b"junk" + rewritten.encode() + b"junk") == MADE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing",
        XMP_PACKET,
        NAMESPACE.encode(),
        b"<x:xmpmeta>" + NAMESPACE.encode() + b"</x:xmpmeta>",
        merged_xmp(None, MADE)[:-60],
    ],
)
def test_what_has_no_record_has_none(content: bytes, tmp_path: Path) -> None:
    assert read_provenance(content) is None
    (tmp_path / "file").write_bytes(content)
    assert read_provenance(tmp_path / "file") is None


def test_a_record_that_lacks_something_is_ours_all_the_same() -> None:
    packet = merged_xmp(None, MADE)
    older = read_provenance(packet.replace(b'photochrom:Options="', b'photochrom:Muddle="'))
    assert older == replace(MADE, options="")
    odd = read_provenance(packet.replace(b'"0.85"', b'"much"'))
    assert odd is not None
    assert math.isnan(odd.strength)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read_provenance(tmp_path / "nothing")
    with pytest.raises((InputError, SetupError)):
        read_provenance(tmp_path)


def test_no_pixel_is_decoded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    noise = np.random.default_rng(1).integers(0, 256, (600, 600, 3), np.uint8)
    path.write_bytes(
        encode_photo(noise, None, open_photo(noise), format="PNG", xmp=merged_xmp(None, MADE))
    )
    monkeypatch.setattr(Image, "open", lambda *_: pytest.fail("decoded"))
    start = time.perf_counter()
    assert read_provenance(path) == MADE
    assert time.perf_counter() - start < 0.1
