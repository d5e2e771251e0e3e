"""The API keeps what its description says, and refuses what it does not."""

from __future__ import annotations

from pathlib import Path

import api_fuzz
from photochrom.server.app import openapi_document
from serving import served

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = 40  # a call; benchmarks/api_fuzz.py makes 500


def test_no_check_of_schemathesis_fails_and_pictures_are_coloured() -> None:
    with served(api_key=api_fuzz.KEY) as server:
        code, said = api_fuzz.fuzz(server, EXAMPLES)
        counts = api_fuzz.answers(server)
    assert code == 0, said
    assert "No issues found" in said or "Failures" not in said
    assert api_fuzz.share_of_success(counts) >= api_fuzz.LEAST_SHARE
    assert not [status for _, status in counts if status.startswith("5")]


def test_refusals_are_declared_of_every_call_that_takes_a_picture() -> None:
    for path, calls in openapi_document()["paths"].items():
        if "post" in calls:
            declared = set(calls["post"]["responses"])
            assert {"200", "413", "415", "422", "429"} <= declared, path
