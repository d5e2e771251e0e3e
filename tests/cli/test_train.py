"""`photochrom train` and `export`, from a folder of photos to a model that colorizes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

TINY = (
    "generator.encoder=random",
    "run.steps=3",
    "run.batch=2",
    "run.stages=[{until=1.0, px=32}]",
    "run.precision=32-true",
    "bins.sampled_photos=4",
)


def settings(*more: str) -> list[str]:
    return [word for setting in (*TINY, *more) for word in ("--set", setting)]


def test_a_dry_run_prints_the_resolved_recipe(photochrom) -> None:
    ran = photochrom(
        "train", "flagship", "--data", "a.zip", "--data", "b", "--minutes", "5", "--dry-run"
    )
    recipe = json.loads(ran.out)
    assert ran.code == 0
    assert recipe["data"]["paths"] == ["a.zip", "b"]
    assert recipe["run"]["minutes"] == 5.0


def test_a_run_leaves_its_checkpoint_and_says_where(
    photochrom, photos: Path, tmp_path: Path
) -> None:
    ran = photochrom(
        *("train", "flagship", "--data", str(photos), "--run", str(tmp_path / "mine")),
        *settings(),
    )
    assert ran.code == 0
    assert ran.out.strip() == str(tmp_path / "mine" / "checkpoint.pt")
    assert (tmp_path / "mine" / "checkpoint.pt").is_file()
    assert (tmp_path / "cache").is_dir()
    assert "step 3" in ran.err


def test_quiet_says_nothing_but_the_path(photochrom, photos: Path, tmp_path: Path) -> None:
    ran = photochrom(
        *("train", "flagship", "--data", str(photos), "--run", str(tmp_path / "mine"), "--quiet"),
        *settings(),
    )
    assert ran.code == 0
    assert "step" not in ran.err


def test_missing_data_is_the_users_to_mend(photochrom, tmp_path: Path) -> None:
    ran = photochrom("train", "flagship", "--run", str(tmp_path / "mine"), *settings())
    assert ran.code == 2
    assert "--data" in ran.err


def test_missing_weights_have_their_own_exit_code(photochrom, photos: Path, tmp_path: Path) -> None:
    ran = photochrom(
        *("train", "flagship", "--data", str(photos), "--run", str(tmp_path / "mine")),
        *settings("generator.encoder=nowhere.pth"),
    )
    assert ran.code == 3
    assert "nowhere.pth" in ran.err


@pytest.mark.parametrize("command", [("train", "flagship"), ("export", "a.pt", "-o", "a.onnx")])
def test_a_missing_extra_is_named(photochrom, monkeypatch, command: tuple[str, ...]) -> None:
    for module in ("photochrom.training.loop", "photochrom.export"):
        monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.delattr(module, raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    ran = photochrom(*command)
    assert ran.code == 4
    assert "pip install 'photochrom[train]'" in ran.err
