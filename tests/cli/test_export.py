"""`photochrom export`: a model file, a hub's folder, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photochrom.models.catalog import read_facts
from photochrom.models.network import Network
from untrained import write_checkpoint


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "runs/mine"
    folder.mkdir(parents=True)
    write_checkpoint(folder / "last.safetensors", head="rgb", paints="rgb")
    return folder


def test_one_command_writes_the_file_and_the_hubs_folder(
    photochrom, run_folder, tmp_path, grey
) -> None:
    out, hub = tmp_path / "mine.onnx", tmp_path / "hub"
    ran = photochrom(
        *("export", run_folder, "-o", out, "--hub", hub, "--short-side-px", "96"),
        *("--score", "PSNR=24", "--version", "2", "--float32"),
    )
    assert ran.code == 0, ran.err
    assert ran.out.splitlines() == [str(out), str(hub)]
    facts = read_facts(out.with_suffix(".json"))
    assert (facts.name, facts.version, facts.scores) == ("mine", "2", {"PSNR": "24"})
    assert Network(out).short_side_px == 96
    assert (hub / "model.onnx").read_bytes() == out.read_bytes()
    assert json.loads((hub / "config.json").read_text())["model"] == "mine"
    assert photochrom("colorize", grey("a.png"), "--model", out).code == 0
    before = (hub / "README.md").read_bytes()
    ran = photochrom("export", run_folder, "--hub", hub)
    assert ran.code == 2
    assert "README.md already" in ran.err
    assert "--overwrite" in ran.err
    assert (hub / "README.md").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "-o OUT.onnx, or --hub DIR"),
        (("-o", "mine.pt"), "must end in .onnx"),
        (("-o", "nowhere/mine.onnx"), "there is no folder nowhere"),
        (("-o", "mine.onnx", "--score", "PSNR"), "NAME=VALUE"),
        (
            ("-o", "mine.onnx", "--alpha", "0.3"),
            "head over bins, and this model has the head 'rgb'",
        ),
        (("--hub", "runs/mine/last.safetensors"), "is a file"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    photochrom, run_folder, tmp_path, monkeypatch, arguments, said
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = photochrom("export", run_folder, *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "mine.onnx").exists()


def test_a_folder_without_a_checkpoint_is_named(photochrom, tmp_path) -> None:
    ran = photochrom("export", tmp_path, "-o", tmp_path / "mine.onnx")
    assert ran.code == 3
    assert "best.safetensors" in ran.err


def test_a_curve_from_cautious_to_vivid_travels_in_the_file(photochrom, tmp_path, grey) -> None:
    write_checkpoint(tmp_path / "bins.safetensors", head="bins")
    curve, out = tmp_path / "curve.json", tmp_path / "mine.onnx"
    curve.write_text(json.dumps({"knots": [[0.6, 0.8], [0.2, 0.4]], "default": 0.5}))
    ran = photochrom("export", tmp_path / "bins.safetensors", "-o", out, "--curve", curve)
    assert ran.code == 0, ran.err
    network = Network(out)
    assert network.look_at(0.5) == pytest.approx((0.4, 0.6))
    assert network.look_at(1.0) == pytest.approx((0.2, 0.4))
    assert photochrom("colorize", grey("a.png"), "--model", out, "--vividness", "1").code == 0
    curve.write_text(json.dumps({"knots": [[3.0, 0.8]], "default": 0.5}))
    ran = photochrom("export", tmp_path / "bins.safetensors", "-o", out, "--curve", curve)
    assert ran.code == 2
    assert "no curve of vividness" in ran.err
