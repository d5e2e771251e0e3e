"""A headless Chromium that opens a page, types, points, photographs it and says what went wrong.

Spoken to through a pipe (`--remote-debugging-pipe`: JSON messages that end in a zero byte), so that
no port, driver or package is needed. Benchmarks and tests use it alike:

    with Browser(Path("/tmp/profile")) as browser:
        browser.open(Path("report.html"))
        assert browser.ask("document.images.length") > 0 and not browser.complaints
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--disable-extensions", "--hide-scrollbars"),
    *("--force-color-profile=srgb", "--remote-debugging-pipe"),
)
# The browser reads commands from descriptor 3 and answers on 4.
START = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
KEYS = {"Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "Tab": 9}
TYPED = {"Enter": "\r"}


def chromium() -> str | None:
    """The browser's program, None where it is not installed."""
    return shutil.which("chromium")


class Browser:
    """One browser with one page. `complaints` holds what the page logged as error or warning.

    Raises `FileNotFoundError` without a browser, `TimeoutError` when it does not answer.
    """

    def __init__(self, profile: Path, *, timeout_s: float = 30) -> None:
        program = chromium()
        if program is None:
            raise FileNotFoundError("chromium is absent: apt-get install chromium")
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.timeout_s = timeout_s
        self._number = 0
        self._unread = b""
        self._events: list[dict[str, Any]] = []
        self._start(program, profile)
        try:
            self._attach()
        except BaseException:
            self.close()
            raise

    def _attach(self) -> None:
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def _start(self, program: str, profile: Path) -> None:
        commands, self._to = os.pipe()
        self._from, answers = os.pipe()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", START, str(commands), str(answers)),
                *(program, *FLAGS, f"--user-data-dir={profile}"),
            ],
            pass_fds=(commands, answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser."""
        os.close(self._to)  # the browser leaves when its pipe ends
        os.close(self._from)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)

    def screen(self, width: int, height: int, *, dark: bool = False, touch: bool = False) -> None:
        """Set the window's size [CSS px], the wanted colour scheme, and whether it is a phone."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=touch,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=touch)
        wishes = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce",  # scrolling is done at once
        }
        features = [{"name": name, "value": value} for name, value in wishes.items()]
        self.call("Emulation.setEmulatedMedia", features=features)

    def open(self, page: Path, fragment: str = "") -> None:
        """Open a file and wait until it is loaded."""
        self.complaints.clear()
        self.requests.clear()
        self._events.clear()
        self.call("Page.navigate", url="about:blank")
        self._wait_for("Page.loadEventFired")
        self.requests.clear()
        self.call("Page.navigate", url=page.resolve().as_uri() + fragment)
        self._wait_for("Page.loadEventFired")

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression, awaited where it is a promise."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"].get("exception"))[:2000])
        return answer["result"].get("value")

    def wait_until(self, expression: str) -> None:
        """Wait until the JavaScript expression is true."""
        end = time.monotonic() + self.timeout_s
        while not self.ask(f"Boolean({expression})"):
            if time.monotonic() > end:
                raise TimeoutError(f"never true: {expression}")
            time.sleep(0.02)

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key: a name of `KEYS` or one character."""
        code = KEYS.get(key) or ord(key.upper())
        text = TYPED.get(key, key if len(key) == 1 else "")
        facts = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        kind = "keyDown" if text else "rawKeyDown"
        self.call("Input.dispatchKeyEvent", type=kind, text=text, **facts)
        self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    def click(self, x: float, y: float) -> None:
        """Click at a place of the window [CSS px]."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def screenshot(self, path: Path, *, whole: bool = False) -> Path:
        """Write what the window shows (or the whole page) as PNG."""
        picture = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(picture["data"]))
        return path

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command of the Chrome DevTools Protocol to the page."""
        return self._call(method, self._session, **parameters)

    def _call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def _wait_for(self, event: str) -> None:
        while not any(found["method"] == event for found in self._events):
            self._note(self._read())
        self._events.clear()

    def _note(self, event: dict[str, Any]) -> None:
        self._events.append(event)
        facts = event.get("params", {})
        if event["method"] == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(facts["exceptionDetails"]))
        elif event["method"] == "Log.entryAdded" and facts["entry"]["level"] != "verbose":
            self.complaints.append(facts["entry"]["text"])
        elif event["method"] == "Runtime.consoleAPICalled" and facts["type"] in (
            "error",
            "warning",
        ):
            self.complaints.append(json.dumps(facts["args"]))
        elif event["method"] == "Network.requestWillBeSent":
            self.requests.append(facts["request"]["url"][:200])

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._from], [], [], self.timeout_s)
            more = os.read(self._from, 1 << 20) if ready else b""
            if not more:
                raise TimeoutError(f"{chromium()} does not answer")
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message
