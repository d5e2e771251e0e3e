"""`photochrom models`."""

from __future__ import annotations

import hashlib

from photochrom.models.catalog import WEIGHTS, shipped


def test_every_shipped_model_is_described(photochrom) -> None:
    ran = photochrom("models")
    assert ran.code == 0, ran.err
    for facts in shipped():
        for said in (facts.name, facts.version, facts.licence, facts.sha256, facts.trained_on):
            assert said in ran.out


def test_json_is_one_object_a_model(photochrom) -> None:
    records = photochrom("models", "--json").records
    assert [record["name"] for record in records] == [facts.name for facts in shipped()]
    assert "flagship" in [record["name"] for record in records]
    for record in records:
        model = (WEIGHTS / f"{record['name']}.onnx").read_bytes()
        assert record["bytes"] == len(model) <= 8_000_000
        assert record["sha256"] == hashlib.sha256(model).hexdigest()
