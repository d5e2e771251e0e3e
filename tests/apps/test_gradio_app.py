"""The Gradio page, driven: by its API as gradio_client does it, and by a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from browser import Browser
from photochrom.media.provenance import read_provenance
from visiting import app_served, put_files, visit

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # gradio_client's own


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with app_served("gradio") as address:
        yield address


@pytest.fixture(scope="module")
def client(url: str, tmp_path_factory: pytest.TempPathFactory):
    from gradio_client import Client

    found = Client(url, verbose=False, download_files=str(tmp_path_factory.mktemp("downloads")))
    yield found
    found.close()


def coloured(client, photo: Path, strength: float = 1.0, hints: str = "[]") -> Path:
    from gradio_client import handle_file

    _, path = client.predict(handle_file(photo), strength, hints, api_name="/colorize")
    return Path(path)


def test_its_api_gives_the_picture_in_colour(client, old_photo: Path) -> None:
    result = coloured(client, old_photo)
    with Image.open(result) as picture:
        assert (picture.mode, picture.size, picture.format) == ("RGB", (120, 80), "JPEG")
    provenance = read_provenance(result)
    assert provenance is not None and provenance.strength == 1.0
    assert result.name == "Oma.color.jpg"


def test_its_api_takes_hints(client, old_photo: Path) -> None:
    plain = coloured(client, old_photo)
    hinted = coloured(client, old_photo, hints='[[60, 40, "#c02020"]]')
    with Image.open(plain) as before, Image.open(hinted) as after:
        red = [picture.convert("RGB").getpixel((60, 40)) for picture in (before, after)]
    assert red[1][0] - red[1][1] > red[0][0] - red[0][1] + 20


def test_a_hint_outside_is_said_in_words(client, old_photo: Path) -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match="outside"):
        coloured(client, old_photo, hints='[[999, 40, "#c02020"]]')


def test_its_api_is_one_call(client) -> None:
    named = client.view_api(return_format="dict")["named_endpoints"]
    assert list(named) == ["/colorize"]


def test_a_browser_sees_colour_at_once_says_a_colour_and_asks_nobody_else(
    browser: Browser, url: str, old_photo: Path, tmp_path: Path
) -> None:
    visit(browser, url)
    put_files(browser, "input[type=file]", old_photo)
    pair = "[...document.querySelectorAll('img.preview')].filter(image => image.complete)"
    browser.wait_until(f"{pair}.filter(image => image.naturalWidth == 120).length == 2")
    before = browser.ask(f"{pair}[1].src")
    x, y = browser.ask(
        "(box => [box.x + box.width / 2, box.y + box.height / 2])"
        "(document.querySelector('.image-frame img').getBoundingClientRect())"
    )
    browser.click(x, y)
    said = "[...document.querySelectorAll('textarea, input')].map(field => field.value)"
    browser.wait_until(f"{said}.some(text => /^\\[\\[\\d+, \\d+, .#a03020.\\]\\]$/.test(text))")
    browser.wait_until(f"{pair}.length == 2 && {pair}[1].src != {before!r}")
    browser.screenshot(tmp_path / "gradio.png")
    own = (url, "data:", "blob:")
    assert not [asked for asked in browser.requests if not asked.startswith(own)]
