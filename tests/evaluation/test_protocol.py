"""The protocol says everything that a number depends on."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from PIL import Image

from evaluation.conftest import chart
from photochrom.evaluation.metrics import mobilenet
from photochrom.evaluation.models import Trained
from photochrom.version import __version__


def test_size_crop_conversion_versions_and_data_are_named(colour_folder, run_evaluation):
    facts = run_evaluation(["grey"], colour_folder, size_px=40).evaluation.protocol.facts
    assert "at most 40 px" in facts["resize"]
    assert facts["crop"] == "none"
    assert "CIELAB D65" in facts["colour"]
    assert "bootstrap" in facts["intervals"]
    assert __version__ in facts["code"]
    for package in ("numpy", "pillow", "onnxruntime", "torch"):
        assert f"{package} {version(package)}" in facts["versions"]


def test_the_data_hash_is_that_of_the_photos_whatever_their_names(
    colour_folder, run_evaluation, tmp_path
):
    before = run_evaluation(["grey"], colour_folder).evaluation.protocol.facts["photos"]
    (colour_folder / "0.png").rename(colour_folder / "zero.png")
    assert run_evaluation(["grey"], colour_folder).evaluation.protocol.facts["photos"] == before
    hashes = sorted(
        hashlib.sha256(path.read_bytes()).hexdigest() for path in colour_folder.rglob("*.png")
    )
    assert before.endswith(hashlib.sha256("\n".join(hashes).encode()).hexdigest())
    Image.fromarray(chart(60)).save(colour_folder / "0.png")
    assert run_evaluation(["grey"], colour_folder).evaluation.protocol.facts["photos"] != before


def test_films_hints_and_weights_are_named_where_they_count(
    colour_folder, hint_model, run_evaluation
):
    found = run_evaluation(
        [str(hint_model)], colour_folder, metrics=("film", "fmd", "hints")
    ).evaluation
    facts = found.protocol.facts
    assert "grain" in facts["film"]
    assert "7 × 7 px" in facts["hints"]
    assert hashlib.sha256(mobilenet.FILE.read_bytes()).hexdigest() in facts["FMD"]
    plain = run_evaluation(["grey"], colour_folder).evaluation.protocol.facts
    assert not {"film", "hints", "FMD", "FID", "video", "devices"} & plain.keys()


def test_a_model_that_painted_elsewhere_than_on_the_cpu_is_named(
    colour_folder, run_evaluation, monkeypatch
):
    elsewhere = property(lambda _: "CUDAExecutionProvider", lambda *_: None)
    monkeypatch.setattr(Trained, "device", elsewhere, raising=False)
    facts = run_evaluation(["flagship", "grey"], colour_folder).evaluation.protocol.facts
    assert facts["devices"] == "flagship on CUDAExecutionProvider"


def test_the_same_run_has_the_same_protocol(colour_folder, run_evaluation):
    first, second = (run_evaluation(["grey"], colour_folder).evaluation for _ in range(2))
    assert first.protocol == second.protocol
