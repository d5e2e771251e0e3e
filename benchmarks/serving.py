"""A server in a process of its own, and what is sent to it: for benchmarks and tests alike."""

from __future__ import annotations

import http.client
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
READY = re.compile(r"Photochrom is at http://([\d.]+):(\d+)")


def grey_picture(width: int = 96, height: int = 64) -> Image.Image:
    """A grey picture with smooth and busy places, the same each time."""
    rng = np.random.default_rng(3)
    coarse = rng.uniform(0, 255, (4, 6)).astype(np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def encoded(picture: Image.Image, format: str = "JPEG", **options: object) -> bytes:
    """The picture as a file's bytes."""
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def picture_in(encoded_picture: bytes) -> Image.Image:
    """The picture in these bytes, decoded."""
    picture = Image.open(io.BytesIO(encoded_picture))
    picture.load()
    return picture


@dataclass(frozen=True)
class Reply:
    """An answer: status, headers in small letters, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Serving:
    """A server that runs."""

    host: str
    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))  # type: ignore[arg-type]
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())
        finally:
            connection.close()

    def processes(self) -> list[Path]:
        """The server's process and those that colour for it, as folders of /proc."""
        own = Path("/proc") / str(self.process.pid)
        numbers = [pid for each in own.glob("task/*/children") for pid in each.read_text().split()]
        return [own, *(Path("/proc") / pid for pid in numbers)]

    def resident_mb(self) -> float:
        """Memory of all of them [MB]."""
        pages = [(each / "statm").read_text().split()[1] for each in self.processes()]
        return sum(map(int, pages)) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def post(self, path: str, body: object, media_type: str = "image/jpeg") -> Reply:
        """POST a body."""
        return self.ask(path, "POST", body, {"Content-Type": media_type})


def environment_with_source() -> dict[str, str]:
    """The environment of here, in which Photochrom is found."""
    return {"PYTHONPATH": str(ROOT / "src"), **os.environ}


@contextmanager
def served(*arguments: str, cwd: Path | None = None, **settings: str) -> Iterator[Serving]:
    """`photochrom serve` at a free port, with these PHOTOCHROM_… settings."""
    environment = environment_with_source()
    environment |= {f"PHOTOCHROM_{name.upper()}": said for name, said in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "photochrom.cli.main", "serve", "--port", "0", *arguments],
        env=environment,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        line = process.stdout.readline()
        found = READY.match(line)
        if not found:
            process.kill()
            raise AssertionError(f"the server did not start: {line}{process.stderr.read()}")
        yield Serving(found[1], int(found[2]), process)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
        process.stderr.close()


def form_of(
    content: bytes, filename: str = "photo.jpg", boundary: str = "b0undary", **fields: str
) -> tuple[bytes, str]:
    """A multipart form with a file and fields, and its content type; nothing is escaped."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
    parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n")
    return b"".join(
        parts
    ) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
