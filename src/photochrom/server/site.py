"""The website's built files: which there are, in which encodings, and how long they may be kept."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fastapi.responses import FileResponse, HTMLResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from photochrom.server.headers import PAGE_POLICY
from photochrom.server.problems import problem

SITE = Path(__file__).parent / "site"  # written by `make web`
INDEX = "index.html"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"  # kept, and asked each time whether it is still the one
ENCODINGS = {"br": ".br", "gzip": ".gz"}  # best first
HASHED = re.compile(r"[.-][A-Za-z0-9_-]{8,}\.\w+$")  # Vite's name-hash.js

#: Types that browsers insist on; the machine's own table may lack them.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".onnx": "application/octet-stream",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
SQUEEZED = {".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".wasm", ".webmanifest"}
LEVEL = 6  # of gzip: 0.4 s for the largest file, once

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Photochrom</title>
<h1>The website is not in this install</h1>
<p>The API is: <a href="docs">how to use it</a>.
<p>For the website run <code>make web</code> in a copy of the repository (it needs Node 20), or
install a release wheel, which brings it."""


@dataclass(frozen=True)
class SiteFile:
    """A file of the website, and the compressed copies that lie beside it."""

    path: Path
    encoded: Mapping[str, Path]  # by content coding

    @cached_property
    def digest(self) -> str:
        """What is different when the content is."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()[:32]

    @cached_property
    def gzipped(self) -> bytes:
        """The content compressed, made once, where no compressed copy came with it."""
        return gzip.compress(self.path.read_bytes(), LEVEL, mtime=0)

    @property
    def cache_control(self) -> str:
        """For ever where the name tells the content, else not without asking."""
        hashed = self.path.parent.name == "assets" and HASHED.search(self.path.name)
        return FOR_EVER if hashed else ASK_FIRST

    def encoding_for(self, accepted: str) -> str | None:
        """The best content coding that is there and accepted; None for the file as it is."""
        wanted = {
            name.strip().lower()
            for name, _, weight in (entry.partition(";") for entry in accepted.split(","))
            if weight.replace(" ", "") not in ("q=0", "q=0.0")
        }
        return next((name for name in ENCODINGS if name in wanted and name in self.encodings), None)

    @property
    def encodings(self) -> set[str]:
        """The content codings in which this file can be sent."""
        return {*self.encoded, *(("gzip",) if self.path.suffix in SQUEEZED else ())}


class Site:
    """Answers with the files that were in `root` at the start; nothing else can be had."""

    def __init__(self, root: Path) -> None:
        self.files = dict(_found(root))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that no call of the API answers."""
        if scope["type"] == "http":
            answer = await asyncio.to_thread(self.answer, Request(scope))
            await answer(scope, receive, send)

    def answer(self, request: Request) -> Response:
        """The file that the path names; an error in words where there is none."""
        path = request.url.path.strip("/") or INDEX
        if request.method not in ("GET", "HEAD"):
            known = path in self.files or path == INDEX
            status = 405 if known else 404
            return problem(status, f"{request.method} {path[:80]!r} means nothing here: see /docs")
        file = self.files.get(path)
        if file is None and path == INDEX:
            return HTMLResponse(NOT_BUILT, 404)
        if file is None:
            return problem(404, f"there is nothing at /{path[:80]}: see /docs for the API")
        return _of_file(file, request)


def _found(root: Path) -> Iterator[tuple[str, SiteFile]]:
    """The files below `root` by their path in an address."""
    files = {path for path in root.rglob("*") if path.is_file()}
    for path in sorted(files):
        if path.suffix not in ENCODINGS.values():
            copies = {
                coding: path.with_name(path.name + suffix) for coding, suffix in ENCODINGS.items()
            }
            encoded = {coding: copy for coding, copy in copies.items() if copy in files}
            yield path.relative_to(root).as_posix(), SiteFile(path, encoded)


def _of_file(file: SiteFile, request: Request) -> Response:
    encoding = file.encoding_for(request.headers.get("accept-encoding", ""))
    tag = f'"{file.digest}{"-" + encoding if encoding else ""}"'
    # Told with a 304 too: its headers replace those that a browser has kept.
    headers = {
        "Cache-Control": file.cache_control,
        "Content-Security-Policy": PAGE_POLICY,
        "ETag": tag,
    }
    if file.encodings:
        headers["Vary"] = "Accept-Encoding"
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if encoding:
        headers["Content-Encoding"] = encoding
    media_type = TYPES.get(file.path.suffix, "application/octet-stream")
    if encoding and encoding not in file.encoded:
        return Response(file.gzipped, headers=headers, media_type=media_type)
    path = file.encoded[encoding] if encoding else file.path
    return FileResponse(path, headers=headers, media_type=media_type)
