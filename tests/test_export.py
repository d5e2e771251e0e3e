"""The model file: its contract, its facts, and that it paints what the checkpoint does."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from photochrom.errors import InputError, WeightsError
from photochrom.export import Facts, averaged_network, check_parity, export
from photochrom.models.catalog import read_facts
from photochrom.models.look import Look
from photochrom.models.network import Network
from photochrom.training.checkpoint import load_checkpoint

FACTS = Facts(
    name="tiny", version="3", licence="CC0", trained_on="twelve squares", scores={"ΔE2000": "9"}
)
LOOK = Look(temperature=0.4, alpha=0.2, short_side_px=64)


@pytest.fixture(scope="session")
def tiny_model(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tiny.onnx"
    export(tiny_checkpoint, path, facts=FACTS, look=LOOK)
    return path


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options)


def test_the_file_keeps_the_contract(tiny_model: Path) -> None:
    loaded = session(tiny_model)
    assert [i.name for i in loaded.get_inputs()] == ["lightness"]
    optional = {i.name for i in loaded.get_overridable_initializers()}
    assert optional == {"temperature", "alpha"}
    assert [o.name for o in loaded.get_outputs()] == ["ab", "logits"]
    lightness = np.full((3, 1, 50, 70), 40, np.float32)
    ab, logits = loaded.run(None, {"lightness": lightness})
    assert ab.shape == (3, 2, 13, 18)
    assert logits.shape[0] == 3
    assert logits.shape[2:] == (13, 18)


def test_the_defaults_are_those_of_the_look(tiny_model: Path) -> None:
    loaded = session(tiny_model)
    lightness = np.random.default_rng(1).uniform(0, 100, (1, 1, 64, 64)).astype(np.float32)
    given = {"temperature": np.float32([0.4]), "alpha": np.float32([0.2])}
    silent = loaded.run(["ab"], {"lightness": lightness})[0]
    assert np.array_equal(silent, loaded.run(["ab"], {"lightness": lightness, **given})[0])
    given["alpha"] = np.float32([1.0])
    assert not np.allclose(silent, loaded.run(["ab"], {"lightness": lightness, **given})[0])


def test_ab_is_the_annealed_mean_of_the_logits(tiny_model: Path) -> None:
    loaded = session(tiny_model)
    metadata = loaded.get_modelmeta().custom_metadata_map
    centres = np.array(json.loads(metadata["bin_centres"]))
    weights = np.array(json.loads(metadata["class_weights"]))
    lightness = np.random.default_rng(1).uniform(0, 100, (1, 1, 32, 32)).astype(np.float32)
    ab, logits = loaded.run(None, {"lightness": lightness})
    scores = (logits[0].reshape(len(centres), -1).T - 0.2 * np.log(weights)) / 0.4
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    expected = shares / shares.sum(axis=1, keepdims=True) @ centres
    assert np.allclose(ab[0].reshape(2, -1).T, expected, atol=1e-2)


def test_the_file_says_what_it_is(tiny_model: Path, tiny_checkpoint: Path) -> None:
    metadata = session(tiny_model).get_modelmeta().custom_metadata_map
    assert metadata["name"] == "tiny"
    assert metadata["licence"] == "CC0"
    assert metadata["paints"] == "ab"
    assert json.loads(metadata["scores"]) == {"ΔE2000": "9"}
    assert json.loads(metadata["recipe"])["run"]["steps"] == 12
    digest = hashlib.sha256(tiny_checkpoint.read_bytes()).hexdigest()
    assert metadata["checkpoint_sha256"] == digest


def test_the_catalogue_entry_holds_the_files_own_sha256(tiny_model: Path) -> None:
    facts = read_facts(tiny_model.with_suffix(".json"))
    encoded = tiny_model.read_bytes()
    assert facts.sha256 == hashlib.sha256(encoded).hexdigest()
    assert facts.bytes == len(encoded)
    assert facts.version == "3"


def test_float16_weights_halve_the_file(tiny_model: Path) -> None:
    kinds = {t.data_type for t in onnx.load(tiny_model).graph.initializer if len(t.raw_data) > 4096}
    assert kinds == {onnx.TensorProto.FLOAT16}
    assert tiny_model.stat().st_size < 6_000_000


def test_the_network_paints_what_the_file_says(tiny_model: Path) -> None:
    network = Network(tiny_model, threads=1)
    assert network.identity.name == "tiny"
    assert network.short_side_px == 64
    lightness = np.random.default_rng(1).uniform(0, 100, (40, 64)).astype(np.float32)
    ab = network.paint(lightness)
    assert ab.shape == (10, 16, 2)
    expected = session(tiny_model).run(["ab"], {"lightness": lightness[None, None]})[0]
    assert np.allclose(np.moveaxis(expected[0], 0, -1), ab, atol=1e-4)


def test_a_file_that_differs_from_the_checkpoint_is_refused(
    tiny_model: Path, tiny_checkpoint: Path
) -> None:
    network = averaged_network(load_checkpoint(tiny_checkpoint))
    with torch.no_grad():
        network.generator.head.bias += 1.0  # type: ignore[union-attr, operator]
    with pytest.raises(WeightsError, match="differs from the checkpoint"):
        check_parity(network, tiny_model.read_bytes(), LOOK)


def test_a_network_of_no_numbers_is_refused(tiny_model: Path, tiny_checkpoint: Path) -> None:
    network = averaged_network(load_checkpoint(tiny_checkpoint))
    with torch.no_grad():
        network.generator.head.bias.fill_(float("nan"))  # type: ignore[union-attr, operator]
    with pytest.raises(WeightsError, match="differs from the checkpoint"):
        check_parity(network, tiny_model.read_bytes(), LOOK)


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no checkpoint"):
        export(tmp_path / "none.pt", tmp_path / "m.onnx", facts=FACTS, look=LOOK)


def test_the_command_exports_and_says_where(
    tiny_model: Path, tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from photochrom.cli.export import export as command

    command(
        tiny_checkpoint,
        out=tmp_path / "mine.onnx",
        scores=["PSNR=24"],
        temperature=0.4,
        alpha=0.2,
        float32=True,
    )
    assert capsys.readouterr().out.strip().endswith("mine.onnx")
    assert read_facts(tmp_path / "mine.json").scores == {"PSNR": "24"}
    lightness = np.random.default_rng(1).uniform(0, 100, (64, 64)).astype(np.float32)
    colours = [Network(path).paint(lightness) for path in (tmp_path / "mine.onnx", tiny_model)]
    assert np.abs(colours[0] - colours[1]).mean() < 0.5  # float32 and float16 weights
    with pytest.raises(InputError, match=r"must end in \.onnx"):
        command(tiny_checkpoint, out=tmp_path / "mine.pt")
    with pytest.raises(InputError, match="NAME=VALUE"):
        command(tiny_checkpoint, out=tmp_path / "mine.onnx", scores=["PSNR"])
