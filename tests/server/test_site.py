"""The website's files: types, encodings, how long they may be kept, and what an install without."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small website as `make web` leaves one."""
    root = tmp_path_factory.mktemp("built")
    (root / "assets").mkdir()
    files = {
        "index.html": b"<!doctype html><title>Photochrom</title>",
        "sw.js": b"self.addEventListener('fetch', () => {})",
        "manifest.webmanifest": b"{}",
        "assets/app-Bx3kQ9Za.js": b"console.log('hello')",
        "assets/ort.simd-D4f5G6h7.wasm": b"\0asm",
        "assets/photo-D4f5G6h7.jpg": b"(as JPEG)",
        "assets/ort.simd-A1b2C3d4.mjs": b"export {}",
    }
    for name, content in files.items():
        (root / name).write_bytes(content)
    (root / "assets/app-Bx3kQ9Za.js.gz").write_bytes(gzip.compress(b"console.log('hello')"))
    (root / "assets/app-Bx3kQ9Za.js.br").write_bytes(b"(as brotli)")
    return root


@pytest.fixture(scope="module")
def visitor(make_client: Callable, root: Path):
    return make_client(site=root)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/sw.js", "text/javascript"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/assets/ort.simd-D4f5G6h7.wasm", "application/wasm"),
        ("/assets/ort.simd-A1b2C3d4.mjs", "text/javascript"),
    ],
)
def test_every_file_has_the_type_that_browsers_insist_on(
    visitor, path: str, media_type: str
) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "no-cache"),
        ("/sw.js", "no-cache"),
        ("/manifest.webmanifest", "no-cache"),
        ("/assets/app-Bx3kQ9Za.js", "public, max-age=31536000, immutable"),
        ("/assets/ort.simd-D4f5G6h7.wasm", "public, max-age=31536000, immutable"),
    ],
)
def test_what_is_named_by_its_content_is_kept_for_ever(visitor, path: str, kept: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    assert visitor.get(path, headers=plain).headers["cache-control"] == kept


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "br"), ("gzip", "gzip"), ("identity", None), ("br;q=0, gzip", "gzip")],
)
def test_the_best_compressed_copy_is_sent(
    visitor, root: Path, accepted: str, encoding: str | None
) -> None:
    request = visitor.build_request(
        "GET", "/assets/app-Bx3kQ9Za.js", headers={"Accept-Encoding": accepted}
    )
    answer = visitor.send(request, stream=True)
    content = b"".join(answer.iter_raw())
    answer.close()
    suffix = {"br": ".br", "gzip": ".gz", None: ""}[encoding]
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert content == (root / f"assets/app-Bx3kQ9Za.js{suffix}").read_bytes()


@pytest.mark.parametrize(
    ("path", "compressed"),
    [
        ("/sw.js", True),
        ("/assets/ort.simd-D4f5G6h7.wasm", True),
        ("/assets/photo-D4f5G6h7.jpg", False),
    ],
)
def test_what_came_without_a_compressed_copy_is_compressed_where_that_pays(
    visitor, root: Path, path: str, compressed: bool
) -> None:
    answer = visitor.get(path, headers={"Accept-Encoding": "gzip"})
    assert (answer.headers.get("content-encoding") == "gzip") == compressed
    assert answer.content == (root / path[1:]).read_bytes()


def test_a_file_that_the_browser_has_is_not_sent_again(visitor) -> None:
    tag = visitor.get("/").headers["etag"]
    again = visitor.get("/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cross-origin-embedder-policy"] == "require-corp"


def test_a_page_may_run_its_own_scripts_and_webassembly_only(visitor) -> None:
    policy = visitor.get("/").headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "'unsafe-inline'" not in policy
    assert "http" not in policy


def test_a_copy_s_own_address_is_none(visitor) -> None:
    assert visitor.get("/assets/app-Bx3kQ9Za.js.gz").status_code == 404


def test_only_looking_is_possible(visitor) -> None:
    assert visitor.head("/").status_code == 200
    assert visitor.post("/").status_code == 405
    assert visitor.delete("/nothing").status_code == 404


def test_an_install_without_the_website_says_how_to_get_it(client) -> None:
    answer = client.get("/")
    assert answer.status_code == 404
    assert "make web" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
