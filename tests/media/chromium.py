"""Pictures decoded by headless Chromium, fetched from and posted back to a server in the test."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGE = Path(__file__).parents[1] / "decoders" / "decode.html"


def decode_in_chromium(
    browser: str, pictures: Sequence[bytes], profile: Path, timeout_s: float = 90
) -> list[bytes]:
    """The RGBA bytes of every picture; none for one that the browser cannot decode."""
    decoded: dict[int, bytes] = {}
    finished = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.strip("/")
            if path == "count":
                self._reply(json.dumps({"count": len(pictures)}).encode(), "application/json")
            elif path.isdigit():
                self._reply(pictures[int(path)], "image/jpeg")
            else:
                self._reply(PAGE.read_bytes(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            decoded[int(self.path.strip("/"))] = body
            self._reply(b"", "text/plain")
            if len(decoded) == len(pictures):
                finished.set()

        def _reply(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    running = _start(browser, f"http://127.0.0.1:{server.server_port}/", profile)
    try:
        assert finished.wait(timeout_s), f"{browser} decoded {len(decoded)} of {len(pictures)}"
    finally:
        running.terminate()
        running.wait(10)
        server.shutdown()
        server.server_close()
    return [decoded[number] for number in range(len(pictures))]


def _start(browser: str, address: str, profile: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            browser,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
            *("--no-first-run", "--disable-extensions", "--disable-background-networking"),
            f"--user-data-dir={profile}",
            address,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
