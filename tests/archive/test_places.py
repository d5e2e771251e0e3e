"""Local folders and object stores as places: the same answers, and refusals in words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from archive_runs import Heard, files_below
from fsspec.implementations.memory import MemoryFileSystem

from photochrom.archive import remote_place
from photochrom.archive.local_place import LocalPlace
from photochrom.archive.place import Place, is_remote, lies_below, open_place
from photochrom.archive.remote_place import RemotePlace
from photochrom.errors import InputError, SetupError
from photochrom.media.jpeg_restore import restored


@pytest.fixture
def bucket() -> Iterator[str]:
    """An empty bucket in memory."""
    name = uuid4().hex
    MemoryFileSystem().makedirs(name)
    yield f"memory://{name}"
    for path in [path for path in MemoryFileSystem.store if path.startswith(f"/{name}")]:
        del MemoryFileSystem.store[path]


@pytest.fixture(params=["local", "remote"])
def place(request: pytest.FixtureRequest, tmp_path: Path, bucket: str) -> Place:
    return open_place(bucket if request.param == "remote" else str(tmp_path))


def test_what_is_written_is_listed_and_read(place: Place) -> None:
    for name in ("a.jpg", "1923/b ä#?.png", "1923/.hidden.jpg", "1923/notes.txt"):
        place.write(name, name.encode())
    assert {entry.name for entry in place.walk()} == {"a.jpg", "1923/b ä#?.png"}
    assert {entry.name for entry in place.walk(below="1923", every=True)} == {
        "1923/b ä#?.png",
        "1923/notes.txt",
    }
    assert place.read("a.jpg")[0].encoded == b"a.jpg"
    assert place.exists("a.jpg")
    assert not place.exists("b.jpg")
    assert place.head("a.jpg", 3) == b"a.j"
    assert place.head("b.jpg", 3) is None


def test_another_content_has_another_mark(place: Place) -> None:
    place.write("a.jpg", b"one")
    first = next(place.walk()).mark
    assert next(place.walk()).mark == first
    place.write("a.jpg", b"other")
    assert next(place.walk()).mark != first


def test_a_missing_file_is_the_users_to_mend(place: Place) -> None:
    with pytest.raises(InputError, match=r"does not exist|there is no"):
        place.read("missing.jpg")


def test_a_file_is_uploaded_whole(place: Place, tmp_path: Path) -> None:
    (tmp_path / "local.bin").write_bytes(b"x" * 100_000)
    place.upload(tmp_path / "local.bin", "copies/it.bin")
    assert len(place.read("copies/it.bin")[0].encoded) == 100_000
    place.try_out()
    assert {entry.name for entry in place.walk(every=True)} >= {"copies/it.bin"}


def test_a_store_that_cannot_put_at_once_gets_a_temporary_name(bucket: str) -> None:
    place = RemotePlace(bucket)
    place._protocols = {"sftp"}
    place.write("1923/a.jpg", b"whole")
    place._files.pipe_file(place._path("1923/.b.jpg.77.part"), b"half")
    place.clear(["1923/b"])
    assert [entry.name for entry in place.walk(every=True)] == ["1923/a.jpg"]
    assert not place._files.glob(f"{place._path('1923')}/.*")


def test_an_archive_in_memory_comes_out_as_a_local_one(
    scans: Path, target: Path, bucket: str, colour_all: Callable[..., Heard]
) -> None:
    source = RemotePlace(f"{bucket}/in")
    for name in files_below(scans):
        source.write(name, (scans / name).read_bytes())
    heard = colour_all(f"{bucket}/in", f"{bucket}/out")
    out = RemotePlace(f"{bucket}/out")
    assert {entry.name for entry in out.walk()} == {
        name for name, state in heard.states.items() if state == "coloured"
    }
    assert restored(out.read("a.JPG")[0].encoded).jpeg == (scans / "a.JPG").read_bytes()


def test_a_file_that_changes_in_a_store_is_done_again(
    scans: Path, bucket: str, colour_all: Callable[..., Heard]
) -> None:
    source = RemotePlace(f"{bucket}/in")
    source.write("a.jpg", (scans / "a.JPG").read_bytes())
    colour_all(f"{bucket}/in", f"{bucket}/out")
    assert colour_all(f"{bucket}/in", f"{bucket}/out").states == {}
    source.write("a.jpg", (scans / "1923/0.jpg").read_bytes())
    assert colour_all(f"{bucket}/in", f"{bucket}/out").states == {"a.jpg": "coloured"}


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (PermissionError("Access Denied"), SetupError, "credentials"),
        (OSError("Unable to locate credentials"), SetupError, "AWS_ACCESS_KEY_ID"),
        (TimeoutError("no answer"), SetupError, "cannot be reached"),
        (FileNotFoundError("bucket/scans"), InputError, "there is no bucket/scans"),
    ],
)
def test_what_a_store_refuses_is_said_in_words(
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    kind: type[Exception],
    words: str,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(remote_place, "PAUSE_S", 0)
    monkeypatch.setattr(MemoryFileSystem, "ls", refuse)
    with pytest.raises(kind, match=words):
        list(RemotePlace(bucket).walk())


def test_a_store_that_fails_for_a_moment_is_asked_again(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = MemoryFileSystem.cat_file

    def flaky(self: MemoryFileSystem, *args: object, **more: object) -> bytes:
        asked.append(args)
        if len(asked) < 3:
            raise OSError("please slow down")
        return real(self, *args, **more)

    monkeypatch.setattr(remote_place, "PAUSE_S", 0)
    monkeypatch.setattr(MemoryFileSystem, "cat_file", flaky)
    place = RemotePlace(bucket)
    place.write("a.jpg", b"here")
    assert place.read("a.jpg")[0].encoded == b"here"


def test_an_unknown_protocol_and_a_missing_package_are_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InputError, match="nonsense"):
        RemotePlace("nonsense://x")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(SetupError, match=r"photochrom\[archive\]"):
        RemotePlace("s3://bucket/scans")


def test_local_addresses_are_known_in_every_spelling(tmp_path: Path) -> None:
    assert isinstance(open_place(f"file://{tmp_path}"), LocalPlace)
    assert not is_remote(f"file://{tmp_path}")
    assert lies_below(f"file://{tmp_path}/a/b", f"{tmp_path}/a/") == "b"
    assert lies_below("s3://x/a/b", str(tmp_path)) is None
    with pytest.raises(InputError, match="empty address"):
        open_place("")


def test_a_name_that_is_no_utf_8_goes_all_the_way(
    scans: Path, target: Path, colour_all: Callable[..., Heard]
) -> None:
    odd = scans / "1923" / b"Gr\xfc\xdfe.jpg".decode("utf-8", "surrogateescape")
    try:
        odd.write_bytes((scans / "a.JPG").read_bytes())
    except OSError:
        pytest.skip("this file system wants UTF-8")
    heard = colour_all(scans, target)
    assert heard.states[f"1923/{odd.name}"] == "coloured"
    assert (target / "1923" / odd.name).is_file()
    assert set(colour_all(scans, target).states) == {"notes.jpg"}
