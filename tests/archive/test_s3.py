"""An archive in an object store that speaks S3, worked on by processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_runs import Heard, files_below
from s3_server import S3, s3_server
from s3fs import S3FileSystem

from photochrom.archive.begin import Who, beginning
from photochrom.archive.place import open_place
from photochrom.archive.records import Order
from photochrom.errors import SetupError
from photochrom.media.jpeg_restore import restored


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[S3]:
    with s3_server() as server:
        for name, value in {
            "AWS_ENDPOINT_URL": server.url,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(tmp_path / "none"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
            "AWS_MAX_ATTEMPTS": "2",
        }.items():
            monkeypatch.setenv(name, value)
        forget_stores()
        yield server
        forget_stores()


def forget_stores() -> None:
    """Let the next use of an address read the environment anew."""
    open_place.cache_clear()
    S3FileSystem.clear_instance_cache()


def fill(store: S3, scans: Path) -> None:
    store.objects |= {f"scans/old/{n}": (scans / n).read_bytes() for n in files_below(scans)}


def colour_all(tmp_path: Path, processes: int = 0) -> Heard:
    heard, order = Heard(), Order("s3://scans/old", "s3://colour/new")
    manifest = tmp_path / "manifest.sqlite"
    with beginning(order, heard, manifest=manifest, who=Who(processes=processes)) as run:
        run.prepare()
        run.work()
    return heard


def test_processes_colour_a_bucket_into_another(store: S3, scans: Path, tmp_path: Path) -> None:
    fill(store, scans)
    heard = colour_all(tmp_path, processes=1)
    coloured = {name for name, state in heard.states.items() if state == "coloured"}
    results = {key for key in store.objects if key.startswith("colour/")}
    assert results == {f"colour/new/{name}" for name in coloured}
    original = restored(store.objects["colour/new/a.JPG"]).jpeg
    assert original == (scans / "a.JPG").read_bytes()


def test_a_picture_costs_a_get_a_head_and_a_put(store: S3, scans: Path, tmp_path: Path) -> None:
    fill(store, scans)
    heard = colour_all(tmp_path)
    pictures, coloured = len(heard.answers), list(heard.states.values()).count("coloured")
    assert store.asked["GET"] == pictures
    assert store.asked["PUT"] == coloured + 1  # the trial whether it can be written
    assert store.asked["HEAD"] <= pictures
    store.asked.clear()
    assert set(colour_all(tmp_path).states) == {"notes.jpg"}
    assert (store.asked["GET"], store.asked["PUT"]) == (1, 1)


def test_a_busy_store_is_asked_again(
    store: S3, scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photochrom.archive.remote_place.PAUSE_S", 0.01)
    fill(store, scans)
    store.failures = 3
    assert "coloured" in colour_all(tmp_path).states.values()
    assert store.failures == 0


def test_missing_and_wrong_credentials_are_said(
    store: S3, scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, scans)
    store.allowed = False
    with pytest.raises(SetupError, match="AWS_ACCESS_KEY_ID"):
        colour_all(tmp_path)
    store.allowed = True
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    forget_stores()
    with pytest.raises(SetupError, match="credentials"):
        colour_all(tmp_path)
