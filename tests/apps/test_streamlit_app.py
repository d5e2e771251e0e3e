"""The Streamlit page, driven: by Streamlit's own AppTest, and by a browser."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import photochrom
from browser import Browser
from visiting import app_served, put_files, visit

PAGE = Path(photochrom.__file__).parent / "apps/streamlit_app.py"


@pytest.fixture
def app():
    from streamlit.testing.v1 import AppTest

    return AppTest.from_file(str(PAGE), default_timeout=60).run()


def uploaded(app, *photos: tuple[str, bytes]):
    app.file_uploader[0].set_value([(name, content, "image/jpeg") for name, content in photos])
    return app.run()


def test_several_photographs_are_shown_before_and_after(app, old_photo: Path) -> None:
    content = old_photo.read_bytes()
    uploaded(app, ("Oma.jpg", content), ("Opa.jpg", content))
    assert not app.exception
    labels = [button.label for button in app.get("download_button")]
    assert labels == ["Download Oma.color.jpg", "Download Opa.color.jpg", "Download all"]
    assert len(app.image) == 4


def test_strength_makes_another_picture(app, old_photo: Path) -> None:
    uploaded(app, ("Oma.jpg", old_photo.read_bytes()))
    before = app.image[1].proto.imgs[0].url
    app.slider[0].set_value(0.0).run()
    assert app.image[1].proto.imgs[0].url != before


def test_what_is_no_picture_is_said_and_the_others_go_on(app, old_photo: Path) -> None:
    uploaded(app, ("notes.jpg", b"no picture"), ("Oma.jpg", old_photo.read_bytes()))
    assert not app.exception
    assert "notes.jpg" in app.error[0].value
    assert len(app.image) == 2


def test_all_files_of_one_name_are_in_the_archive() -> None:
    from photochrom.apps.streamlit_app import Result, zipped

    results = [Result("a.color.jpg", content, b"", b"") for content in (b"1", b"2")]
    with zipfile.ZipFile(io.BytesIO(zipped(results))) as archive:
        assert sorted(archive.read(name) for name in archive.namelist()) == [b"1", b"2"]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with app_served("streamlit") as address:
        yield address


def test_a_browser_sees_before_and_after_and_asks_nobody_else(
    browser: Browser, url: str, old_photo: Path, tmp_path: Path
) -> None:
    visit(browser, url)
    put_files(browser, "input[type=file]", old_photo)
    loaded = "[...document.images].filter(image => image.complete && image.naturalWidth == 120)"
    browser.wait_until(f"{loaded}.length == 2")
    shot = browser.screenshot(tmp_path / "streamlit.png")
    with Image.open(shot) as seen:
        assert len(seen.convert("RGB").getcolors(1 << 24) or ()) > 100
    own = (url, "data:", "blob:", url.replace("http", "ws"))
    assert not [asked for asked in browser.requests if not asked.startswith(own)]
