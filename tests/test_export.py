"""The model file: its contract, its facts, and that it paints what the checkpoint does."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from photochrom import Colorizer
from photochrom.errors import InputError, WeightsError
from photochrom.export import (
    PARITY,
    ROUNDING,
    Facts,
    export,
    export_model,
    metadata_of,
    numbers_of,
    open_origin,
    require_parity,
    usual_look,
    with_agreement,
    with_saturation,
)
from photochrom.generators.cost import parameters
from photochrom.models.catalog import read_facts
from photochrom.models.look import Look
from photochrom.onnx_graph import open_quietly
from photochrom.training.networks import painter_of
from photochrom.training.recipe import Stage
from untrained import write_checkpoint

FACTS = Facts(
    name="tiny", version="3", licence="CC0", trained_on="twelve squares", scores={"ΔE2000": "9"}
)
LOOK = Look(temperature=0.4, alpha=0.2, short_side_px=64)
KINDS = {  # head, paints, what the file gives
    "bins": ("bins", "ab", ["ab", "logits"]),
    "ab": ("ab", "ab", ["ab"]),
    "rgb, its ab": ("rgb", "ab", ["ab"]),
    "rgb": ("rgb", "rgb", ["rgb"]),
}


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("checkpoints")

    def make(kind: str) -> Path:
        head, paints, _ = KINDS[kind]
        path = folder / f"{kind}.safetensors"
        return path if path.exists() else write_checkpoint(path, head=head, paints=paints)

    return make


@pytest.fixture(scope="module")
def models(
    checkpoints: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("models")

    def make(kind: str) -> Path:
        path = folder / f"{kind}.onnx"
        if not path.exists():
            export(checkpoints(kind), path, facts=FACTS, look=LOOK)
        return path

    return make


def session(path: Path) -> onnxruntime.InferenceSession:
    return open_quietly(path.read_bytes())


def some_lightness(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).uniform(0, 100, (1, 1, *shape)).astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_keeps_the_contract(models: Callable[[str], Path], kind: str) -> None:
    loaded = session(models(kind))
    assert [i.name for i in loaded.get_inputs()] == ["lightness"]
    optional = {i.name for i in loaded.get_overridable_initializers()}
    assert optional == ({"temperature", "alpha"} if kind == "bins" else set())
    assert [o.name for o in loaded.get_outputs()] == KINDS[kind][2]
    painted, *_ = loaded.run(None, {"lightness": np.full((3, 1, 50, 70), 40, np.float32)})
    assert painted.shape == (3, 3 if kind == "rgb" else 2, 50, 70)


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_paints_as_the_checkpoint_does(
    models: Callable[[str], Path], checkpoints: Callable[[str], Path], kind: str
) -> None:
    painter = painter_of(open_origin(checkpoints(kind)).checkpoint)
    lightness = some_lightness(41, 30)
    numbers = [torch.tensor([value]) for value in numbers_of(painter, LOOK).values()]
    with torch.no_grad():
        answer = painter(torch.from_numpy(lightness), *numbers)
    expected = answer[0] if isinstance(answer, tuple) else answer
    [painted] = session(models(kind)).run(KINDS[kind][2][:1], {"lightness": lightness})
    scale = max(1, float(expected.abs().max()))
    assert np.abs(painted - expected.numpy()).max() / scale < 5e-3


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_is_coloured_with_it_at_its_full_size(
    models: Callable[[str], Path], kind: str
) -> None:
    colorizer = Colorizer(models(kind), threads=1)
    assert (colorizer.paints, colorizer.model.name) == (KINDS[kind][1], "tiny")
    grey = np.random.default_rng(2).integers(0, 256, (90, 130), dtype=np.uint8)
    assert colorizer.colorize(grey).rgb.shape == (90, 130, 3)


def test_the_defaults_are_those_of_the_look(models: Callable[[str], Path]) -> None:
    loaded = session(models("bins"))
    lightness = some_lightness(64, 64)
    given = {"temperature": np.float32([0.4]), "alpha": np.float32([0.2])}
    silent = loaded.run(["ab"], {"lightness": lightness})[0]
    assert np.array_equal(silent, loaded.run(["ab"], {"lightness": lightness, **given})[0])
    given["alpha"] = np.float32([1.0])
    assert not np.allclose(silent, loaded.run(["ab"], {"lightness": lightness, **given})[0])


def test_ab_is_the_annealed_mean_of_the_logits(models: Callable[[str], Path]) -> None:
    loaded = session(models("bins"))
    metadata = loaded.get_modelmeta().custom_metadata_map
    centres = np.array(json.loads(metadata["bin_centres"]))
    weights = np.array(json.loads(metadata["class_weights"]))
    ab, logits = loaded.run(None, {"lightness": some_lightness(32, 32)})
    scores = (logits[0].reshape(len(centres), -1).T - 0.2 * np.log(weights)) / 0.4
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    expected = shares / shares.sum(axis=1, keepdims=True) @ centres
    assert np.allclose(ab[0].reshape(2, -1).T, expected, atol=1e-2)


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_says_what_it_is(
    models: Callable[[str], Path], checkpoints: Callable[[str], Path], kind: str
) -> None:
    metadata = session(models(kind)).get_modelmeta().custom_metadata_map
    assert (metadata["name"], metadata["licence"]) == ("tiny", "CC0")
    assert metadata["paints"] == KINDS[kind][1]
    assert ("bin_centres" in metadata) == ("class_weights" in metadata) == (kind == "bins")
    assert json.loads(metadata["scores"]) == {"ΔE2000": "9"}
    assert json.loads(metadata["recipe"])["generator"]["name"] == "unet"
    assert (metadata["steps"], metadata["samples"]) == ("7", "28")
    assert metadata["training_commit"] == "0123456789ab"
    digest = hashlib.sha256(checkpoints(kind).read_bytes()).hexdigest()
    assert metadata["checkpoint_sha256"] == digest


def test_the_catalogue_entry_holds_the_files_own_sha256(models: Callable[[str], Path]) -> None:
    facts = read_facts(models("ab").with_suffix(".json"))
    encoded = models("ab").read_bytes()
    assert facts.sha256 == hashlib.sha256(encoded).hexdigest()
    assert facts.bytes == len(encoded)
    assert (facts.version, facts.commit) == ("3", "0123456789ab")


def test_float16_weights_halve_the_file(
    models: Callable[[str], Path], checkpoints: Callable[[str], Path]
) -> None:
    stored = onnx.load(models("bins")).graph.initializer
    kinds = {tensor.data_type for tensor in stored if len(tensor.raw_data) > 4096}
    assert kinds == {onnx.TensorProto.FLOAT16}
    float32_bytes = 4 * parameters(painter_of(open_origin(checkpoints("bins")).checkpoint))
    assert sum(len(tensor.raw_data) for tensor in stored) < 0.6 * float32_bytes


def test_a_file_that_differs_from_the_checkpoint_is_refused(
    models: Callable[[str], Path], checkpoints: Callable[[str], Path]
) -> None:
    painter = painter_of(open_origin(checkpoints("ab")).checkpoint)
    encoded = models("ab").read_bytes()
    require_parity(painter, encoded, {}, at_most=ROUNDING)
    bias = dict(painter.named_parameters())["generator.paint.1.bias"]
    with torch.no_grad():
        bias += 0.1
    with pytest.raises(WeightsError, match=r"differs from the checkpoint.*Nothing was written.$"):
        require_parity(painter, encoded, {}, at_most=PARITY)
    with pytest.raises(WeightsError, match=r"16 bits are too coarse.*--float32"):
        require_parity(painter, encoded, {}, at_most=ROUNDING)
    with torch.no_grad():
        bias.fill_(float("nan"))
    with pytest.raises(WeightsError, match="differs from the checkpoint by nan"):
        require_parity(painter, encoded, {}, at_most=ROUNDING)


def test_a_runs_folder_stands_for_its_best_checkpoint(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "last.safetensors")
    assert open_origin(tmp_path).checkpoint.recipe.paints == "ab"
    write_checkpoint(tmp_path / "best.safetensors", head="rgb", paints="rgb")
    assert open_origin(tmp_path).checkpoint.recipe.paints == "rgb"


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no checkpoint"):
        open_origin(tmp_path / "none.safetensors")
    with pytest.raises(WeightsError, match=r"best\.safetensors nor last\.safetensors"):
        open_origin(tmp_path)


@pytest.mark.parametrize(
    ("least_area", "most_area", "px", "whole_px"),
    [(1.0, 1.0, 64, 64), (0.8, 0.8, 256, 288), (0.5, 1.0, 128, 160)],  # pix2pix; the flagship
)
def test_a_model_is_painted_at_the_scale_that_it_learned_at(
    tmp_path: Path, least_area: float, most_area: float, px: int, whole_px: int
) -> None:
    checkpoint = open_origin(write_checkpoint(tmp_path / "a.safetensors")).checkpoint
    recipe = checkpoint.recipe
    checkpoint.recipe = dataclasses.replace(
        recipe,
        run=dataclasses.replace(recipe.run, stages=(Stage(0.5, 32), Stage(1.0, px))),
        crop=dataclasses.replace(recipe.crop, least_area=least_area, most_area=most_area),
    )
    assert usual_look(checkpoint).short_side_px == whole_px


def test_a_file_holds_nothing_of_the_exporters_own_work(tmp_path: Path) -> None:
    origin = open_origin(write_checkpoint(tmp_path / "bins.safetensors", head="bins"))
    model = onnx.load_from_string(export_model(origin, FACTS, LOOK).onnx)
    weights = sum(len(tensor.raw_data) for tensor in model.graph.initializer)
    noted = sum(len(entry.value) for entry in model.metadata_props)
    assert model.ByteSize() < weights + noted + 300 * len(model.graph.node)


def test_a_file_does_not_say_where_its_photos_lay(tmp_path: Path) -> None:
    origin = open_origin(write_checkpoint(tmp_path / "bins.safetensors", head="bins"))
    recipe = origin.checkpoint.recipe
    origin.checkpoint.recipe = dataclasses.replace(
        recipe,
        data=dataclasses.replace(recipe.data, paths=("/home/ada/photos", "more/scenes.zip")),
        generator=dataclasses.replace(recipe.generator, encoder="/home/ada/features.safetensors"),
    )
    stored = metadata_of(painter_of(origin.checkpoint), origin, FACTS, LOOK)["recipe"]
    assert "/home" not in stored
    assert json.loads(stored)["data"]["paths"] == ["photos", "scenes.zip"]
    assert json.loads(stored)["generator"]["encoder"] == "features.safetensors"


def test_agreement_is_given_to_a_network_that_can_have_it(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "mobile.safetensors", name="mobile_unet")
    origin = with_agreement(open_origin(tmp_path / "mobile.safetensors"), 6.0)
    assert origin.checkpoint.recipe.generator.options["agreement"] == 6.0
    assert painter_of(origin.checkpoint).generator.agreement is not None
    write_checkpoint(tmp_path / "other.safetensors")
    with pytest.raises(InputError, match="--agreement means nothing to unet"):
        with_agreement(open_origin(tmp_path / "other.safetensors"), 6.0)


def test_saturation_multiplies_the_chroma_of_what_is_painted(tmp_path: Path) -> None:
    origin = open_origin(write_checkpoint(tmp_path / "bins.safetensors", head="bins"))
    more = with_saturation(origin, 1.25)
    lightness = torch.rand(1, 1, 32, 32, generator=torch.Generator().manual_seed(3)) * 100
    with torch.no_grad():
        plain, vivid = (painter_of(one.checkpoint).colours(lightness) for one in (origin, more))
    assert torch.allclose(vivid, 1.25 * plain, atol=1e-3)
    other = open_origin(write_checkpoint(tmp_path / "ab.safetensors", head="ab"))
    with pytest.raises(InputError, match="--saturation counts for a head over bins"):
        with_saturation(other, 1.25)
