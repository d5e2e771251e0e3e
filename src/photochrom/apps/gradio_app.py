"""A page with Gradio: drop, paste or photograph a picture, and it is there in colour."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported

import gradio as gr
from PIL import Image

from photochrom import Colorizer, PhotochromError

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.jpg"))
SHOWN_PX = 1600  # the longer side on the page, at most; the download has all
KEPT_S = 3600  # uploads and results are deleted after an hour
NO_HINTS = "[]"
ABOUT = """# Photochrom
Believable colour for black-and-white photographs. Drop, paste or take a picture: the colour comes
at once. Click on it to say a colour. The download has the picture's full size."""


def shown(picture: Image.Image) -> Image.Image:
    """A picture, small enough for the page."""
    picture = picture.convert("RGB")
    picture.thumbnail((SHOWN_PX, SHOWN_PX))
    return picture


def hexadecimal(colour: str) -> str:
    """The colour of a picker, "#a03020" or "rgba(160, 48.2, 32, 1)", as "#a03020".

    >>> hexadecimal("rgba(160, 48.2, 32, 1)")
    '#a03020'
    """
    if colour.startswith("#"):
        return colour[:7]
    red, green, blue = (round(float(part)) for part in re.findall(r"[\d.]+", colour)[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


def with_hint(hints: str, colour: str, clicked: gr.SelectData) -> str:
    """The hints and one more, where the picture was clicked."""
    x, y = clicked.index
    return json.dumps([*json.loads(hints or NO_HINTS), [x, y, hexadecimal(colour)]])


def without_last(hints: str) -> str:
    """The hints but the last one."""
    return json.dumps(json.loads(hints or NO_HINTS)[:-1])


def build(colorizer: Colorizer) -> gr.Blocks:
    """The page. Its API has one call, `/colorize`, for gradio_client."""

    def colorize(path: str | None, strength: float, hints: str = NO_HINTS) -> Any:
        """Before and after for the slider, and the file to download."""
        if path is None:
            return None, None
        try:
            said = [tuple(hint) for hint in json.loads(hints or NO_HINTS)]
            photo = colorizer.colorize(path, strength=strength, hints=said)
            source = Path(path)
            suffix = source.suffix if source.suffix.lower() in (".jpg", ".jpeg") else ".png"
            saved = photo.save(source.with_name(f"{source.stem}.color{suffix}"), jpeg="ordinary")
            return (shown(photo.before), shown(photo.image)), str(saved.path)
        except (PhotochromError, ValueError, TypeError) as error:
            raise gr.Error(str(error)) from error

    page: gr.Blocks  # Gradio's `with` gives anything
    with gr.Blocks(
        title="Photochrom", analytics_enabled=False, delete_cache=(KEPT_S, KEPT_S)
    ) as page:
        gr.Markdown(ABOUT)
        with gr.Row():
            with gr.Column():
                photo = gr.Image(
                    sources=["upload", "webcam", "clipboard"],
                    type="filepath",
                    image_mode=None,  # the file itself, with its metadata
                    label="Your photograph: click to say a colour",
                )
                strength = gr.Slider(0, 2, 1, step=0.05, label="Strength")
                with gr.Row():
                    colour = gr.ColorPicker("#a03020", label="Colour of the next click")
                    undo = gr.Button("Take the last colour back")
                hints = gr.Textbox(NO_HINTS, label="Colours that you said: x, y, colour")
                gr.Examples([str(path) for path in EXAMPLES], photo, cache_examples=False)
            with gr.Column():
                slider = gr.ImageSlider(label="Before and after", format="jpeg")
                download = gr.DownloadButton("Download the picture in colour")
                gr.DeepLinkButton("Share a link to this result")
        inputs, outputs = [photo, strength, hints], [slider, download]
        asked = [strength.change, hints.submit]
        gr.on(asked, colorize, inputs, outputs, trigger_mode="always_last")
        for changed in (
            photo.change(lambda: NO_HINTS, None, hints, api_visibility="private"),
            photo.select(with_hint, [hints, colour], hints, api_visibility="private"),
            undo.click(without_last, hints, hints, api_visibility="private"),
        ):
            changed.then(colorize, inputs, outputs, api_visibility="private")
    return page


def run(host: str, port: int) -> None:
    """Serve the page until interrupted."""
    build(Colorizer()).launch(
        server_name=host, server_port=port, show_error=True, footer_links=["api"], ssr_mode=False
    )
