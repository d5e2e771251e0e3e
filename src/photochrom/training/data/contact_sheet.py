"""A contact sheet: photos side by side under headings, each with a line of text, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

CELL_PX = 176
GAP_PX = 10
TEXT_PX = 13
HEADING_PX = 20
MARGIN_PX = 24
Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont
PAPER, INK, FAINT, RULE = "#fbfaf8", "#1c1b1a", "#77736d", "#dcd8d1"


@dataclass(frozen=True)
class Cell:
    """One photo of a sheet, RGB, and what is written under it."""

    photo: Image.Image
    caption: str


@dataclass(frozen=True)
class Section:
    """Photos under one heading, with a sentence about them beside it."""

    heading: str
    note: str
    cells: Sequence[Cell]


def contact_sheet(sections: Sequence[Section], *, columns: int = 8) -> Image.Image:
    """The sections below each other, `columns` photos a row, on a page as high as that needs."""
    width = 2 * MARGIN_PX + columns * (CELL_PX + GAP_PX) - GAP_PX
    height = MARGIN_PX + sum(_height(section, columns) for section in sections)
    page = Image.new("RGB", (width, height), PAPER)
    top = MARGIN_PX
    for section in sections:
        _draw(page, section, top, columns)
        top += _height(section, columns)
    return page


def _height(section: Section, columns: int) -> int:
    rows = -(-len(section.cells) // columns)
    return HEADING_PX + 2 * GAP_PX + rows * _row_px() + MARGIN_PX


def _row_px() -> int:
    return CELL_PX + TEXT_PX + 2 * GAP_PX


def _draw(page: Image.Image, section: Section, top: int, columns: int) -> None:
    draw = ImageDraw.Draw(page)
    heading, plain = ImageFont.load_default(HEADING_PX), ImageFont.load_default(TEXT_PX)
    draw.text((MARGIN_PX, top), section.heading, INK, heading)
    beside = MARGIN_PX + round(draw.textlength(section.heading, heading)) + 2 * GAP_PX
    draw.text((beside, top + HEADING_PX - TEXT_PX), section.note, FAINT, plain)
    rule = top + HEADING_PX + GAP_PX
    draw.line((MARGIN_PX, rule, page.width - MARGIN_PX, rule), RULE)
    for place, cell in enumerate(section.cells):
        row, column = divmod(place, columns)
        left = MARGIN_PX + column * (CELL_PX + GAP_PX)
        _place(page, cell, left, rule + GAP_PX + row * _row_px())


def _place(page: Image.Image, cell: Cell, left: int, top: int) -> None:
    """The photo, whole, standing on the line above its caption."""
    draw, plain = ImageDraw.Draw(page), ImageFont.load_default(TEXT_PX)
    scale = CELL_PX / max(cell.photo.size)  # small ones are enlarged, for an even page
    size = max(1, round(cell.photo.width * scale)), max(1, round(cell.photo.height * scale))
    photo = cell.photo.resize(size, Image.Resampling.LANCZOS)
    across = left + (CELL_PX - photo.width) // 2
    page.paste(photo, (across, top + CELL_PX - photo.height))
    caption = _shortened(draw, cell.caption, plain)
    middle = left + (CELL_PX - round(draw.textlength(caption, plain))) // 2
    draw.text((middle, top + CELL_PX + GAP_PX // 2), caption, FAINT, plain)


def _shortened(draw: ImageDraw.ImageDraw, text: str, font: Font) -> str:
    """The end of the text, as much of it as is as wide as a cell: names differ at their ends."""
    text = "".join(mark if mark.isprintable() else "?" for mark in text)
    kept = text
    while kept and draw.textlength(kept if kept == text else f"…{kept}", font) > CELL_PX:
        kept = kept[1:]
    return kept if kept == text else f"…{kept}"
