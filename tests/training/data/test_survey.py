"""A survey of photos: facts of sound ones, reasons of broken ones, and a sheet of all."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.training.data.contact_sheet import CELL_PX, Cell, Section, contact_sheet
from photochrom.training.data.find import find_in
from photochrom.training.data.survey import Survey, Tone, survey, tone_of
from photochrom.training.data.survey_sheet import survey_sheet


def uncounted(done: int, total: int) -> None:
    assert 0 < done <= total


def look_at(folder: Path) -> Survey:
    return survey(find_in([str(folder)]), on_progress=uncounted)


def jpeg(picture: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", **options)
    return stream.getvalue()


def sepia(grey: Image.Image) -> Image.Image:
    light = np.asarray(grey.convert("L"), np.float32)[..., None] / 255
    return Image.fromarray((np.array([255, 235, 200]) * light ** [0.8, 1, 1.3]).astype(np.uint8))


def test_the_facts_of_a_photo_are_its_own(tmp_path: Path, draw, write) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    lying = jpeg(Image.open(io.BytesIO(draw(1, (400, 300)))), exif=exif)
    write(tmp_path, {"a/turned.jpg": lying, "b.png": draw(2, (70, 50))})
    turned, small = look_at(tmp_path).photos
    assert (turned.format, turned.width, turned.height) == ("JPEG", 300, 400)
    assert turned.bytes == len(lying)
    assert turned.path == tmp_path / "a/turned.jpg"
    assert (small.format, small.width, small.height) == ("PNG", 70, 50)
    assert small.tone is Tone.COLOUR


def test_a_photo_lying_on_its_side_is_a_duplicate_of_it_upright(
    tmp_path: Path, draw, write
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = Image.open(io.BytesIO(draw(1, (400, 300))))
    lying = jpeg(photo.transpose(Image.Transpose.ROTATE_90), exif=exif)
    write(tmp_path, {"lying.jpg": lying, "upright.png": draw(1, (400, 300))})
    assert len(look_at(tmp_path).near_duplicates) == 1


def test_broken_photos_are_listed_with_their_reasons(tmp_path: Path, draw, write) -> None:
    whole = draw(1, (300, 200), "JPEG")
    write(
        tmp_path,
        {
            "good.jpg": whole,
            "cut.jpg": whole[: len(whole) // 2],
            "empty.png": b"",
            "letter.webp": b"Dear aunt, this is no photograph.",
        },
    )
    found = look_at(tmp_path)
    assert [facts.path.name for facts in found.photos] == ["good.jpg"]
    reasons = {bad.path.name: bad.reason for bad in found.broken}
    assert "ends early" in reasons["cut.jpg"]
    assert "empty" in reasons["empty.png"]
    assert "text" in reasons["letter.webp"]


def test_a_damaged_member_of_an_archive_is_broken_and_the_others_are_not(
    tmp_path: Path, draw
) -> None:
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", draw(1))
        archive.writestr("b.png", draw(2))
    content = bytearray(path.read_bytes())
    content[content.index(draw(1)) + 60] ^= 255
    path.write_bytes(content)
    found = look_at(path)
    assert [facts.photo.name for facts in found.photos] == ["b.png"]
    assert [bad.photo.name for bad in found.broken] == ["a.png"]
    assert "cannot be read" in found.broken[0].reason


@pytest.mark.parametrize("kind", ["tar", "tar.gz"])
def test_tars_are_looked_through_like_folders(tmp_path: Path, draw, tar, kind: str) -> None:
    files = {f"{seed}.png": draw(seed) for seed in range(5)}
    path = tar(tmp_path / f"set.{kind}", files, "w:gz" if kind == "tar.gz" else "w")
    assert [facts.photo.name for facts in look_at(path).photos] == list(files)


def test_colour_one_tone_and_grey_are_told_apart(draw) -> None:
    photo = Image.open(io.BytesIO(draw(3, (120, 90))))
    grey = photo.convert("L")
    assert tone_of(np.asarray(photo)) is Tone.COLOUR
    assert tone_of(np.asarray(grey.convert("RGB"))) is Tone.GREY
    assert tone_of(np.asarray(sepia(grey))) is Tone.TONED
    compressed = Image.open(io.BytesIO(jpeg(grey.convert("RGB"), quality=60))).convert("RGB")
    assert tone_of(np.asarray(compressed)) is Tone.GREY


def test_sixteen_bits_and_palettes_are_photos_too(tmp_path: Path, draw, write) -> None:
    deep = Image.fromarray(np.linspace(0, 65535, 80 * 60).reshape(60, 80).astype(np.uint16))
    deep.save(tmp_path / "deep.png")
    photo = Image.open(io.BytesIO(draw(3, (120, 90))))
    photo.quantize(64).save(tmp_path / "palette.png", transparency=0)
    found = look_at(tmp_path)
    assert {facts.path.name: facts.tone for facts in found.photos} == {
        "deep.png": Tone.GREY,
        "palette.png": Tone.COLOUR,
    }


def test_groups_keep_near_duplicates_and_equal_photos_together(tmp_path: Path, draw, write) -> None:
    photo = Image.open(io.BytesIO(draw(1, (300, 200))))
    write(
        tmp_path,
        {
            "1.png": draw(1, (300, 200)),
            "2.png": draw(2),
            "3.png": draw(1, (300, 200)),
            "4.jpg": jpeg(photo, quality=50),
        },
    )
    found = look_at(tmp_path)
    names = [[facts.path.name for facts in group] for group in found.groups]
    assert names == [["1.png", "3.png", "4.jpg"], ["2.png"]]
    assert found.near_duplicates == [found.groups[0]]


def test_a_sheet_shows_photos_then_what_is_double_toned_or_grey(
    tmp_path: Path, draw, write
) -> None:
    write(tmp_path, {f"{seed}.png": draw(seed) for seed in range(12)})
    plain = survey_sheet(look_at(tmp_path))
    write(tmp_path, {"again.jpg": draw(1, (90, 70), "JPEG"), "grey.png": draw(50, grey=True)})
    more = survey_sheet(look_at(tmp_path))
    assert plain.width == more.width
    assert more.height > plain.height + 2 * CELL_PX


def test_a_sheet_of_photos_that_are_gone_is_still_made(tmp_path: Path, draw, write) -> None:
    write(tmp_path, {"a.png": draw(1)})
    found = look_at(tmp_path)
    (tmp_path / "a.png").unlink()
    assert survey_sheet(found).height > CELL_PX


def test_every_photo_of_a_sheet_is_shown_whole_whatever_its_shape() -> None:
    cells = [
        Cell(Image.new("RGB", size, (200, 30, 30)), f"a name that is far too long {size}")
        for size in ((400, 40), (40, 400), (8, 8), (1, 900))
    ]
    page = np.asarray(contact_sheet([Section("Shapes", "of all kinds", cells)], columns=2))
    red = (page == (200, 30, 30)).all(axis=2)
    ribbon, upright, square, thread = 176 * 18, 18 * 176, 176 * 176, 1 * 176
    assert CELL_PX == 176
    assert red.sum() == ribbon + upright + square + thread
