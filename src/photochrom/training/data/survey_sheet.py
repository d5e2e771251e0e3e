"""A survey as one page to look at: photos of the whole set, then what is double, toned or grey."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from PIL import Image

from photochrom.training.data.contact_sheet import CELL_PX, Cell, Section, contact_sheet
from photochrom.training.data.picture import UNREADABLE, open_picture
from photochrom.training.data.survey import PhotoFacts, Survey, Tone

COLUMNS = 8
MOST_PHOTOS = 6 * COLUMNS  # of the whole set
MOST_OTHERS = 2 * COLUMNS  # of each kind that one may want to leave out

_TONES = {
    Tone.TONED: "one tone only, such as sepia, or nearly so",
    Tone.GREY: "no colour at all",
}


def survey_sheet(found: Survey) -> Image.Image:
    """The page; its photos are decoded again, since a survey holds none of them."""
    chosen = _spread(found.photos, MOST_PHOTOS)
    sections = [
        _section("Photos", f"{len(chosen):,} of {len(found.photos):,}, evenly chosen", chosen),
        _section_of_duplicates(found.near_duplicates),
    ]
    for tone, meaning in _TONES.items():
        those = [facts for facts in found.photos if facts.tone is tone]
        note = f"{len(those):,} of {len(found.photos):,}: {meaning}"
        sections.append(_section(tone.capitalize(), note, _spread(those, MOST_OTHERS)))
    return contact_sheet([section for section in sections if section.cells], columns=COLUMNS)


def _section(heading: str, note: str, photos: Sequence[PhotoFacts]) -> Section:
    return Section(heading, note, [_cell(facts, facts.photo.name) for facts in photos])


def _section_of_duplicates(groups: Sequence[Sequence[PhotoFacts]]) -> Section:
    """Groups one after the other, each photo with its group's number."""
    numbered = [
        (number, facts) for number, group in enumerate(groups, 1) for facts in group[:COLUMNS]
    ]
    cells = [
        _cell(facts, f"{number} · {facts.width} x {facts.height} · {facts.photo.name}")
        for number, facts in islice(numbered, 2 * MOST_OTHERS)
    ]
    note = f"{len(groups):,} groups, numbered; the photos of one number look alike"
    return Section("Near-duplicates", note, cells)


def _cell(facts: PhotoFacts, caption: str) -> Cell:
    try:
        return Cell(open_picture(facts.photo).thumbnail(2 * CELL_PX), caption)
    except UNREADABLE:  # it changed since the survey
        return Cell(Image.new("RGB", (CELL_PX, CELL_PX)), caption)


def _spread(photos: Sequence[PhotoFacts], most: int) -> list[PhotoFacts]:
    """At most so many of the photos, evenly spread over all of them."""
    count = min(most, len(photos))
    return [photos[place * len(photos) // count] for place in range(count)]
