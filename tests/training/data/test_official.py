"""The splits that public sets come with: their trees in miniature, as they are downloaded."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from photochrom.errors import InputError
from photochrom.training.data.official import Part
from photochrom.training.data.sources import find_sources
from photochrom.training.recipe import DataRecipe

Write = Callable[[Path, dict[str, bytes]], Path]
Tar = Callable[..., Path]
SYNSETS = ("n01440764", "n02102040")


def parts(*paths: Path, **choices: object) -> dict[str, Part]:
    recipe = DataRecipe(paths=tuple(map(str, paths)), **choices)  # type: ignore[arg-type]
    return {source.name: source.part for source in find_sources(recipe)}


def by_part(found: dict[str, Part]) -> tuple[list[str], list[str]]:
    """Names of training and of validation; nothing may be left to chance."""
    assert set(found.values()) <= {Part.TRAINING, Part.VALIDATION}
    return (
        sorted(name for name, part in found.items() if part is Part.TRAINING),
        sorted(name for name, part in found.items() if part is Part.VALIDATION),
    )


def test_the_anime_sketch_sets_tree_is_its_split(tmp_path: Path, write: Write) -> None:
    write(tmp_path / "data", dict.fromkeys(["train/1.png", "train/2.png", "val/3.png"], b""))
    assert by_part(parts(tmp_path / "data")) == (["train/1.png", "train/2.png"], ["val/3.png"])


def test_imagenet_as_tars_is_one_of_a_thousand_tars_and_a_flat_one(
    tmp_path: Path, tar: Tar
) -> None:
    classes = {
        f"{name}.tar": tar(tmp_path / "x", {f"{name}_{i}.JPEG": b"" for i in (18, 36)}).read_bytes()
        for name in SYNSETS
    }
    root = tmp_path / "imagenet"
    tar(root / "ILSVRC2012_img_train.tar", classes)
    tar(root / "ILSVRC2012_img_val.tar", {f"ILSVRC2012_val_0000000{i}.JPEG": b"" for i in (1, 2)})
    tar(root / "ILSVRC2012_img_test_v10102019.tar", {"test/ILSVRC2012_test_00000001.JPEG": b""})
    truth = {"data/ILSVRC2012_validation_ground_truth.txt": b"490\n361\n"}
    tar(root / "ILSVRC2012_devkit_t12.tar.gz", truth, "w:gz")
    training, validation = by_part(parts(root))
    assert training == [f"{name}.tar/{name}_{i}.JPEG" for name in SYNSETS for i in (18, 36)]
    assert validation == ["ILSVRC2012_val_00000001.JPEG", "ILSVRC2012_val_00000002.JPEG"]
    both = parts(root / "ILSVRC2012_img_train.tar", root / "ILSVRC2012_img_val.tar")
    assert by_part(both) == (training, validation)


def test_imagenets_unpacked_tree_is_split_by_its_folders_and_lists(
    tmp_path: Path, write: Write
) -> None:
    images, lists = "Data/CLS-LOC", "ImageSets/CLS-LOC"
    train = [f"{images}/train/{name}/{name}_18.JPEG" for name in SYNSETS]
    val = [f"{images}/val/ILSVRC2012_val_0000000{i}.JPEG" for i in (1, 2)]
    test = [f"{images}/test/ILSVRC2012_test_00000001.JPEG"]
    write(tmp_path, dict.fromkeys([*train, *val, *test], b""))
    assert by_part(parts(tmp_path)) == (train, val)
    # What an official list names is held out wherever it lies.
    moved = f"{images}/elsewhere/ILSVRC2012_val_00000009.JPEG"
    write(
        tmp_path,
        {
            moved: b"",
            f"{lists}/val.txt": b"ILSVRC2012_val_00000009 1\n",
            f"{lists}/train_cls.txt": b"n01440764/n01440764_18 1\nn02102040/n02102040_18 2\n",
        },
    )
    training, validation = by_part(parts(tmp_path))
    assert training == train
    assert validation == sorted([*val, moved])


def test_places365_as_it_is_downloaded(tmp_path: Path, write: Write, tar: Tar) -> None:
    scenes = ("a/airfield", "a/apartment_building/outdoor", "z/zen_garden")
    root = tmp_path / "places365"
    train = [f"data_256/{scene}/00000001.jpg" for scene in scenes]
    tar(root / "train_256_places365standard.tar", dict.fromkeys(train, b""))
    tar(root / "val_256.tar", {f"val_256/Places365_val_0000000{i}.jpg": b"" for i in (1, 2)})
    tar(root / "test_256.tar", {"test_256/Places365_test_00000001.jpg": b""})
    lists = {
        "places365_train_standard.txt": b"".join(
            f"/{scene}/00000001.jpg {i}\n".encode() for i, scene in enumerate(scenes)
        ),
        "places365_val.txt": b"Places365_val_00000001.jpg 165\nPlaces365_val_00000002.jpg 358\n",
        "places365_test.txt": b"Places365_test_00000001.jpg\n",
        "categories_places365.txt": b"/a/airfield 0\n",
    }
    tar(root / "filelist_places365-standard.tar", lists)
    expected = (train, [f"val_256/Places365_val_0000000{i}.jpg" for i in (1, 2)])
    assert by_part(parts(root)) == expected
    assert (
        by_part(parts(root / "train_256_places365standard.tar", root / "val_256.tar")) == expected
    )


def test_places365_easy_to_use_tree(tmp_path: Path, write: Write) -> None:
    train = [f"train/airfield/0000000{i}.jpg" for i in (1, 2)]
    val = ["val/airfield/Places365_val_00000435.jpg"]
    write(tmp_path / "places365_standard", dict.fromkeys([*train, *val], b""))
    write(
        tmp_path / "places365_standard",
        {
            "train.txt": "\n".join(train).encode(),
            "val.txt": b"val/airfield/Places365_val_00000435.jpg\n",
        },
    )
    assert by_part(parts(tmp_path / "places365_standard")) == (train, val)


def test_a_test_folder_beside_train_is_never_learned_from(tmp_path: Path, write: Write) -> None:
    write(tmp_path, dict.fromkeys(["train/1.jpg", "test/2.jpg"], b""))
    assert parts(tmp_path) == {"train/1.jpg": Part.TRAINING}


def test_folders_that_only_sound_like_a_split_are_none(tmp_path: Path, write: Write) -> None:
    write(tmp_path, dict.fromkeys(["train/1.jpg", "valley/2.jpg", "testament/3.jpg"], b""))
    assert set(parts(tmp_path).values()) == {Part.ANY}
    write(tmp_path / "alone", dict.fromkeys(["val/1.jpg", "val/2.jpg"], b""))
    assert set(parts(tmp_path / "alone").values()) == {Part.ANY}


def test_validation_paths_are_held_out_and_the_rest_trains(tmp_path: Path, write: Write) -> None:
    write(tmp_path, dict.fromkeys(["mine/1.jpg", "mine/2.jpg", "other/3.jpg"], b""))
    found = parts(tmp_path / "mine", validation_paths=(str(tmp_path / "other"),))
    assert by_part(found) == (["1.jpg", "2.jpg"], ["3.jpg"])


def test_the_lists_of_data_split_are_read_as_they_are(tmp_path: Path, write: Write) -> None:
    write(tmp_path, dict.fromkeys(["train/1.jpg", "val/2.jpg", "lists/x"], b""))
    (tmp_path / "lists/train.txt").write_text("../val/2.jpg\n")
    (tmp_path / "lists/validation.txt").write_text("../train/1.jpg\n")
    lists = tmp_path / "lists"
    found = parts(lists / "train.txt", validation_paths=(str(lists / "validation.txt"),))
    assert by_part(found) == (["2.jpg"], ["1.jpg"])


def test_the_lists_of_data_split_count_where_they_lie_among_the_photos(
    tmp_path: Path, write: Write
) -> None:
    write(tmp_path, dict.fromkeys(("the sea.jpg", "hill.jpg", "in/the sea.jpg"), b""))
    lists = {"train.txt": b"../hill.jpg\n../in/the sea.jpg\n", "test.txt": b"../the sea.jpg\n"}
    write(tmp_path / "lists", lists)
    assert parts(tmp_path) == {"hill.jpg": Part.TRAINING, "in/the sea.jpg": Part.TRAINING}


def test_a_limit_counts_for_training_and_for_validation(tmp_path: Path, write: Write) -> None:
    names = [f"{part}/{i:02}.jpg" for part in ("train", "val") for i in range(20)]
    write(tmp_path, dict.fromkeys(names, b""))
    training, validation = by_part(parts(tmp_path, limit=5))
    assert len(training) == len(validation) == 5


def test_validation_paths_without_photos_are_named(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"mine/1.jpg": b"", "empty/readme.md": b""})
    with pytest.raises(InputError, match="empty"):
        parts(tmp_path / "mine", validation_paths=(str(tmp_path / "empty"),))


def test_a_list_that_cannot_be_read_is_named(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a.jpg": b""})
    with zipfile.ZipFile(tmp_path / "lists.zip", "w") as archive:
        archive.writestr("val.txt", "a.jpg 0\n")
    whole = (tmp_path / "lists.zip").read_bytes()
    (tmp_path / "lists.zip").write_bytes(whole.replace(b"a.jpg 0", b"b.jpg 0"))
    with pytest.raises(InputError, match=r"lists\.zip/val\.txt cannot be read"):
        find_sources(DataRecipe(paths=(str(tmp_path),)))
