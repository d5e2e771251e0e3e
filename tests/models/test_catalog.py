"""The shipped models: what the catalogue says is what lies there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from photochrom.errors import WeightsError
from photochrom.models.catalog import find_model, read_facts, shipped

MOST_BYTES = 8_000_000


def test_the_flagship_is_shipped_small_and_as_catalogued() -> None:
    path, facts = find_model("flagship")
    encoded = path.read_bytes()
    assert hashlib.sha256(encoded).hexdigest() == facts.sha256
    assert len(encoded) == facts.bytes <= MOST_BYTES


def test_every_shipped_model_says_what_it_is() -> None:
    assert "flagship" in {facts.name for facts in shipped()}
    for facts in shipped():
        assert facts.licence
        assert facts.trained_on
        assert facts.recipe
        assert facts.commit
        assert facts.scores, f"{facts.name} has no measured scores"


def test_an_unknown_model_names_the_near_ones() -> None:
    with pytest.raises(WeightsError, match=r"flagshpi.*flagship.*\.onnx"):
        find_model("flagshpi")


def test_a_damaged_entry_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"name": "broken"}')
    with pytest.raises(WeightsError, match="install photochrom again"):
        read_facts(tmp_path / "broken.json")
