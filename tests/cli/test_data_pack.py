"""`photochrom data pack`: shards with an index."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def noisy_set(tmp_path: Path) -> Path:
    """Eight photos that no format makes small: half a megabyte each."""
    folder = tmp_path / "noise"
    folder.mkdir()
    for seed in range(8):
        noise = np.random.default_rng(seed).integers(0, 256, (400, 420, 3), dtype=np.uint8)
        Image.fromarray(noise).save(folder / f"{seed}.png", compress_level=1)
    return folder


def test_shards_and_their_index_are_told(photochrom, noisy_set: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = photochrom("data", "pack", noisy_set, out, "--shard-mb", "2")
    assert (ran.code, ran.err) == (0, "")
    index = json.loads((out / "index.json").read_text())
    assert index["total"] == 8
    assert [shard["name"] for shard in index["shards"]] == ["shard-000000.tar", "shard-000001.tar"]
    assert ran.out.splitlines()[0].startswith(f"{out}/shard-000000.tar  4 photos, ")
    assert ran.out.splitlines()[-1].startswith(f"{out}/index.json  8 photos in 2 shards, ")


def test_several_sources_go_into_one_set(photochrom, photo_set, tmp_path: Path) -> None:
    one, other, out = photo_set("one", 3), photo_set("other", 2), tmp_path / "out"
    ran = photochrom("data", "pack", one, other, out, "--json")
    [shard] = ran.records
    assert shard["count"] == 5
    with tarfile.open(out / "shard-000000.tar") as tar:
        texts = [tar.extractfile(m) for m in tar.getmembers() if m.name.endswith("json")]
        sources = [json.load(text)["source"] for text in texts if text]
    assert sorted(sources) == ["one"] * 3 + ["other"] * 2


def test_photos_are_made_smaller_where_asked(photochrom, photo_set, tmp_path: Path) -> None:
    folder, out = photo_set("set", 2, size=(320, 240)), tmp_path / "out"
    assert photochrom("data", "pack", folder, out, "--short-side-px", "64", "--quiet").out == ""
    with tarfile.open(out / "shard-000000.tar") as tar:
        file = tar.extractfile("000000000.webp")
        assert file is not None
        assert Image.open(io.BytesIO(file.read())).size == (85, 64)


def test_broken_photos_are_listed_each_time(photochrom, photo_set, tmp_path: Path) -> None:
    folder, out = photo_set("set", 2), tmp_path / "out"
    (folder / "bad.jpg").write_bytes(b"")
    for _ in range(2):
        ran = photochrom("data", "pack", folder, out)
        assert ran.code == 1
        assert ran.err.startswith(f"photochrom: {folder}/bad.jpg: it is empty")
        assert len(ran.err.splitlines()) == 1
    ran = photochrom("data", "pack", folder, out, "--json")
    assert (ran.records[-1]["path"], ran.err) == (f"{folder}/bad.jpg", "")


def test_another_set_is_replaced_only_when_told(photochrom, photo_set, tmp_path: Path) -> None:
    out = tmp_path / "out"
    photochrom("data", "pack", photo_set("one", 3), out)
    before = (out / "shard-000000.tar").read_bytes()
    ran = photochrom("data", "pack", photo_set("other", 5), out)
    assert ran.code == 2
    assert "--overwrite" in ran.err
    assert (out / "shard-000000.tar").read_bytes() == before
    assert photochrom("data", "pack", tmp_path / "other", out, "--overwrite").code == 0
    assert json.loads((out / "index.json").read_text())["total"] == 5


def test_a_source_alone_lacks_its_folder(photochrom, photo_set) -> None:
    ran = photochrom("data", "pack", photo_set("set", 1))
    assert ran.code == 2
    assert "SRC" in ran.err or "OUT" in ran.err


def test_ctrl_c_keeps_finished_shards(photochrom, noisy_set: Path, tmp_path, monkeypatch) -> None:
    from photochrom.training.data import packing

    out = tmp_path / "out"
    make, count = packing.read_sample, [0]

    def interrupted(*arguments, **options):
        count[0] += 1
        if count[0] == 7:
            raise KeyboardInterrupt
        return make(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(packing, "read_sample", interrupted)
        ran = photochrom("data", "pack", noisy_set, out, "--shard-mb", "1")
    assert ran.code == 130
    assert (out / "shard-000000.tar").exists()
    assert not (out / "index.json").exists()
    kept = (out / "shard-000000.tar").stat().st_mtime_ns
    assert photochrom("data", "pack", noisy_set, out, "--shard-mb", "1").code == 0
    assert (out / "shard-000000.tar").stat().st_mtime_ns == kept
    assert json.loads((out / "index.json").read_text())["total"] == 8
