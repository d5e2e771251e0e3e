"""Shards: what lies in them, that their bytes are always the same, and going on after a stop."""

from __future__ import annotations

import gc
import hashlib
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from photochrom.errors import InputError, SetupError
from photochrom.training.data.find import find_in
from photochrom.training.data.packing import PackOptions, pack_photos, remove_packing
from photochrom.training.data.shard_list import find_shards

SMALL = PackOptions(shard_bytes=40_000)


def uncounted(done: int, total: int) -> None:
    assert 0 < done <= total


def members(folder: Path) -> dict[str, bytes]:
    """Everything in the shards of a folder, by name."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.tar")):
        with tarfile.open(path) as tar:
            for member in tar:
                content = tar.extractfile(member)
                assert content is not None and member.name not in found
                found[member.name] = content.read()
    return found


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def photos(tmp_path: Path, draw, write) -> list:
    """Forty photos of three formats."""
    kinds = ("PNG", "JPEG", "WEBP")
    files = {
        f"{'ab'[seed % 2]}/{seed:02}.{kinds[seed % 3].lower()}": draw(seed, kind=kinds[seed % 3])
        for seed in range(40)
    }
    return find_in([str(write(tmp_path / "set", files))])


def test_shards_hold_the_photos_own_bytes_and_what_is_known(photos, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = pack_photos(photos, out, SMALL, on_progress=uncounted)
    assert made.total == 40
    assert len(made.shards) > 1
    found = members(out)
    known = [json.loads(text) for name, text in found.items() if name.endswith(".json")]
    assert {fact["name"] for fact in known} == {photo.name for photo in photos}
    for name, text in found.items():
        if name.endswith(".json"):
            fact = json.loads(text)
            original = (tmp_path / "set" / fact["name"]).read_bytes()
            suffix = {"jpeg": "jpg"}.get(*[fact["name"].rpartition(".")[2]] * 2)
            assert found[name.replace("json", suffix)] == original
            assert fact["sha256"] == hashlib.sha256(original).hexdigest()
            assert (fact["width"], fact["height"], fact["source"]) == (64, 48, "set")


def test_the_index_counts_what_is_there(photos, tmp_path: Path) -> None:
    out = tmp_path / "out"
    pack_photos(photos, out, SMALL, on_progress=uncounted)
    index = json.loads((out / "index.json").read_text())
    assert index["total"] == sum(shard["count"] for shard in index["shards"]) == 40
    for shard in index["shards"]:
        content = (out / shard["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (
            shard["bytes"],
            shard["sha256"],
        )
        with tarfile.open(out / shard["name"]) as tar:
            assert len(tar.getnames()) == 2 * shard["count"]


def test_training_finds_the_shards_by_their_index(photos, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = pack_photos(photos, out, SMALL, on_progress=uncounted)
    runs = find_shards([str(out)], tmp_path / "cache", on_progress=uncounted)
    assert [(run.place, run.count) for run in runs] == [
        (str(out / shard.name), shard.count) for shard in made.shards
    ]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_webdataset_reads_the_shards(photos, tmp_path: Path) -> None:
    webdataset = pytest.importorskip("webdataset")
    out = tmp_path / "out"
    made = pack_photos(photos, out, SMALL, on_progress=uncounted)
    urls = [str(out / shard.name) for shard in made.shards]
    samples = list(webdataset.WebDataset(urls, shardshuffle=False).decode("pil"))
    gc.collect()  # webdataset leaves its files to be closed; the warning belongs here
    assert len(samples) == 40
    for sample in samples:
        picture = next(sample[kind] for kind in ("jpg", "png", "webp") if kind in sample)
        assert picture.size == (sample["json"]["width"], sample["json"]["height"])


def test_every_shard_holds_something_of_everything(photos, tmp_path: Path) -> None:
    made = pack_photos(photos, tmp_path / "out", SMALL, on_progress=uncounted)
    with tarfile.open(tmp_path / "out" / made.shards[0].name) as tar:
        texts = [tar.extractfile(m).read() for m in tar if m.name.endswith(".json")]  # type: ignore[union-attr]
    assert {json.loads(text)["name"][0] for text in texts} == {"a", "b"}


def test_a_finished_set_is_left_as_it_is(photos, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = pack_photos(photos, out, SMALL, on_progress=uncounted)
    before = bytes_of(out)

    def never(done: int, total: int) -> None:
        pytest.fail("packed again")

    assert pack_photos(photos, out, SMALL, on_progress=never) == made
    assert bytes_of(out) == before


@pytest.mark.parametrize("stop_at", [1, 13, 39])
def test_a_stopped_packing_goes_on_to_the_same_bytes(photos, tmp_path: Path, stop_at: int) -> None:
    pack_photos(photos, tmp_path / "whole", SMALL, on_progress=uncounted)
    out = tmp_path / "out"

    def stop(done: int, total: int) -> None:
        if done == stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack_photos(photos, out, SMALL, on_progress=stop)
    assert not (out / "index.json").exists()
    assert not list(out.glob("*.part")) and not list(out.glob(".*.part"))
    first: list[int] = []
    pack_photos(photos, out, SMALL, on_progress=lambda done, total: first.append(done))
    finished = stop_at > 13
    assert (first[0] > 1) == finished
    assert bytes_of(out) == bytes_of(tmp_path / "whole")


def test_a_packing_killed_just_after_a_shard_goes_on_too(
    photos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("photochrom.training.data.packing.facts_of", killed)
        pack_photos(photos, out, SMALL, on_progress=uncounted)
    assert (out / "shard-000000.tar").exists()
    assert pack_photos(photos, out, SMALL, on_progress=uncounted).total == 40
    assert len(members(out)) == 80


def test_what_a_killed_packing_left_half_is_written_anew(photos, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / ".shard-000000.tar.part").write_bytes(b"half")
    pack_photos(photos, out, SMALL, on_progress=uncounted)
    assert not (out / ".shard-000000.tar.part").exists()
    assert len(members(out)) == 80


def test_another_set_in_the_folder_is_not_written_over(photos, tmp_path: Path) -> None:
    out = tmp_path / "out"
    pack_photos(photos, out, SMALL, on_progress=uncounted)
    before = bytes_of(out)
    for others, options in ((photos[1:], SMALL), (photos, PackOptions(shard_bytes=30_000))):
        with pytest.raises(InputError, match="--overwrite"):
            pack_photos(others, out, options, on_progress=uncounted)
    photos[0].path.write_bytes(photos[2].path.read_bytes())
    with pytest.raises(InputError, match="--overwrite"):
        pack_photos(photos, out, SMALL, on_progress=uncounted)
    assert bytes_of(out) == before


def test_a_shard_that_is_gone_is_noticed(photos, tmp_path: Path) -> None:
    out = tmp_path / "out"
    pack_photos(photos, out, SMALL, on_progress=uncounted)
    (out / "shard-000001.tar").unlink()
    with pytest.raises(InputError, match="changed since"):
        pack_photos(photos, out, SMALL, on_progress=uncounted)


def test_replacing_removes_our_shards_and_nothing_else(photos, tmp_path: Path) -> None:
    out = tmp_path / "out"
    pack_photos(photos, out, SMALL, on_progress=uncounted)
    (out / "notes.txt").write_text("mine")
    remove_packing(out)
    assert [path.name for path in out.iterdir()] == ["notes.txt"]
    remove_packing(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["index.json", ".unfinished.json"])
@pytest.mark.parametrize("text", ["{", "[]", '{"shards": [{"name": 3}]}'])
def test_an_index_of_others_is_not_touched(photos, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text(text)
    with pytest.raises(InputError, match="was not written by `photochrom data pack`"):
        pack_photos(photos, tmp_path / "out", SMALL, on_progress=uncounted)
    with pytest.raises(InputError, match="was not written by"):
        remove_packing(tmp_path / "out")


def test_a_tar_of_others_would_be_taken_for_a_shard(photos, tmp_path: Path, tar) -> None:
    tar(tmp_path / "out/theirs.tar", {"a.txt": b"hello"})
    with pytest.raises(InputError, match=r"holds theirs\.tar"):
        pack_photos(photos, tmp_path / "out", SMALL, on_progress=uncounted)


def test_broken_photos_are_left_out_and_listed(photos, tmp_path: Path) -> None:
    bad = tmp_path / "set/a/bad.jpg"
    bad.write_bytes(b"\xff\xd8\xff nothing")
    every = find_in([str(tmp_path / "set")])
    made = pack_photos(every, tmp_path / "out", SMALL, on_progress=uncounted)
    assert made.total == 40
    [(path, reason)] = made.broken
    assert path == str(bad)
    assert "JPEG" in reason
    assert pack_photos(every, tmp_path / "out", SMALL, on_progress=uncounted) == made


def test_nothing_but_broken_photos_is_an_error_and_leaves_no_index(tmp_path: Path, write) -> None:
    write(tmp_path / "set", {"a.jpg": b"", "b.png": b"no"})
    out = tmp_path / "out"
    with pytest.raises(InputError, match="none of the 2 photos can be read"):
        pack_photos(find_in([str(tmp_path / "set")]), out, SMALL, on_progress=uncounted)
    assert list(out.iterdir()) == []


def test_a_tar_that_is_compressed_as_a_whole_is_refused(tmp_path: Path, draw, tar) -> None:
    path = tar(tmp_path / "set.tar.gz", {"a.png": draw(1)}, "w:gz")
    with pytest.raises(InputError, match="decompress it"):
        pack_photos(find_in([str(path)]), tmp_path / "out", SMALL, on_progress=uncounted)


def test_a_full_disk_keeps_what_is_finished(
    photos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    add: Callable[..., None] = tarfile.TarFile.addfile
    added: list[str] = []

    def full(self: tarfile.TarFile, *arguments: object) -> None:
        added.append(self.name)
        if len(added) > 50:
            raise OSError(28, "No space left on device")
        add(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(tarfile.TarFile, "addfile", full)
        with pytest.raises(SetupError, match="No space left on device"):
            pack_photos(photos, out, SMALL, on_progress=uncounted)
    assert not (out / "index.json").exists()
    assert len(list(out.glob("*.tar"))) >= 1
    made = pack_photos(photos, out, SMALL, on_progress=uncounted)
    assert made.total == 40


def test_a_file_in_the_folders_place_is_said(photos, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InputError, match="a file has that name"):
        pack_photos(photos, tmp_path / "out", SMALL, on_progress=uncounted)
