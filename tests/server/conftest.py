"""Servers, clients and pictures for the tests of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from serving import Serving, encoded, grey_picture, served

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def grey_jpeg() -> bytes:
    """A small grey JPEG."""
    return encoded(grey_picture())


@pytest.fixture(scope="session")
def serving() -> Iterator[Serving]:
    """A server with the usual settings, but tight limits, so that they are met quickly."""
    with served(
        max_upload_mb="5", max_megapixels="20", upload_timeout_s="2", header_timeout_s="4"
    ) as server:
        yield server


@pytest.fixture(scope="session")
def make_client() -> Iterator[Callable[..., TestClient]]:
    """Makes an application in this process, with these settings, and a client of it."""
    from starlette.testclient import TestClient

    from photochrom.server.app import build_app
    from photochrom.server.settings import Settings

    opened: list[TestClient] = []

    def make(site: Path | None = None, **settings: object) -> TestClient:
        settings = {"processes": 1, **settings}  # a client's own process is enough for it
        app = build_app(Settings(**settings), **({"site": site} if site else {}))  # type: ignore[arg-type]
        client = TestClient(app, raise_server_exceptions=False)
        client.__enter__()
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture(scope="session")
def client(
    make_client: Callable[..., TestClient], tmp_path_factory: pytest.TempPathFactory
) -> TestClient:
    """A client of an application with the usual settings and no website."""
    return make_client(site=tmp_path_factory.mktemp("site"))
