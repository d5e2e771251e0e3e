"""A page of a server, in a headless browser: opened by its address, files put into its fields."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from browser import Browser
from serving import environment_with_source


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def app_served(kind: str, *, patience_s: float = 180) -> Iterator[str]:
    """The address of `photochrom app KIND`, which runs until the block ends."""
    url = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "photochrom.cli.main", "app", kind]
    process = subprocess.Popen(
        [*command, "--port", url.rpartition(":")[2]],
        env=environment_with_source(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait_until_up(url, process, time.monotonic() + patience_s)
        yield url
    finally:
        process.terminate()
        process.wait(30)
        assert process.stderr is not None
        process.stderr.close()


def _wait_until_up(url: str, process: subprocess.Popen[str], end: float) -> None:
    while time.monotonic() < end:
        if process.poll() is not None:
            assert process.stderr is not None
            raise AssertionError(f"the page ended: {process.stderr.read()}")
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"nothing answers at {url}")


def visit(browser: Browser, url: str) -> None:
    """Open an address, and wait until its document is loaded."""
    browser.complaints.clear()
    browser.requests.clear()
    browser.call("Page.navigate", url=url)
    browser.wait_until(f"location.href.startsWith('{url}') && document.readyState == 'complete'")


def put_files(browser: Browser, selector: str, *paths: Path) -> None:
    """Choose files in the file field that the selector finds."""
    browser.wait_until(f"document.querySelector({selector!r})")
    document = browser.call("DOM.getDocument")["root"]["nodeId"]
    node = browser.call("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
    browser.call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])
