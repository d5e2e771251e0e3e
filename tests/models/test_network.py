"""Loading a model: only ours, only whole, on a device that is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from photochrom.errors import InputError, SetupError, WeightsError
from photochrom.models import catalog, network
from photochrom.models.network import Network, choose_providers
from rgb_model import TINT, write_rgb_model


def foreign_model(path: Path) -> Path:
    """A valid ONNX file that is not ours."""
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    taken = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", [given], [taken])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return path


@pytest.fixture(scope="module")
def flagship() -> Network:
    return Network("flagship", threads=1)


@pytest.mark.parametrize("size", [(192, 256), (33, 50), (1, 1), (7, 300)])
def test_any_size_is_painted_at_a_quarter(flagship: Network, size: tuple[int, int]) -> None:
    ab = flagship.paint(np.full(size, 50, np.float32))
    assert ab.shape == (-(-size[0] // 4), -(-size[1] // 4), 2)
    assert ab.dtype == np.float32
    assert np.isfinite(ab).all()
    assert np.abs(ab).max() < 128


def test_colours_that_are_no_numbers_are_refused(flagship: Network) -> None:
    with pytest.raises(WeightsError, match="no numbers"):
        flagship.paint(np.full((32, 32), np.nan, np.float32))


def test_a_file_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="not a model of ours"):
        Network(foreign_model(tmp_path / "foreign.onnx"))


@pytest.mark.parametrize(
    ("key", "value", "seen"),
    [
        ("paints", "xyz", "paints 'xyz', not 'ab' or 'rgb'"),
        ("paints", "rgb", "inputs and outputs"),
        ("short_side_px", "abc", "short_side_px is 'abc'"),
        ("lightness", "luminance", "inputs and outputs"),
    ],
)
def test_a_model_of_ours_of_another_kind_says_so(
    tmp_path: Path, key: str, value: str, seen: str
) -> None:
    model = onnx.load(catalog.find_model("flagship")[0])
    for entry in model.metadata_props:
        if entry.key == key:
            entry.value = value
    if key == "lightness":
        for node in model.graph.node:
            node.input[:] = [value if name == key else name for name in node.input]
        model.graph.input[0].name = value
    onnx.save(model, tmp_path / "odd.onnx")
    with pytest.raises(WeightsError, match=seen):
        Network(tmp_path / "odd.onnx")


@pytest.mark.parametrize("content", [b"", b"no model", onnx.ModelProto().SerializeToString()])
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"broken\.onnx"):
        Network(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"none\.onnx.*No such file"):
        Network(tmp_path / "none.onnx")


def test_a_shipped_model_with_a_wrong_checksum_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, facts = catalog.find_model("flagship")
    damaged = tmp_path / "flagship.onnx"
    damaged.write_bytes(path.read_bytes()[:-1] + b"!")
    monkeypatch.setattr(network, "find_model", lambda name: (damaged, facts))
    with pytest.raises(WeightsError, match=r"damaged.*SHA-256"):
        Network("flagship")


def test_a_model_that_paints_lightness_too_gives_rgb(tmp_path: Path) -> None:
    loaded = Network(write_rgb_model(tmp_path / "inks.onnx"))
    assert (loaded.paints, loaded.short_side_px) == ("rgb", 32)
    lightness = np.array([[100.0, 50.0, 0.0, 150.0]], np.float32)
    rgb = loaded.paint_rgb(lightness)
    assert rgb.dtype == np.uint16
    shares = np.array([1, 0.5, 0, 1.5])[:, None] * TINT
    assert np.abs(rgb[0] - np.minimum(shares, 1) * 65535).max() <= 1


def test_a_model_is_asked_for_what_it_paints(flagship: Network, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="flagship paints ab, not rgb"):
        flagship.paint_rgb(np.zeros((4, 4), np.float32))
    with pytest.raises(ValueError, match="inks paints rgb, not ab"):
        Network(write_rgb_model(tmp_path / "inks.onnx")).paint(np.zeros((4, 4), np.float32))


def test_auto_takes_the_best_device_that_is_there() -> None:
    available = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    assert choose_providers("auto", available) == available
    assert choose_providers("auto", ["CPUExecutionProvider"]) == ["CPUExecutionProvider"]


def test_a_device_that_is_not_there_names_its_package() -> None:
    with pytest.raises(SetupError, match=r"cuda.*pip install onnxruntime-gpu.*--device cpu"):
        choose_providers("cuda", ["CPUExecutionProvider"])


def test_an_unknown_device_is_refused() -> None:
    with pytest.raises(InputError, match="abacus"):
        choose_providers("abacus", ["CPUExecutionProvider"])


def test_no_threads_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="1 or more"):
        Network("flagship", threads=0)
