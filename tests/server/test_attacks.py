"""What strangers try: every attack is answered, quickly, in words, and the server goes on."""

from __future__ import annotations

import io
import socket
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator

import pytest

from serving import Serving, encoded, form_of, grey_picture, picture_in

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(document.domain)</script></html>"


@pytest.fixture(autouse=True)
def goes_on(serving: Serving, grey_jpeg: bytes) -> Iterator[None]:
    """After each attack the server colours a picture as before, and holds nothing of it."""
    yield
    assert serving.post("/v1/colorize", grey_jpeg).status == 200
    lines = serving.ask("/metrics").body.decode().splitlines()
    held = [line for line in lines if line.startswith("photochrom_upload_bytes ")]
    assert held == ["photochrom_upload_bytes 0.0"]


def png_bomb(side_px: int) -> bytes:
    """A PNG of `side_px`² grey pixels whose data is a few kilobytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side_px + 1)) for _ in range(64)) + packer.flush()
    end = chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + end


def test_a_decompression_bomb_is_refused_by_its_header(serving: Serving) -> None:
    before = serving.resident_mb()
    answer = serving.post("/v1/colorize", png_bomb(60_000), "image/png")
    assert answer.status == 413
    assert b"3600 megapixels" in answer.body
    assert serving.resident_mb() - before < 50


def test_a_bomb_of_text_in_a_png_is_refused(serving: Serving) -> None:
    from PIL import PngImagePlugin

    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "A" * 80_000_000, zip=True)
    before = serving.resident_mb()
    answer = serving.post("/v1/colorize", encoded(grey_picture(), "PNG", pnginfo=info), "image/png")
    assert answer.status in (200, 422)
    assert serving.resident_mb() - before < 250


def test_an_upload_of_2_gb_is_refused_by_its_length(serving: Serving) -> None:
    with socket.create_connection((serving.host, serving.port), timeout=10) as connection:
        connection.sendall(
            b"POST /v1/colorize HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\n"
            b"Content-Length: 2147483648\r\n\r\n"
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_an_upload_of_unsaid_length_is_cut_off(serving: Serving) -> None:
    before = serving.resident_mb()
    with socket.create_connection((serving.host, serving.port), timeout=10) as connection:
        connection.sendall(
            b"POST /v1/colorize HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"100000\r\n" + bytes(1 << 20) + b"\r\n"
        for _ in range(12):
            connection.sendall(chunk)
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")
    assert serving.resident_mb() - before < 50


def test_a_slow_upload_is_given_up(serving: Serving, grey_jpeg: bytes) -> None:
    with socket.create_connection((serving.host, serving.port), timeout=10) as connection:
        head = f"POST /v1/colorize HTTP/1.1\r\nHost: x\r\nContent-Length: {len(grey_jpeg)}\r\n\r\n"
        connection.sendall(head.encode())
        begun = time.monotonic()
        for byte in grey_jpeg[:30]:
            connection.sendall(bytes([byte]))
            time.sleep(0.1)
        assert connection.recv(4096).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - begun < 10


def test_a_slow_head_is_hung_up_on(serving: Serving) -> None:
    with socket.create_connection((serving.host, serving.port), timeout=10) as connection:
        connection.sendall(b"POST /v1/colorize HTTP/1.1\r\nHost: x\r\nX-Sl")
        assert connection.recv(4096) == b""


def test_a_slow_second_head_is_hung_up_on_as_well(serving: Serving) -> None:
    with socket.create_connection((serving.host, serving.port), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b""
        while b"alive" not in answer:  # head and body may come apart
            piece = connection.recv(4096)
            assert piece
            answer += piece
        connection.sendall(b"GET /healthz HTTP/1.1\r\n")
        with pytest.raises(OSError):  # no pause is long, but the whole is
            for _ in range(100):
                connection.sendall(b"X-Slow: 1\r\n")
                time.sleep(0.2)


@pytest.mark.parametrize(
    "filename",
    [
        "../../../etc/passwd",
        "..\\\\..\\\\windows\\\\system32\\\\x.jpg",
        "/etc/cron.d/x.jpg",
        "C:\\\\x.jpg",
        "%2e%2e%2fx.jpg",
        ".",
        "",
    ],
)
def test_a_path_in_the_file_name_leads_nowhere(
    serving: Serving, grey_jpeg: bytes, filename: str
) -> None:
    body, media_type = form_of(grey_jpeg, filename)
    answer = serving.post("/v1/colorize", body, media_type)
    assert answer.status == 200
    said = answer.headers["content-disposition"].split('"')[1]
    assert said.endswith(".color.jpg")
    assert not set(said) & set("/\\%:")


@pytest.mark.parametrize("filename", ["x.svg", "x.jpg"])
def test_an_svg_with_a_script_is_no_picture(serving: Serving, filename: str) -> None:
    body, media_type = form_of(SVG, filename)
    answer = serving.post("/v1/colorize", body, media_type)
    assert answer.status == 415
    assert b"<script" not in answer.body


def test_html_that_is_called_jpg_is_no_picture(serving: Serving) -> None:
    body, media_type = form_of(HTML, "x.jpg")
    answer = serving.post("/v1/colorize", body, media_type)
    assert answer.status == 415
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert serving.post("/v1/colorize", HTML, "text/html").status == 415


@pytest.mark.parametrize("jpeg", ["ordinary", "splice"])
def test_a_polyglot_file_comes_back_as_a_picture_only(
    serving: Serving, grey_jpeg: bytes, jpeg: str
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("evil.html", HTML)
    polyglot = grey_jpeg + HTML + archive.getvalue()
    answer = serving.post(f"/v1/colorize?jpeg={jpeg}", polyglot)
    assert answer.status == 200
    assert picture_in(answer.body).mode == "RGB"
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    if jpeg == "ordinary":  # the splice keeps the file's own bytes, for `restore`
        assert HTML not in answer.body


@pytest.mark.parametrize(
    "filename",
    [
        "x\r\nSet-Cookie: owned=1\r\n.jpg",
        "x\nX-Evil: 1.jpg",
        'x"; filename="evil.exe',
        "x\u2028\u0000\x7f.jpg",
        "photo\u202egpj.exe",
    ],
)
def test_a_name_cannot_add_headers(serving: Serving, grey_jpeg: bytes, filename: str) -> None:
    body, media_type = form_of(grey_jpeg, filename)
    answer = serving.post("/v1/colorize", body, media_type)
    assert answer.status in (200, 422)
    assert not {"set-cookie", "x-evil"} & set(answer.headers)
    disposition = answer.headers.get("content-disposition", 'filename="x.jpg"')
    assert disposition.split('"')[1].endswith(".jpg")
    assert disposition.isascii() and disposition.isprintable()


def test_an_option_cannot_add_headers(serving: Serving, grey_jpeg: bytes) -> None:
    answer = serving.post("/v1/colorize?model=x%0d%0aX-Evil:%201", grey_jpeg)
    assert answer.status == 422
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_website_is_refused(
    serving: Serving, grey_jpeg: bytes, headers: dict[str, str]
) -> None:
    answer = serving.ask("/v1/colorize", "POST", grey_jpeg, headers)
    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers


def test_another_website_may_not_ask_beforehand(serving: Serving) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = serving.ask("/v1/colorize", "OPTIONS", headers=asked)
    assert answer.status == 405
    assert "access-control-allow-origin" not in answer.headers


def test_our_own_page_may_use_it(serving: Serving, grey_jpeg: bytes) -> None:
    own = {"Origin": serving.url, "Sec-Fetch-Site": "same-origin"}
    assert serving.ask("/v1/colorize", "POST", grey_jpeg, own).status == 200
    assert serving.ask("/v1/colorize", "POST", grey_jpeg, {"Origin": serving.url}).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/v1/models/..%2f..%2fapi.onnx",
        "//x",
        "/\\x",
    ],
)
def test_no_path_leads_out_of_the_website(serving: Serving, path: str) -> None:
    assert serving.ask(path).status == 404


def test_what_is_no_http_is_answered_as_every_error_is(serving: Serving) -> None:
    with socket.create_connection((serving.host, serving.port), timeout=10) as connection:
        connection.sendall(b"\x16\x03\x01 hello?\r\n\r\n")
        answer = connection.recv(4096).lower()
    assert answer.startswith(b"http/1.1 400")
    assert b"content-type: application/problem+json" in answer
    assert b"cross-origin-embedder-policy: require-corp" in answer


def test_an_address_in_a_picture_s_place_is_not_fetched(serving: Serving) -> None:
    body, media_type = form_of(b"http://127.0.0.1:1/x.jpg", "http://127.0.0.1:1/x.jpg")
    assert serving.post("/v1/colorize", body, media_type).status == 415
