"""The hub's folder: whole, read back without a network, and its card says how."""

from __future__ import annotations

import json
import re
from pathlib import Path

import huggingface_hub.constants
import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from photochrom.errors import InputError, WeightsError
from photochrom.export import Exported, Facts, open_origin
from photochrom.hub import PretrainedPainter, write_hub_folder
from photochrom.model_card import card_text
from photochrom.models.look import Look
from photochrom.training.networks import painter_of
from rgb_model import write_rgb_model
from untrained import write_checkpoint

FACTS = Facts(
    name="tiny", version="3", licence="For research only", trained_on="twelve squares", scores={}
)
LOOK = Look(temperature=0.4, alpha=0.3, short_side_px=64)
LIGHTNESS = torch.rand(1, 1, 40, 56, generator=torch.Generator().manual_seed(1)) * 100


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the network for anything."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)


def untraced(path: Path) -> Exported:
    """The model of a checkpoint, with a stand-in for its ONNX file, which takes seconds to make."""
    origin = open_origin(path)
    stand_in = write_rgb_model(path.with_suffix(".onnx")).read_bytes()
    return Exported(stand_in, painter_of(origin.checkpoint), origin, FACTS, LOOK)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    path = write_checkpoint(tmp_path_factory.mktemp("run") / "last.safetensors", head="bins")
    return untraced(path)


@pytest.mark.parametrize(
    ("head", "paints", "inputs"), [("bins", "ab", 1), ("ab", "ab", 1), ("rgb", "rgb", 3)]
)
def test_what_from_pretrained_gives_paints_as_the_checkpoint_does(
    tmp_path: Path, head: str, paints: str, inputs: int
) -> None:
    path = write_checkpoint(tmp_path / "a.safetensors", head=head, paints=paints, inputs=inputs)
    model = untraced(path)
    write_hub_folder(tmp_path / "hub", model)
    painter = PretrainedPainter.from_pretrained(tmp_path / "hub")
    numbers = [torch.tensor([0.4]), torch.tensor([0.3])] if head == "bins" else []
    with torch.no_grad():
        expected = model.painter(LIGHTNESS, *numbers)
        painted = painter(LIGHTNESS)
    pairs = zip(painted, expected, strict=True) if head == "bins" else [(painted, expected)]
    assert all(torch.equal(ours, theirs) for ours, theirs in pairs)
    assert painter.paints == paints
    assert not painter.training


def test_the_folder_holds_what_a_hub_wants(model: Exported, tmp_path: Path) -> None:
    write_hub_folder(tmp_path, model)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"model.safetensors", "config.json", "model.onnx", "README.md"}
    config = json.loads((tmp_path / "config.json").read_text())
    assert (config["model"], config["short_side_px"]) == ("tiny", 64)
    assert len(config["bins"]["centres"]) == len(config["bins"]["class_weights"])


def test_the_cards_header_is_what_hubs_read(model: Exported) -> None:
    header = yaml.safe_load(card_text(model).split("---\n")[1])
    assert header["library_name"] == "photochrom"
    assert header["pipeline_tag"] == "image-to-image"
    assert (header["license"], header["license_name"]) == ("other", "for-research-only")
    assert "colorization" in header["tags"]
    with_known = card_text(
        Exported(
            b"",
            model.painter,
            model.origin,
            Facts("a", "1", "Apache-2.0", "squares", {"ΔE2000": "9.1"}),
            LOOK,
        )
    )
    assert yaml.safe_load(with_known.split("---\n")[1])["license"] == "apache-2.0"
    assert "| ΔE2000 | 9.1 |" in with_known


def test_the_card_says_what_the_model_is_and_is_not(model: Exported) -> None:
    card = card_text(model)
    for fact in (
        "# tiny",
        "twelve squares",
        "`unet`",
        "`untrained`: random weights",
        "l1 × 100",
        "7, 28",
        "alpha 0.3, temperature 0.4",
        "0123456789ab",
        model.origin.sha256,
        "Nothing has been measured yet",
        "Colours are plausible, not true",
    ):
        assert fact in card, fact


def test_the_code_in_the_card_runs(
    model: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_hub_folder(tmp_path, model)
    monkeypatch.chdir(tmp_path)
    Image.linear_gradient("L").save("photo.jpg")
    names: dict[str, object] = {}
    for code in re.findall(r"```python\n(.*?)```", Path("README.md").read_text(), re.DOTALL):
        exec(code, names)
    assert Path("photo.color.jpg").is_file()
    painter = names["painter"]
    assert isinstance(painter, PretrainedPainter)
    assert np.isfinite(painter.colours(LIGHTNESS).detach().numpy()).all()


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    model = untraced(write_checkpoint(tmp_path / "a.safetensors"))
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub/README.md").write_text("mine")
    with pytest.raises(InputError, match=r"README\.md already.*--overwrite"):
        write_hub_folder(tmp_path / "hub", model)
    assert [path.name for path in (tmp_path / "hub").iterdir()] == ["README.md"]
    write_hub_folder(tmp_path / "hub", model, overwrite=True)
    assert "# tiny" in (tmp_path / "hub/README.md").read_text()
    with pytest.raises(InputError, match="is a file"):
        write_hub_folder(tmp_path / "a.safetensors", model)


def test_a_folder_that_is_not_ours_or_not_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no folder"):
        PretrainedPainter.from_pretrained(tmp_path / "none")
    folder = tmp_path / "hub"
    write_hub_folder(folder, untraced(write_checkpoint(tmp_path / "a.safetensors")))
    config = json.loads((folder / "config.json").read_text())
    config["generator"]["options"]["depth"] = 3
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match=r"does not fit its config\.json"):
        PretrainedPainter.from_pretrained(folder)
    config["generator"]["name"] = "unett"
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match="unet"):
        PretrainedPainter.from_pretrained(folder)
    (folder / "config.json").write_text("{")
    with pytest.raises(WeightsError, match="neither a folder"):
        PretrainedPainter.from_pretrained(folder)
    write_hub_folder(folder, untraced(tmp_path / "a.safetensors"), overwrite=True)
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:1000])
    with pytest.raises(WeightsError, match=r"model\.safetensors"):
        PretrainedPainter.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    with pytest.raises(WeightsError, match=r"model\.safetensors"):
        PretrainedPainter.from_pretrained(folder)


def test_a_repository_that_cannot_be_had_says_so() -> None:
    with pytest.raises(WeightsError, match=r"nobody/nothing is neither.*nor a repository"):
        PretrainedPainter.from_pretrained("nobody/nothing")
