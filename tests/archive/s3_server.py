"""As much of S3 as an archive asks of it, in memory, on this machine; it counts what is asked."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

LISTED = 4  # entries to a page of a listing; the real one has 1000


class S3(ThreadingHTTPServer):
    """A store with any number of buckets."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.asked: Counter[str] = Counter()
        self.failures = 0  # how many requests are still to be answered with "slow down"
        self.allowed = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def s3_server() -> Iterator[S3]:
    """A store that listens."""
    server = S3()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: S3

    def log_message(self, format: str, *args: object) -> None:
        return None

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _refused(self, what: str) -> bool:
        """Count the request; answer it here where the store is busy or forbids."""
        self.server.asked[what] += 1
        if not self.server.allowed:
            self._error(403, "AccessDenied")
        elif self.server.failures > 0:
            self.server.failures -= 1
            self._error(503, "SlowDown")
        else:
            return False
        return True

    def _error(self, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
        self._answer(status, body, Content_Type="application/xml")

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).strip("/")

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        if "list-type" in query:
            if not self._refused("LIST"):
                self._list({name: values[0] for name, values in query.items()})
        elif not self._refused("GET"):
            self._give()

    def do_HEAD(self) -> None:
        if not self._refused("HEAD"):
            self._give()

    def _give(self) -> None:
        content = self.server.objects.get(self._key)
        if content is None:
            self._error(404, "NoSuchKey")
            return
        tag = f'"{hashlib.md5(content).hexdigest()}"'
        told = {"ETag": tag, "Last_Modified": "Wed, 01 Jan 2025 00:00:00 GMT"}
        if self.headers.get("Range"):
            start, _, end = self.headers["Range"].removeprefix("bytes=").partition("-")
            part = content[int(start) : int(end) + 1 if end else None]
            whole = f"bytes {start}-{int(start) + len(part) - 1}/{len(content)}"
            self._answer(206, part, Content_Range=whole, **told)
        else:
            self._answer(200, content, **told)

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self._refused("PUT"):
            self.server.objects[self._key] = content
            self._answer(200, ETag=f'"{hashlib.md5(content).hexdigest()}"')

    def do_DELETE(self) -> None:
        if not self._refused("DELETE"):
            self.server.objects.pop(self._key, None)
            self._answer(204)

    def _list(self, query: dict[str, str]) -> None:
        bucket, prefix = self._key.split("/")[0], query.get("prefix", "")
        after = query.get("continuation-token", "")
        keys = sorted(
            key.removeprefix(f"{bucket}/")
            for key in self.server.objects
            if key.startswith(f"{bucket}/{prefix}")
        )
        entries: dict[str, str] = {}
        for key in keys:
            below, slash, _ = key[len(prefix) :].partition("/")
            if slash and query.get("delimiter") == "/":
                folder = f"{prefix}{below}/"
                entries[folder] = (
                    f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>"
                )
            else:
                content = self.server.objects[f"{bucket}/{key}"]
                entries[key] = (
                    f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size>"
                    f"<ETag>&quot;{hashlib.md5(content).hexdigest()}&quot;</ETag>"
                    "<LastModified>2025-01-01T00:00:00.000Z</LastModified>"
                    "<StorageClass>STANDARD</StorageClass></Contents>"
                )
        remaining = [name for name in sorted(entries) if name > after]
        page, more = remaining[:LISTED], len(remaining) > LISTED
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        body = (
            f"<ListBucketResult><Name>{bucket}</Name><Prefix>{escape(prefix)}</Prefix>"
            f"<KeyCount>{len(page)}</KeyCount><IsTruncated>{str(more).lower()}</IsTruncated>{token}"
            f"{''.join(entries[name] for name in page)}</ListBucketResult>"
        )
        self._answer(200, body.encode(), Content_Type="application/xml")
