"""The website in headless Chromium: how heavy it is, and how fast it answers.

    make web && python benchmarks/browser_site.py

page weight        our own JavaScript and CSS, gzipped; and all that a first visit fetches
network            a 256-px run in the browser (WASM, 2 threads) / the same in native ONNX Runtime
drop, hint         from a 1-megapixel JPEG dropped, and from a colour said, to the screen, less the
                   network's own time there; a hint's colour is laid at once, and painted again
                   when the network, asked with it, has answered
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image
from skimage import data

from browser import Browser
from photochrom.models.catalog import WEIGHTS
from photochrom.server.site import SITE

SIDE_PX, THREADS, RUNS = 256, 2, 30
PHOTO_PX = 1000
REPEATS = 7
PATIENCE_S = 60
RUNTIME = "ort"  # the names of ONNX Runtime's own files begin so

TIME_NETWORK = """new Promise((resolve, reject) => {
  const worker = new Worker(%s, { type: "module" });
  const base = document.baseURI;
  worker.onerror = reject;
  worker.onmessage = ({ data }) => {
    if (data.problem) reject(new Error(data.problem.code));
    if (data.call === 1) worker.postMessage({ call: 2, name: "time", given: [%d, %d] });
    if (data.call === 2) { worker.terminate(); resolve(data.result); }
  };
  worker.postMessage({ call: 1, name: "prepare", given: ["device", base] });
})"""

DROP = """(async () => {
  const bytes = Uint8Array.from(atob(%s), (letter) => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], %s, { type: "image/jpeg" }));
  document.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true }));
})()"""

# The page's own files, and those that it had kept for an offline visit.
KEPT = """(async () => {
  const kept = await (await caches.open("photochrom-large")).keys();
  const own = performance.getEntriesByType("resource").map(({ name }) => name);
  const urls = [...own, ...kept.map(({ url }) => url)];
  return [...new Set(urls.map((url) => new URL(url).pathname))];
})()"""

MARKS = """Object.fromEntries(["given", "wished", "shown"].map((name) =>
  [name, performance.getEntriesByName("photochrom:" + name).map((mark) => mark.startTime)]))"""
NETWORK = "performance.getEntriesByName('photochrom:network').map((one) => one.duration)"


@contextmanager
def served() -> Iterator[str]:
    """The address of `photochrom serve` with the built website."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "photochrom.cli.main", "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/"
    try:
        until = time.monotonic() + PATIENCE_S
        while not answers(address) and time.monotonic() < until:
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def own_weight_bytes() -> int:
    files = [path for path in (SITE / "assets").iterdir() if path.suffix in (".js", ".css")]
    own = [path for path in files if not path.name.startswith(RUNTIME)]
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in own)


def first_visit_bytes(browser: Browser) -> int:
    """What is fetched until a photo can be coloured, as it is sent."""
    until = time.monotonic() + PATIENCE_S
    kept: list[str] = []
    while not any(url.endswith(".onnx") for url in kept) and time.monotonic() < until:
        time.sleep(0.2)
        kept = browser.ask(KEPT)
    return sum(sent_bytes(name.lstrip("/")) for name in ["index.html", *kept])


def sent_bytes(name: str) -> int:
    if name.endswith(".onnx"):
        return (WEIGHTS / Path(name).name).stat().st_size
    path = SITE / name
    encoded = [path.with_name(path.name + suffix) for suffix in (".br", ".gz", "")]
    return next((each.stat().st_size for each in encoded if each.is_file()), 0)


def native_ms() -> float:
    """The median of the same network in native ONNX Runtime."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        WEIGHTS / "flagship.onnx", options, providers=["CPUExecutionProvider"]
    )
    feeds = {
        entry.name: np.zeros((1, 3 if entry.name == "hints" else 1, SIDE_PX, SIDE_PX), np.float32)
        for entry in session.get_inputs()
    }
    times = []
    for _ in range(RUNS + 3):
        start = time.perf_counter()
        session.run(None, feeds)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[3:])


def browser_ms(browser: Browser) -> float:
    """The median in the page's own worker."""
    script = next((SITE / "assets").glob("entry-*.js")).name
    times = browser.ask(TIME_NETWORK % (json.dumps(f"/assets/{script}"), SIDE_PX, RUNS + 3))
    return statistics.median(times[3:])


def drop(browser: Browser, jpeg: bytes, name: str) -> None:
    browser.ask(DROP % (json.dumps(base64.b64encode(jpeg).decode()), json.dumps(name)))


def dropped_ms(browser: Browser, jpeg: bytes) -> tuple[float, float]:
    """Medians: from the drop to the screen, and the network's part of it."""
    whole, network = [], []
    for number in range(REPEATS):
        runs = len(browser.ask(NETWORK))
        drop(browser, jpeg, f"{number}.jpg")
        browser.wait_until(f"{NETWORK}.length > {runs}")
        time.sleep(0.5)
        marks = browser.ask(MARKS)
        whole.append(marks["shown"][-1] - marks["given"][-1])
        network.append(browser.ask(NETWORK)[-1])
        browser.ask("document.querySelector('.frame-remove').click()")
        browser.wait_until("document.querySelectorAll('.frame').length === 0")
    return statistics.median(whole), statistics.median(network)


def hinted_ms(browser: Browser) -> tuple[float, float]:
    """Medians from a colour that is said to the screen: laid at once, and as the network has it."""
    first_ms, last_ms = [], []
    x, y = browser.ask(
        """(() => { const box = document.querySelector(".print").getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height * 0.8]; })()"""
    )
    for number in range(REPEATS):
        shown = len(browser.ask(MARKS)["shown"])
        browser.click(x + 6 * number, y)
        browser.wait_until("document.querySelectorAll('.swatch').length >= 10")
        browser.ask(f"[...document.querySelectorAll('.swatch')].at({-1 - number}).click()")
        browser.wait_until(f"({MARKS}).shown.length > {shown}")
        time.sleep(0.5)
        marks = browser.ask(MARKS)
        first_ms.append(marks["shown"][shown] - marks["wished"][-1])
        last_ms.append(marks["shown"][-1] - marks["wished"][-1])
        browser.ask("document.querySelector('[aria-label=Undo]').click()")
        time.sleep(0.5)
    return statistics.median(first_ms), statistics.median(last_ms)


def main() -> None:
    if not (SITE / "index.html").is_file():
        sys.exit(f"{SITE} is absent: make web builds it")
    encoded = io.BytesIO()
    photo = Image.fromarray(data.astronaut()).convert("L").resize((PHOTO_PX, PHOTO_PX))
    photo.save(encoded, "JPEG", quality=90)
    with (
        tempfile.TemporaryDirectory() as folder,
        served() as address,
        Browser(Path(folder), timeout_s=PATIENCE_S) as browser,
    ):
        browser.screen(1280, 800)
        browser.call("Page.navigate", url=address)
        visit = first_visit_bytes(browser)
        in_browser = browser_ms(browser)
        dropped, network = dropped_ms(browser, encoded.getvalue())
        drop(browser, encoded.getvalue(), "hinted.jpg")
        browser.wait_until("document.querySelector('.frame-ready')")
        time.sleep(1)
        hinted, settled = hinted_ms(browser)
    native = native_ms()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"own JavaScript and CSS, gzipped: {own_weight_bytes() / 1000:.0f} kB (≤ 250)")
    print(f"a first visit, all of it: {visit / 1e6:.1f} MB")
    print(
        f"network at {SIDE_PX} px: browser {in_browser:.1f} ms / native {native:.1f} ms = "
        f"{in_browser / native:.1f} (≤ 6)"
    )
    print(
        f"1-megapixel JPEG, drop → colour: {dropped:.0f} ms, the network {network:.0f} ms of it; "
        f"the rest {dropped - network:.0f} ms (≤ 300)"
    )
    print(
        f"a hint's answer: {hinted:.0f} ms (≤ one network run, {network:.0f}, + 50); "
        f"with the network's part {settled:.0f} ms"
    )


if __name__ == "__main__":
    main()
