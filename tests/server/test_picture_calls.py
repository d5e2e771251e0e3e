"""POST /v1/colorize, predict and restore: what goes in and what comes out."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom import Colorizer
from photochrom.color.lab import rgb_to_lab
from photochrom.media.provenance import read_provenance
from serving import encoded, form_of, grey_picture, picture_in

JPEG = {"Content-Type": "image/jpeg"}
RED_HINT = json.dumps([[48, 32, "#c02020"]])


def post(client, path: str, content: bytes, filename: str = "Oma.jpg", **fields: str):
    body, media_type = form_of(content, filename, **fields)
    return client.post(path, content=body, headers={"Content-Type": media_type})


def test_a_form_is_answered_with_the_picture_in_colour(client, grey_jpeg: bytes) -> None:
    answer = post(client, "/v1/colorize", grey_jpeg)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert 'filename="Oma.color.jpg"' in answer.headers["content-disposition"]
    coloured = picture_in(answer.content)
    assert (coloured.mode, coloured.size) == ("RGB", (96, 64))
    assert read_provenance(answer.content).model == "flagship"


def test_a_raw_body_is_answered_as_a_form_is(client, grey_jpeg: bytes) -> None:
    raw = client.post("/v1/colorize", content=grey_jpeg, headers=JPEG)
    assert raw.content == post(client, "/v1/colorize", grey_jpeg).content


@pytest.mark.parametrize("jpeg", ["ordinary", "splice"])
def test_the_answer_is_what_the_library_makes(client, grey_jpeg: bytes, jpeg: str) -> None:
    answer = post(client, "/v1/colorize", grey_jpeg, strength="0.7", jpeg=jpeg)
    expected, saved = Colorizer().colorize(grey_jpeg, strength=0.7).encode(jpeg=jpeg)
    assert answer.content == expected
    assert answer.headers["photochrom-way"] == saved.way


def test_the_timings_of_its_stages_come_along(client, grey_jpeg: bytes) -> None:
    answer = post(client, "/v1/colorize", grey_jpeg)
    stages = dict(
        entry.strip().split(";dur=") for entry in answer.headers["server-timing"].split(",")
    )
    assert set(stages) == {"upload", "wait", "paint", "encode", "total"}
    parts = sum(float(stages[name]) for name in stages if name != "total")
    assert float(stages["total"]) == pytest.approx(parts, abs=0.5)


@pytest.mark.parametrize(
    ("format", "media_type", "pillow"),
    [("png", "image/png", "PNG"), ("webp", "image/webp", "WEBP"), ("tiff", "image/tiff", "TIFF")],
)
def test_the_format_can_be_chosen(
    client, grey_jpeg: bytes, format: str, media_type: str, pillow: str
) -> None:
    answer = client.post(f"/v1/colorize?format={format}", content=grey_jpeg, headers=JPEG)
    assert answer.headers["content-type"] == media_type
    assert Image.open(io.BytesIO(answer.content)).format == pillow


def test_strength_0_is_grey_and_more_is_more(client, grey_jpeg: bytes) -> None:
    def chroma(strength: str) -> float:
        answer = post(client, "/v1/colorize", grey_jpeg, strength=strength, format="png")
        ab = rgb_to_lab(np.asarray(picture_in(answer.content)))[1]
        return float(np.hypot(ab[..., 0], ab[..., 1]).mean())

    assert chroma("0") < 0.1 < chroma("0.5") < chroma("1")


def test_a_form_s_fields_win_over_the_query(client, grey_jpeg: bytes) -> None:
    in_both = post(client, "/v1/colorize?strength=0.2&format=png", grey_jpeg, strength="1.5")
    expected = post(client, "/v1/colorize", grey_jpeg, strength="1.5", format="png")
    assert in_both.content == expected.content


def test_a_hint_s_colour_is_taken(client) -> None:
    picture = encoded(Image.new("L", (96, 64), 120), "PNG")
    hinted = post(client, "/v1/colorize", picture, hints=RED_HINT)
    a, _ = rgb_to_lab(np.asarray(picture_in(hinted.content)))[1][32, 48]
    assert a > 25


def test_vividness_is_passed_on(client, grey_jpeg: bytes) -> None:
    cautious, vivid = (
        post(client, "/v1/colorize", grey_jpeg, vividness=said).content for said in ("0", "1")
    )
    assert cautious != vivid


def test_prediction_is_the_network_s_ab_plane(client, grey_jpeg: bytes) -> None:
    answer = post(client, "/v1/predict", grey_jpeg)
    assert answer.headers["content-type"] == "application/x-npy"
    assert answer.headers["photochrom-size"] == "96x64"
    ab = np.load(io.BytesIO(answer.content), allow_pickle=False)
    assert (ab.dtype, ab.ndim, ab.shape[2]) == (np.float16, 3, 2)
    np.testing.assert_allclose(ab, Colorizer().colorize(grey_jpeg).ab, atol=0.05)


def test_prediction_counts_pixels_as_displayed(client) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    answer = post(client, "/v1/predict", encoded(grey_picture(), exif=exif))
    assert answer.headers["photochrom-size"] == "64x96"
    height, width, _ = np.load(io.BytesIO(answer.content)).shape
    assert height > width


def test_what_was_spliced_is_restored_byte_for_byte(client, grey_jpeg: bytes) -> None:
    spliced = post(client, "/v1/colorize", grey_jpeg, jpeg="splice")
    original = post(client, "/v1/restore", spliced.content, "Oma.color.jpg")
    assert original.content == grey_jpeg
    assert 'filename="Oma.original.jpg"' in original.headers["content-disposition"]


def test_metadata_and_size_are_kept(client) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Oma, 1931"
    answer = post(client, "/v1/colorize", encoded(grey_picture(97, 33), exif=exif))
    coloured = picture_in(answer.content)
    assert coloured.size == (97, 33)
    assert coloured.getexif()[0x010E] == "Oma, 1931"


def test_what_was_lost_is_said(client) -> None:
    deep = np.linspace(0, 65535, 64 * 48).reshape(48, 64).astype(np.uint16)
    answer = post(client, "/v1/colorize", encoded(Image.fromarray(deep), "PNG"), format="jpeg")
    assert "8 bits" in answer.headers["photochrom-note"]


def test_a_picture_in_colour_is_painted_anew_and_that_is_said(client, photos: Path) -> None:
    answer = post(client, "/v1/colorize", (photos / "00.png").read_bytes())
    assert "real colour" in answer.headers["photochrom-note"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"strength": "7"}, "strength"),
        ({"strength": "nan"}, "strength"),
        ({"strenght": "1"}, "strenght: there is no such option"),
        ({"vividness": "-1"}, "vividness"),
        ({"format": "exe"}, "format"),
        ({"jpeg": "arithmetic"}, "jpeg"),
        ({"hints": "red"}, "hint"),
        ({"hints": '[[1, 2, "#zzzzzz"]]'}, "#zzzzzz"),
        ({"model": "flagshp"}, "flagship"),
        ({"quality": "0"}, "quality"),
    ],
)
def test_an_option_that_is_not_allowed_is_named(
    client, grey_jpeg: bytes, fields: dict[str, str], words: str
) -> None:
    answer = post(client, "/v1/colorize", grey_jpeg, **fields)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


def test_a_picture_that_ends_early_is_refused_unless_allowed(client) -> None:
    cut = encoded(grey_picture(400, 300))[:-3000]
    refused = post(client, "/v1/colorize", cut)
    assert refused.status_code == 422
    assert "Oma.jpg ends early" in refused.json()["detail"]
    assert "allow_truncated" in refused.json()["detail"]
    assert post(client, "/v1/colorize", cut, allow_truncated="true").status_code == 200


def test_a_jpeg_without_an_original_is_not_restored(client, grey_jpeg: bytes) -> None:
    answer = post(client, "/v1/restore", grey_jpeg)
    assert answer.status_code == 422
    assert "no restore record" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"--b0undary--\r\n", "none"),
        (b"nonsense", "damaged"),
        (form_of(b"x")[0][:-20], "ends early"),
        (b"--b0undary\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b0undary--\r\n", "no name"),
    ],
)
def test_a_form_without_a_picture_is_refused_in_words(client, body: bytes, words: str) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b0undary"}
    answer = client.post("/v1/colorize", content=body, headers=headers)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
