"""`photochrom data split`: lists and folders for training, validation and testing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image


def lines(folder: Path) -> dict[str, list[str]]:
    return {path.stem: path.read_text().splitlines() for path in folder.glob("*.txt")}


def test_lists_name_every_photo_once(photochrom, photo_set, tmp_path: Path) -> None:
    folder = photo_set("set", 30)
    out = tmp_path / "lists"
    ran = photochrom("data", "split", folder, "-o", out, "--validation", "0.3", "--test", "0.3")
    assert (ran.code, ran.err) == (0, "")
    listed = lines(out)
    assert set(listed) == {"train", "validation", "test"}
    every = [name for names in listed.values() for name in names]
    assert sorted(every) == [f"../set/{seed:02}.png" for seed in range(30)]
    assert f"{out}/train.txt  {len(listed['train'])} photos" in ran.out


def test_a_recipe_reads_the_lists(photochrom, photo_set, tmp_path: Path) -> None:
    from photochrom.training.data.examples import open_examples
    from photochrom.training.recipe import DataRecipe

    out = tmp_path / "lists"
    photochrom("data", "split", photo_set("set", 20), "-o", out, "--validation", "0.3")
    recipe = DataRecipe(
        paths=(str(out / "train.txt"),), validation_paths=(str(out / "validation.txt"),)
    )
    examples = open_examples(recipe, tmp_path / "cache", on_progress=lambda done, total: None)
    assert len(examples) == len(lines(out)["train"])
    assert examples.validation_count == len(lines(out)["validation"])


def test_a_recipe_reads_the_folders_and_leaves_the_test_photos_alone(
    photochrom, photo_set, tmp_path: Path
) -> None:
    from photochrom.training.data.examples import open_examples
    from photochrom.training.recipe import DataRecipe

    out = tmp_path / "parts"
    arguments = ("--validation", "0.3", "--test", "0.3", "--as", "copies")
    assert photochrom("data", "split", photo_set("set", 20), "-o", out, *arguments).code == 0
    recipe = DataRecipe(paths=(str(out),))
    examples = open_examples(recipe, tmp_path / "cache", on_progress=lambda done, total: None)
    assert len(examples) == len(list((out / "train").iterdir()))
    assert examples.validation_count == len(list((out / "validation").iterdir()))
    assert list((out / "test").iterdir())


def test_near_duplicates_and_broken_photos_are_told(photochrom, photo_set, tmp_path: Path) -> None:
    folder = photo_set("set", 8)
    with Image.open(folder / "03.png") as photo:
        photo.save(folder / "again.webp", quality=60)
    (folder / "bad.jpg").write_bytes(b"")
    ran = photochrom("data", "split", folder, "-o", tmp_path / "out", "--validation", "0.4")
    assert ran.code == 1
    assert "kept together: 2 near-duplicates in 1 group\n" in ran.out
    assert "bad.jpg: it is empty" in ran.err
    [holding] = [names for names in lines(tmp_path / "out").values() if "../set/03.png" in names]
    assert "../set/again.webp" in holding
    assert not any("bad" in name for names in lines(tmp_path / "out").values() for name in names)


def test_json_gives_each_photo_its_part(photochrom, photo_set, tmp_path: Path) -> None:
    folder = photo_set("set", 12)
    (folder / "bad.jpg").write_bytes(b"")
    ran = photochrom("data", "split", folder, "-o", tmp_path / "out", "--json")
    *photos, bad = ran.records
    assert len(photos) == 12
    assert {record["part"] for record in photos} <= {"train", "validation", "test"}
    assert bad["part"] is None and "empty" in str(bad["error"])
    assert ran.err == ""


def test_a_second_run_changes_nothing_and_other_lists_are_kept(
    photochrom, photo_set, tmp_path: Path
) -> None:
    folder, out = photo_set("set", 12), tmp_path / "out"
    assert photochrom("data", "split", folder, "-o", out).code == 0
    before = lines(out)
    assert photochrom("data", "split", folder, "-o", out).code == 0
    ran = photochrom("data", "split", folder, "-o", out, "--validation", "0.6")
    assert ran.code == 2
    assert "--overwrite" in ran.err
    assert lines(out) == before
    assert (
        photochrom("data", "split", folder, "-o", out, "--validation", "0.6", "--overwrite").code
        == 0
    )
    assert lines(out) != before


def test_results_among_the_photos_are_never_inputs(photochrom, photo_set) -> None:
    folder = photo_set("set", 6)
    arguments = ("data", "split", folder, "-o", folder / "parts", "--as", "copies")
    assert photochrom(*arguments).code == 0
    assert photochrom(*arguments).code == 0
    assert len([path for path in folder.rglob("*.png") if "parts" in path.parts]) == 6
    ran = photochrom("data", "split", folder / "parts", "-o", folder)
    assert ran.code == 2
    assert "where the results go" in ran.err


def test_a_dry_run_writes_nothing(photochrom, photo_set, tmp_path: Path) -> None:
    ran = photochrom("data", "split", photo_set("set", 6), "-o", tmp_path / "out", "--dry-run")
    assert ran.code == 0
    assert "train.txt" in ran.out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "shares", [("--validation", "0.6", "--test", "0.4"), ("--validation", "nan")]
)
def test_shares_that_leave_nothing_to_train_on_are_refused(
    photochrom, photo_set, tmp_path: Path, shares: tuple[str, ...]
) -> None:
    ran = photochrom("data", "split", photo_set("set", 3), "-o", tmp_path / "out", *shares)
    assert ran.code == 2
    assert "nothing to train on" in ran.err


def test_nothing_but_broken_photos_is_the_users_to_mend(photochrom, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set/a.jpg").write_bytes(b"")
    ran = photochrom("data", "split", tmp_path / "set", "-o", tmp_path / "out")
    assert ran.code == 2
    assert "a.jpg: it is empty" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_split_by_its_hint_can_be_trained_on(photochrom, photo_set, tmp_path: Path) -> None:
    ran = photochrom("data", "split", photo_set("set", 12), "-o", tmp_path / "out")
    hint = ran.out.splitlines()[-1]
    assert hint.startswith("to train: photochrom train RECIPE --data ")
    assert json.dumps(str(tmp_path / "out/validation.txt")) in hint
