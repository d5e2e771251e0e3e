"""A contact sheet of one photograph: grey, and its candidates, each with its number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from photochrom.media.encoders import Picture, encode
from photochrom.media.metadata import Metadata

CELL_PX = 480  # the longer side of a picture
GAP_PX = 8
LINE_PX = 26
TEXT_PX = 16
MOST_COLUMNS = 3
PAPER, INK = (244, 244, 244), (27, 27, 27)
QUALITY = 90


def cell(picture: Image.Image) -> Image.Image:
    """The picture, no longer than a cell; what is see-through lies on paper."""
    small = picture.copy()
    small.thumbnail((CELL_PX, CELL_PX), Image.Resampling.LANCZOS)
    if small.mode != "RGBA":
        return small.convert("RGB")
    paper = Image.new("RGB", small.size, PAPER)
    paper.paste(small, mask=small.getchannel("A"))
    return paper


def encode_sheet(cells: Sequence[Image.Image], words: Sequence[str], xmp: bytes) -> bytes:
    """A JPEG of pictures of one size, row by row, with words below each."""
    width, height = cells[0].width + GAP_PX, cells[0].height + GAP_PX + LINE_PX
    columns = min(MOST_COLUMNS, len(cells)) if len(cells) != 4 else 2
    rows = -(-len(cells) // columns)
    page = Image.new("RGB", (columns * width + GAP_PX, rows * height + GAP_PX), PAPER)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(TEXT_PX)
    for number, (picture, below) in enumerate(zip(cells, words, strict=True)):
        row, column = divmod(number, columns)
        left, top = GAP_PX + column * width, GAP_PX + row * height
        page.paste(picture, (left, top))
        draw.text((left, top + picture.height + 3), below, INK, font)
    return encode(Picture(np.asarray(page), Metadata(xmp=xmp), QUALITY), "JPEG")
