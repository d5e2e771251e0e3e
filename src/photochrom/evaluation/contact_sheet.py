"""A contact sheet: pictures from the first model's worst to its best, for people in terminals."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from photochrom.errors import InputError
from photochrom.evaluation.report_page import opening_metric
from photochrom.evaluation.report_table import badness, number
from photochrom.evaluation.result import Evaluation, MetricFacts, Pictures
from photochrom.media.atomic import write_atomic

ROWS = 8
CELL_PX = 224
GAP_PX = 6
HEAD_PX = 44
LINE_PX = 20
TEXT_PX = 13
PAPER, INK, QUIET = (244, 244, 244), (27, 27, 27), (95, 95, 95)
SPELLED = str.maketrans({"Δ": "d", "−": "-", "–": "-", "×": "x", "ß": "ss", "ø": "o", "Ø": "O"})


@dataclass(frozen=True)
class Row:
    """Pictures side by side with a line of words below each."""

    cells: tuple[Image.Image, ...]
    words: tuple[str, ...]

    @property
    def height(self) -> int:
        """[px], with its line of words and the gap below."""
        return max(cell.height for cell in self.cells) + LINE_PX + GAP_PX


def write_contact_sheet(
    evaluation: Evaluation,
    pictures: Pictures,
    path: Path,
    *,
    rows: int = ROWS,
    cell_px: int = CELL_PX,
) -> None:
    """Write a PNG: a row a picture, grey, every model's and the true colours side by side.

    The rows go evenly from the worst picture of the first model to its best, by the measure named
    at the top; each model's value stands below its picture. Cells are `cell_px` wide.

    Raises `InputError` where nothing was measured, `SetupError` where `path` cannot be written.
    """
    if not evaluation.pictures or not evaluation.models:
        raise InputError("nothing was measured, so there is nothing to show on a contact sheet")
    metric = opening_metric(evaluation)
    chosen = worst_to_best(evaluation, metric, rows)
    drawn = [_row(evaluation, pictures, metric, i, cell_px) for i in chosen]
    coded = io.BytesIO()
    _sheet(drawn, _heads(evaluation), _title(evaluation, metric, len(chosen)), cell_px).save(
        coded, "PNG", optimize=True
    )
    write_atomic(path, coded.getvalue())


def worst_to_best(evaluation: Evaluation, metric: MetricFacts | None, count: int) -> list[int]:
    """`count` pictures at most, evenly from the worst of the first model to its best.

    Without a metric evenly from the first to the last; pictures that are n/a are not chosen.
    """
    order = np.arange(len(evaluation.pictures))
    if metric is not None:
        values = evaluation.scores[evaluation.models[0].name][metric.name]
        order = np.flatnonzero(np.isfinite(values))
        order = order[np.argsort([-badness(values[i], metric) for i in order], kind="stable")]
    places = np.linspace(0, len(order) - 1, min(count, len(order))).round().astype(int)
    return [int(order[place]) for place in places]


def _row(
    evaluation: Evaluation, pictures: Pictures, metric: MetricFacts | None, i: int, cell_px: int
) -> Row:
    models = [model.name for model in evaluation.models]
    painted = [pictures.painted(model, i) for model in models]
    facts = evaluation.pictures[i]
    cells = tuple(_cell(one, cell_px) for one in (pictures.grey(i), *painted, pictures.truth(i)))
    values = [
        "" if metric is None else number(float(evaluation.scores[model][metric.name][i]), metric)
        for model in models
    ]
    return Row(cells, (facts.name, *values, f"{facts.width} × {facts.height} px"))


def _cell(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], cell_px: int) -> Image.Image:
    """The picture `cell_px` wide, at most half as high again."""
    image = Image.fromarray(picture).convert("RGB")
    scale = min(cell_px / image.width, 1.5 * cell_px / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS)


def _sheet(rows: list[Row], heads: list[str], title: str, cell_px: int) -> Image.Image:
    column_px = cell_px + GAP_PX
    size = len(heads) * column_px + GAP_PX, HEAD_PX + sum(row.height for row in rows)
    page = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(page)
    _write(draw, (GAP_PX, 3), title, size[0] - 2 * GAP_PX, QUIET)
    lefts = [GAP_PX + column * column_px for column in range(len(heads))]
    for left, head in zip(lefts, heads, strict=True):
        _write(draw, (left, 3 + LINE_PX), head, cell_px, INK)
    top = HEAD_PX
    for row in rows:
        below = top + max(cell.height for cell in row.cells) + 2
        for left, cell, words in zip(lefts, row.cells, row.words, strict=True):
            page.paste(cell, (left, top))
            _write(draw, (left, below), words, cell_px, QUIET)
        top += row.height
    return page


def _heads(evaluation: Evaluation) -> list[str]:
    return ["grey, as given", *(model.name for model in evaluation.models), "true colours"]


def _title(evaluation: Evaluation, metric: MetricFacts | None, count: int) -> str:
    of = f"{count} of {len(evaluation.pictures)} pictures"
    if metric is None:
        return of
    worst, best = ("highest", "lowest") if metric.better == "none" else ("worst", "best")
    return f"{of}, from the {worst} of {evaluation.models[0].name} by {metric.title} to its {best}"


def _write(
    draw: ImageDraw.ImageDraw,
    place: tuple[int, int],
    words: str,
    width_px: int,
    ink: tuple[int, int, int],
) -> None:
    """Words in Pillow's own font, which has no more than ASCII, cut where they end their room."""
    font = ImageFont.load_default(TEXT_PX)
    plain = unicodedata.normalize("NFKD", words.translate(SPELLED)).encode("ascii", "ignore")
    text = shortened = plain.decode()
    while shortened and draw.textlength(text, font) > width_px:
        shortened = shortened[:-1]
        text = f"{shortened}..."
    draw.text(place, text, ink, font)
