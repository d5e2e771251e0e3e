"""The website out of a wheel, installed away from the checkout and opened in a browser."""

from __future__ import annotations

import base64
import io
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from absent import skip_or_fail
from browser import Browser, chromium
from photochrom.server.site import SITE

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
DROP = """(() => {
  const bytes = Uint8Array.from(atob("%s"), (letter) => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "slope.jpg", { type: "image/jpeg" }));
  document.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true }));
})()"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package out of a wheel, and nothing of the checkout."""
    if not (SITE / "index.html").is_file():
        skip_or_fail("the website is not built: make web")
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT))
    [wheel] = folder.glob("photochrom-*.whl")
    run(*pip, "install", "--no-deps", "--target", str(folder / "package"), str(wheel))
    return folder / "package"


@pytest.fixture(scope="module")
def address(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `photochrom serve` of the installed package answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "photochrom.cli.main", "serve", "--port", str(port)],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        env={**os.environ, "PYTHONPATH": str(installed)},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(20)


def run(*command: str) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def wait_for(url: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(url):
                return
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < until, f"{url} does not answer"
            time.sleep(0.1)


def test_a_wheel_installed_elsewhere_serves_the_page_and_it_colours(
    address: str, tmp_path: Path
) -> None:
    if chromium() is None:
        skip_or_fail("chromium is absent: apt-get install chromium")
    encoded = io.BytesIO()
    Image.linear_gradient("L").save(encoded, "JPEG")
    with Browser(tmp_path, timeout_s=PATIENCE_S) as browser:
        browser.call("Page.navigate", url=address)
        browser.wait_until("document.querySelector('h1')")
        assert browser.ask("document.querySelector('h1').textContent") == "Photochrom"
        assert browser.ask("crossOriginIsolated") is True
        browser.ask(DROP % base64.b64encode(encoded.getvalue()).decode())
        browser.wait_until("document.querySelector('.frame-ready')")
        width = browser.ask("document.querySelector('canvas[role=img]').width")
        assert 150 <= width <= 256  # the photo's, or that of its frame on the screen


def test_what_shrinks_is_sent_compressed(address: str) -> None:
    page = urllib.request.urlopen(address).read().decode()
    script = page.split('src="./')[1].split('"')[0]
    request = urllib.request.Request(address + script, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
