"""What a run leaves besides pictures: contact sheets, a Parquet copy; and what proves them."""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from archive_runs import Heard, MakeRun, grey_scan, rows_of
from PIL import Image

from photochrom.archive import sheet
from photochrom.archive.names import unstored
from photochrom.archive.parquet import upload_parquet
from photochrom.archive.place import open_place
from photochrom.archive.reading import manifest_of, reading
from photochrom.archive.sheet import write_sheets
from photochrom.archive.verify import Finding, recorded, verify, verify_at
from photochrom.errors import InputError, SetupError

ColourAll = Callable[..., Heard]


class Links(HTMLParser):
    """The links and pictures of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.feed(page.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for key, value in attrs if key in ("href", "src")]


def test_a_sheet_has_failures_on_top_and_links_that_lead_somewhere(
    scans: Path, target: Path, run_of: MakeRun
) -> None:
    (scans / "<b>&.jpg").write_bytes(b"<script>alert(1)</script>")
    with run_of(scans, target, thumbnails=True) as (run, _):
        run.prepare()
        run.work()
        index = Path(write_sheets(run))
    top = index.parent / "folders" / "index.html"
    text = top.read_text()
    assert text.index("notes.jpg") < text.index("a.JPG")
    assert "<script>" not in text
    assert "&lt;b&gt;&amp;.jpg" in text
    pages = list(index.parent.rglob("*.html"))
    assert len(pages) == 3
    for page in pages:
        for link in Links(page).links:
            assert link.startswith("data:image/jpeg") or (page.parent / link).is_file(), link
    shown = base64.b64decode(re.findall(r"base64,([^\"]+)", text)[0])
    with Image.open(io.BytesIO(shown)) as strip:
        assert strip.size == (2 * 64 + 4, 48)


def test_a_folder_of_many_pictures_has_several_pages(
    scans: Path, target: Path, run_of: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "PER_PAGE", 2)
    with run_of(scans, target) as (run, _):
        run.prepare()
        run.work()
        folder = Path(write_sheets(run)).parent / "folders"
    assert {page.name for page in (folder / "1923").iterdir()} == {"index.html", "page-2.html"}
    for page in folder.rglob("*.html"):
        assert all((page.parent / link).is_file() for link in Links(page).links)


def test_only_folders_with_news_are_written_again(
    scans: Path, target: Path, run_of: MakeRun
) -> None:
    for number in range(2):
        with run_of(scans, target) as (run, _):
            run.prepare()
            run.work()
            page = Path(write_sheets(run)).parent / "folders/1923/index.html"
        if number == 0:
            page.unlink()
    assert not page.exists()


def test_the_parquet_copy_holds_every_row(
    scans: Path, target: Path, run_of: MakeRun, tmp_path: Path
) -> None:
    with run_of(scans, target) as (run, _):
        run.prepare()
        run.work()
        copied = Path(upload_parquet(run))
    table = {row["source"]: row for row in pq.read_table(copied).to_pylist()}
    rows = rows_of(tmp_path / "manifest.sqlite")
    assert set(table) == set(rows)
    for name, row in rows.items():
        assert all(table[name][key] == row[key] for key in table[name])


def test_without_pyarrow_the_message_names_the_extra(
    scans: Path, target: Path, run_of: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with (
        run_of(scans, target) as (run, _),
        pytest.raises(SetupError, match=r"photochrom\[archive\]"),
    ):
        upload_parquet(run)


def verdicts(manifest: Path, target: Path) -> dict[str, Finding]:
    with reading(manifest) as noted:
        place, source = open_place(str(target)), open_place(noted.source)
        found = [verify_at(place, recorded(row), source) for row in noted.results()]
        assert len(noted) == len(found)
    return {verdict.name: verdict.finding for verdict in found}


def test_an_archive_is_proven_and_what_was_touched_is_found(
    scans: Path, target: Path, colour_all: ColourAll, tmp_path: Path
) -> None:
    colour_all(scans, target)
    manifest = tmp_path / "manifest.sqlite"
    found = verdicts(manifest, target)
    assert found.pop("b.png") is Finding.UNCHANGED
    assert set(found.values()) == {Finding.PROVEN}
    (target / "a.JPG").write_bytes((target / "1923/0.jpg").read_bytes())
    (target / "sepia.jpg").unlink()
    touched = bytearray((target / "1923/1.jpg").read_bytes())
    touched[-100] ^= 1
    (target / "1923/1.jpg").write_bytes(touched)
    differing = {name for name, word in verdicts(manifest, target).items() if word == "differs"}
    assert differing == {"a.JPG", "sepia.jpg", "1923/1.jpg"}


def test_ordinary_results_are_proven_by_their_sources(
    scans: Path, target: Path, colour_all: ColourAll, tmp_path: Path
) -> None:
    colour_all(scans, target, jpeg="ordinary")
    manifest = tmp_path / "manifest.sqlite"
    (scans / "1923/1.jpg").unlink()
    found = verdicts(manifest, target)
    assert found["a.JPG"] is found["sepia.jpg"] is Finding.PROVEN
    assert found["1923/1.jpg"] is Finding.UNCHANGED


def test_a_luma_that_was_changed_is_found_without_a_manifest(
    scans: Path, target: Path, colour_all: ColourAll
) -> None:
    colour_all(scans, target)
    result = (target / "a.JPG").read_bytes()
    assert verify(result, "a.JPG").finding is Finding.PROVEN
    other = io.BytesIO()
    grey_scan(77).save(other, "JPEG")
    assert verify(other.getvalue(), "other.jpg").finding is Finding.DIFFERS


def test_what_is_no_manifest_is_said(tmp_path: Path) -> None:
    assert manifest_of(str(tmp_path)) is None
    (tmp_path / "photochrom.sqlite").write_bytes(b"SQLite format 3\0 but no more than that")
    found = manifest_of(str(tmp_path))
    assert found is not None
    with pytest.raises(InputError, match="no manifest"), reading(found):
        pass
    assert unstored(b"a") == "a"
