"""`photochrom train`, from a folder of photos to a checkpoint and a page."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from photochrom.generators.registry import GENERATORS
from photochrom.training.discriminators import DISCRIMINATORS
from photochrom.training.losses.table import LOSSES
from photochrom.training.recipe_file import SOURCES

TINY = (
    "generator.encoder=random",
    "run.steps=3",
    "run.batch=2",
    "run.stages=[{until=1.0, px=32}]",
    "run.precision=32-true",
    "bins.sampled_photos=4",
)
VARIANTS = """
description = "mine"
[run]
batch = 4
[variants.small.run]
batch = 2
steps = 7
"""


def settings(*more: str) -> list[str]:
    return [word for setting in (*TINY, *more) for word in ("--set", setting)]


def test_a_dry_run_prints_a_recipe_that_can_be_trained(
    photochrom, photos: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = photochrom("train", "smoke", "--data", photos, "--minutes", "5", "--dry-run")
    assert ran.code == 0
    recipe = tomllib.loads(ran.out)
    assert recipe["data"]["paths"] == [str(photos)]
    assert recipe["run"]["minutes"] == 5.0
    (tmp_path / "again.toml").write_text(ran.out, encoding="utf-8")
    again = photochrom("train", "again.toml", "--dry-run")
    assert tomllib.loads(again.out) == recipe
    assert not (tmp_path / "runs").exists(), "nothing was trained"


def test_a_dry_run_tells_networks_pictures_steps_and_memory(photochrom, photos: Path) -> None:
    ran = photochrom("train", "smoke", "--data", photos, "--dry-run", *settings())
    told = [line[2:].split(maxsplit=1) for line in ran.out.splitlines() if line.startswith("#")]
    facts = dict(told)
    assert list(facts) == ["generator", "discriminator", "pictures", "steps", "memory"]
    assert "million parameters" in facts["generator"] and "GMAC" in facts["generator"]
    assert "10 to learn from, 2 held out" in facts["pictures"]
    assert facts["steps"].startswith("3,")
    assert "GiB" in facts["memory"]


def test_a_dry_run_finds_data_that_is_not_there(photochrom) -> None:
    ran = photochrom("train", "flagship", "--data", "nowhere.zip", "--dry-run")
    assert ran.code == 2
    assert "nowhere.zip" in ran.err


def test_a_variant_changes_the_recipe_and_settings_have_the_last_word(
    photochrom, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(VARIANTS)
    ran = photochrom("train", path, "--variant", "small", "--set", "run.steps=9", "--dry-run")
    run = tomllib.loads(ran.out)["run"]
    assert (run["batch"], run["steps"]) == (2, 9)


def test_an_unknown_variant_is_named_with_the_near_ones(photochrom, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(VARIANTS)
    ran = photochrom("train", path, "--variant", "smal", "--dry-run")
    assert ran.code == 2
    assert "smal" in ran.err and "small" in ran.err


def test_the_list_names_all_that_recipes_are_made_of(photochrom) -> None:
    ran = photochrom("train", "--list")
    assert ran.code == 0
    recipes = [path.stem for path in SOURCES.glob("*.toml")]
    for name in (*recipes, *GENERATORS, *DISCRIMINATORS, *LOSSES, "adversarial"):
        assert name in ran.out.split(), name
    [unet] = [line for line in ran.out.splitlines() if line.split()[:1] == ["unet"]]
    assert "54.41 M" in unet and "GMAC" in unet and "Isola" in unet


def test_without_a_recipe_it_is_asked_for(photochrom) -> None:
    ran = photochrom("train")
    assert ran.code == 2
    assert "--list" in ran.err


def test_a_run_leaves_its_checkpoint_and_page_and_says_where(
    photochrom, photos: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    ran = photochrom("train", "flagship", "--data", photos, "--run", folder, *settings())
    assert ran.code == 0
    checkpoint = Path(ran.out.strip())
    assert checkpoint.parent == folder
    assert checkpoint.is_file()
    assert (tmp_path / "cache").is_dir()
    assert "step 3" in ran.err
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert '"state": "finished"' in page
    assert '"samples": [[0, "samples-0000000.png"], [3, "samples-0000003.png"]]' in page


def test_quiet_says_nothing_but_the_path(photochrom, photos: Path, tmp_path: Path) -> None:
    ran = photochrom(
        *("train", "flagship", "--data", photos, "--run", tmp_path / "mine", "--quiet"),
        *settings(),
    )
    assert ran.code == 0
    assert "step" not in ran.err


def test_missing_data_is_the_users_to_mend(photochrom, tmp_path: Path) -> None:
    ran = photochrom("train", "flagship", "--run", tmp_path / "mine", *settings())
    assert ran.code == 2
    assert "--data" in ran.err


def test_missing_weights_have_their_own_exit_code(photochrom, photos: Path, tmp_path: Path) -> None:
    ran = photochrom(
        *("train", "flagship", "--data", photos, "--run", tmp_path / "mine"),
        *settings("generator.encoder=nowhere.pth"),
    )
    assert ran.code == 3
    assert "nowhere.pth" in ran.err


@pytest.mark.parametrize(
    "command", [("train", "flagship"), ("train", "--list"), ("export", "a.pt", "-o", "a.onnx")]
)
def test_a_missing_extra_is_named(photochrom, monkeypatch, command: tuple[str, ...]) -> None:
    for module in [name for name in sys.modules if needs_torch(name)]:
        monkeypatch.delitem(sys.modules, module, raising=False)
    for module in ("photochrom.training.loop", "photochrom.export"):
        monkeypatch.delattr(module, raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    ran = photochrom(*command)
    assert ran.code == 4
    assert "pip install 'photochrom[train]'" in ran.err


def needs_torch(module: str) -> bool:
    return module.startswith(("photochrom.training.", "photochrom.generators", "photochrom.export"))
