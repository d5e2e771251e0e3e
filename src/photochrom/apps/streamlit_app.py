"""A page with Streamlit: several photographs at a time, before and after, and their downloads.

streamlit run src/photochrom/apps/streamlit_app.py
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from PIL import Image

from photochrom import Colorizer, PhotochromError

KINDS = ("jpg", "jpeg", "png", "tif", "tiff", "webp", "bmp", "gif", "avif", "jp2")
SHOWN_PX = 1200  # the longer side on the page, at most; the download has all
KEPT = 64  # results


@dataclass(frozen=True)
class Result:
    """A photograph in colour: its file, and both pictures for the page."""

    name: str
    encoded: bytes
    before_png: bytes
    after_png: bytes


@st.cache_resource(show_spinner=False)
def shared_colorizer() -> Colorizer:
    """The model, loaded once for all visitors."""
    return Colorizer()


@st.cache_data(max_entries=KEPT, show_spinner=False)
def colorized(name: str, encoded: bytes, strength: float) -> Result:
    """The photograph in colour. Raises `PhotochromError` for what is none."""
    photo = shared_colorizer().colorize(encoded, strength=strength)
    coloured, saved = photo.encode(jpeg="ordinary")
    suffix = {"JPEG": "jpg", "TIFF": "tif", "JPEG2000": "jp2"}.get(
        saved.format, saved.format.lower()
    )
    return Result(
        name=f"{Path(name).stem}.color.{suffix}",
        encoded=coloured,
        before_png=shown(photo.before),
        after_png=shown(photo.image),
    )


def shown(picture: Image.Image) -> bytes:
    """The picture as PNG, small enough for the page."""
    file = io.BytesIO()
    picture.thumbnail((SHOWN_PX, SHOWN_PX))
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


def zipped(results: list[Result]) -> bytes:
    """All files in one archive, names made unlike where they are alike."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number, result in enumerate(results, start=1):
            taken = result.name in archive.namelist()
            archive.writestr(f"{number}-{result.name}" if taken else result.name, result.encoded)
    return file.getvalue()


def page() -> None:
    """The page."""
    st.set_page_config(page_title="Photochrom", layout="wide")
    st.title("Photochrom")
    st.write("Believable colour for black-and-white photographs, at their full size.")
    strength = st.slider("Strength", 0.0, 2.0, 1.0, 0.05)
    uploads = st.file_uploader("Photographs", type=list(KINDS), accept_multiple_files=True)
    results = []
    for number, upload in enumerate(uploads):
        try:
            with st.spinner(f"Colouring {upload.name}"):
                result = colorized(upload.name, upload.getvalue(), strength)
        except PhotochromError as error:
            st.error(f"{upload.name}: {error}")
            continue
        results.append(result)
        left, right = st.columns(2)
        left.image(result.before_png, caption=f"{upload.name}, before")
        right.image(result.after_png, caption="after")
        st.download_button(f"Download {result.name}", result.encoded, result.name, key=str(number))
    if len(results) > 1:
        st.download_button("Download all", zipped(results), "photochrom.zip", type="primary")


def run(host: str, port: int) -> None:
    """Serve the page until interrupted."""
    from streamlit.web import cli

    options = {
        "server.address": host,
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
    }
    said = [f"--{name}={value}" for name, value in options.items()]
    cli.main(["run", __file__, *said], standalone_mode=False)


if __name__ == "__main__":
    page()
