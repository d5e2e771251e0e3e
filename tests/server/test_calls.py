"""The calls that need no picture, and what all answers have in common."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from photochrom.cli.main import main
from photochrom.errors import InputError, SetupError, WeightsError
from photochrom.models.catalog import find_model
from photochrom.server.app import openapi_document
from photochrom.server.problems import add_problem_answers
from serving import form_of

KEY = "a-key-of-many-characters"


def test_it_lives_and_is_ready(client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_the_models_are_listed_with_their_files(client) -> None:
    [entry] = client.get("/v1/models").json()["models"]
    path, facts = find_model("flagship")
    assert entry["name"] == "flagship"
    assert (entry["sha256"], entry["bytes"]) == (facts.sha256, path.stat().st_size)
    assert entry["takes_hints"]
    file = client.get(entry["url"])
    assert hashlib.sha256(file.content).hexdigest() == entry["sha256"]
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_model_s_file_is_asked_for_again_only_by_its_short_address(client) -> None:
    file = client.get("/v1/models/flagship.onnx")
    assert file.headers["cache-control"] == "public, no-cache"
    tag = file.headers["etag"]
    again = client.get("/v1/models/flagship.onnx", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/v1/models/other.onnx", f"/v1/models/flagship.onnx?sha256={'0' * 64}", "/v1/nothing"]
)
def test_what_is_not_there_is_404_in_words(client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_model_of_one_s_own_is_offered_by_its_file_s_name(
    make_client: Callable, tmp_path: Path, grey_jpeg: bytes
) -> None:
    own = tmp_path / "mine.onnx"
    own.write_bytes(find_model("flagship")[0].read_bytes())
    client = make_client(models=("flagship", str(own)))
    assert [entry["name"] for entry in client.get("/v1/models").json()["models"]] == [
        "flagship",
        "mine",
    ]
    body, media_type = form_of(grey_jpeg, model="mine")
    answer = client.post("/v1/colorize", content=body, headers={"Content-Type": media_type})
    assert answer.status_code == 200


def test_numbers_for_prometheus_count_requests_and_stages(client, grey_jpeg: bytes) -> None:
    client.post("/v1/colorize", content=grey_jpeg)
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = answer.text.splitlines()
    for name in (
        'photochrom_requests_total{call="/v1/colorize",status="200"}',
        'photochrom_stage_seconds_count{stage="paint"}',
        "photochrom_batch_pictures_count",
        "photochrom_megapixels_total",
        "photochrom_waiting",
    ):
        assert any(line.startswith(name) for line in lines), name


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/docs", "/openapi.json", "/v1/models", "/v1/nothing", "/metrics"]
)
def test_every_answer_isolates_the_page_and_names_its_type(client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_even_a_fault_inside_is_answered_with_every_header(make_client: Callable) -> None:
    client = make_client()
    app = client.app

    @app.get("/fault")
    async def fault() -> None:
        raise RuntimeError("the inside")

    answer = client.get("/fault")
    assert answer.status_code == 500
    assert "inside" not in answer.text.replace("wrong inside", "")
    assert answer.headers["cross-origin-embedder-policy"] == "require-corp"


@pytest.mark.parametrize("error", [InputError, WeightsError, SetupError])
def test_every_error_of_ours_has_its_status(error: type[Exception]) -> None:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    app = FastAPI()
    add_problem_answers(app)

    @app.get("/")
    async def fail() -> None:
        raise error("what failed")

    answer = TestClient(app).get("/")
    assert answer.status_code == error.http_status
    assert answer.json()["detail"] == "what failed"


def test_another_method_is_405_and_says_which(client) -> None:
    answer = client.get("/v1/colorize")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_the_page_to_read_tells_of_every_call_and_loads_nothing(client) -> None:
    page = client.get("/docs").text
    for path in openapi_document()["paths"]:
        assert path in page
    assert "src=" not in page and "<script" not in page and "<link" not in page


def test_the_description_is_printed_without_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--openapi"]) == 0
    assert json.loads(capsys.readouterr().out) == openapi_document()


def test_a_picture_needs_the_key_where_there_is_one(
    make_client: Callable, grey_jpeg: bytes
) -> None:
    client = make_client(api_key=KEY)
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {KEY}"}):
        answer = client.post("/v1/colorize", content=grey_jpeg, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    right = {"Authorization": f"Bearer {KEY}"}
    assert client.post("/v1/colorize", content=grey_jpeg, headers=right).status_code == 200
    assert client.get("/healthz").status_code == 200


def test_uploads_together_have_a_limit(make_client: Callable, grey_jpeg: bytes) -> None:
    client = make_client(max_waiting_mb=len(grey_jpeg) / 2e6)
    answer = client.post("/v1/colorize", content=grey_jpeg)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1


def test_an_allowed_website_s_page_may_use_it(make_client: Callable, grey_jpeg: bytes) -> None:
    client = make_client(cors_origins=("https://friend.example",))
    friend = {"Origin": "https://friend.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/v1/colorize", content=grey_jpeg, headers=friend)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://friend.example"
    other = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/v1/colorize", content=grey_jpeg, headers=other).status_code == 403
