"""Zips, tars, compressed tars and tars of tars."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from photochrom.errors import InputError
from photochrom.training.data.archives import TarArchive, opened_archive

FILES = {f"{name}/{i}.bin": bytes([i]) * (500 + 700 * i) for name in "ab" for i in range(5)}


@pytest.mark.parametrize(
    ("suffix", "mode"),
    [("tar", "w"), ("tar.gz", "w:gz"), ("tgz", "w:gz"), ("tar.bz2", "w:bz2"), ("tar.xz", "w:xz")],
)
def test_every_kind_of_tar_gives_its_members(
    tmp_path: Path, tar: Callable[..., Path], suffix: str, mode: str
) -> None:
    archive = opened_archive(tar(tmp_path / f"set.{suffix}", FILES, mode))
    assert archive.names == list(FILES)
    for name in (*FILES, "a/0.bin"):  # the first once more: back to the start
        assert archive.read(name) == FILES[name]


def test_members_of_tars_within_a_tar_lie_in_folders_of_their_names(
    tmp_path: Path, tar: Callable[..., Path]
) -> None:
    inner = {f"{name}.tar": tar(tmp_path / f"{name}.tar", FILES).read_bytes() for name in "xy"}
    for suffix, mode in (("tar", "w"), ("tar.gz", "w:gz")):
        outer = opened_archive(tar(tmp_path / f"outer.{suffix}", inner, mode))
        assert outer.names == [f"{name}.tar/{file}" for name in "xy" for file in FILES]
        assert outer.read("y.tar/b/3.bin") == FILES["b/3.bin"]


def test_many_threads_read_one_tar_at_once(tmp_path: Path, tar: Callable[..., Path]) -> None:
    for suffix, mode in (("tar", "w"), ("tar.gz", "w:gz")):
        archive = opened_archive(tar(tmp_path / f"set.{suffix}", FILES, mode))
        wanted = list(FILES) * 20
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(archive.read, wanted)) == [FILES[name] for name in wanted]


def test_names_of_any_script_and_length_are_kept(tmp_path: Path, tar: Callable[..., Path]) -> None:
    names = ["фото/ä 1.bin", "deep/" * 40 + "x.bin", "./dotted.bin"]
    archive = opened_archive(tar(tmp_path / "set.tar", dict.fromkeys(names, b"here")))
    assert archive.names == [*names[:2], "dotted.bin"]
    assert all(archive.read(name) == b"here" for name in archive.names)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.xz"])
@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\x1f\x8b\x08\0\0\0\0\0"])
def test_a_damaged_archive_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=name):
        opened_archive(tmp_path / name)


def test_a_tar_cut_short_is_named(tmp_path: Path, tar: Callable[..., Path]) -> None:
    whole = tar(tmp_path / "whole.tar", FILES).read_bytes()
    (tmp_path / "half.tar").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"half\.tar"):
        opened_archive(tmp_path / "half.tar")


def test_a_tar_lets_go_of_its_file(tmp_path: Path, tar: Callable[..., Path]) -> None:
    archive = TarArchive.at(tar(tmp_path / "set.tar", FILES))
    stream = archive.stream
    del archive
    assert stream.closed


def test_a_zip_is_read_by_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for name, content in reversed(FILES.items()):
            archive.writestr(name, content)
    opened = opened_archive(tmp_path / "set.zip")
    assert opened.names == sorted(FILES)
    assert opened.read("a/4.bin") == FILES["a/4.bin"]
