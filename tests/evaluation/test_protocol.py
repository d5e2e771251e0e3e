"""The protocol says everything that a number depends on."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from PIL import Image

from evaluation.conftest import chart
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


def test_films_outlines_and_weights_are_named_where_they_count(
    colour_folder, run_evaluation, shared
):
    mobilenet = shared / "weights/mobilenet_v2_features_bnfolded.safetensors"
    found = run_evaluation(
        ["grey"], colour_folder, metrics=("film", "fmd"), mobilenet=mobilenet
    ).evaluation
    facts = found.protocol.facts
    assert "grain" in facts["film"]
    assert hashlib.sha256(mobilenet.read_bytes()).hexdigest() in facts["FMD"]
    plain = run_evaluation(["grey"], colour_folder).evaluation.protocol.facts
    assert not {"film", "FMD", "FID", "video"} & plain.keys()


def test_the_same_run_has_the_same_protocol(colour_folder, run_evaluation):
    first, second = (run_evaluation(["grey"], colour_folder).evaluation for _ in range(2))
    assert first.protocol == second.protocol
