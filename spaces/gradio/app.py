"""Photochrom as a Gradio Space."""

from __future__ import annotations

from photochrom import Colorizer
from photochrom.apps.gradio_app import build

page = build(Colorizer())

if __name__ == "__main__":
    page.launch(show_error=True)
