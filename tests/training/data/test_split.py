"""Splits by content: the same photos are always split alike, and near-duplicates together."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from photochrom.errors import InputError, SetupError
from photochrom.training.data.duplicates import Likeness
from photochrom.training.data.find import PhotoName, find_in
from photochrom.training.data.parts import (
    Form,
    lists_of,
    places_of,
    write_lists,
    write_photos,
)
from photochrom.training.data.split import Part, split
from photochrom.training.data.survey import PhotoFacts, Survey, Tone, survey


def facts(name: str, *, content: str | None = None, across: int | None = None) -> PhotoFacts:
    """A photo of that name; `content` decides its hash, `across` what it looks like."""
    digest = hashlib.sha256(os.fsencode(content or name)).hexdigest()
    look = int(digest[:16], 16) if across is None else across
    return PhotoFacts(
        PhotoName(Path("set"), name),
        format="PNG",
        width=64,
        height=48,
        bytes=100,
        sha256=digest,
        tone=Tone.COLOUR,
        likeness=Likeness(look, look),
    )


def many(count: int = 2000) -> list[PhotoFacts]:
    return [facts(f"{number:05}.png") for number in range(count)]


def parts_by_content(photos: list[PhotoFacts]) -> dict[str, Part]:
    parts = split(Survey(photos, []), validation_share=0.2, test_share=0.1)
    return {fact.sha256: part for part, those in parts.items() for fact in those}


def uncounted(done: int, total: int) -> None:
    assert 0 < done <= total


def test_shares_are_met_to_within_chance() -> None:
    parts = split(Survey(many(), []), validation_share=0.2, test_share=0.1)
    assert sum(map(len, parts.values())) == 2000
    assert len(parts[Part.VALIDATION]) == pytest.approx(400, abs=60)
    assert len(parts[Part.TEST]) == pytest.approx(200, abs=45)


def test_a_photo_stays_in_its_part_when_renamed_and_when_others_come() -> None:
    few = many(500)
    renamed = [facts(f"other/{9999 - i}.jpg", content=f"{i:05}.png") for i in range(500)]
    before, after = parts_by_content(few), parts_by_content(many(2000))
    assert parts_by_content(renamed) == before
    assert all(after[content] == part for content, part in before.items())


def test_near_duplicates_go_to_one_part() -> None:
    looks = [int(fact.sha256[:16], 16) for fact in many(200)]
    copies = [
        facts(f"{i}-{bit}.png", across=look ^ 1 << bit)
        for i, look in enumerate(looks)
        for bit in range(3)
    ]
    found = Survey(copies, [])
    assert len(found.groups) == 200
    part_of = parts_by_content(copies)
    for group in found.groups:
        assert len({part_of[fact.sha256] for fact in group}) == 1
    assert set(part_of.values()) == set(Part)


def test_the_training_split_of_the_same_share_is_the_same(tmp_path: Path, draw, write) -> None:
    """A recipe's own `validation_share` and `data split --validation` agree photo by photo."""
    from photochrom.training.data.sources import find_sources, read_source
    from photochrom.training.recipe import DataRecipe

    write(tmp_path, {f"{seed}.png": draw(seed) for seed in range(20)})
    found = survey(find_in([str(tmp_path)]), on_progress=uncounted)
    parts = split(found, validation_share=0.5, test_share=0)
    validating = {fact.photo for fact in parts[Part.VALIDATION]}
    sources = find_sources(DataRecipe(paths=(str(tmp_path),)))
    by_recipe = {s.photo for s in sources if read_source(s).digest % 10_000 < 5_000}
    assert validating == by_recipe
    assert 0 < len(validating) < 20


@pytest.fixture
def real(tmp_path: Path, draw, write) -> Survey:
    """Twelve photos in the folder `set`."""
    write(tmp_path / "set", {f"{'ab'[seed % 2]}/{seed}.png": draw(seed) for seed in range(12)})
    return survey(find_in([str(tmp_path / "set")]), on_progress=uncounted)


def test_lists_name_photos_as_seen_from_their_own_folder(real: Survey, tmp_path: Path) -> None:
    out = tmp_path / "results/lists"
    parts = split(real, validation_share=0.3, test_share=0.3)
    write_lists(lists_of(parts, out), overwrite=False)
    for part, those in parts.items():
        found = find_in([str(out / f"{part}.txt")])
        assert {photo.path.resolve() for photo in found} == {fact.path for fact in those}
    (tmp_path / "moved").mkdir()
    (tmp_path / "set").rename(tmp_path / "moved/set")
    (tmp_path / "results").rename(tmp_path / "moved/results")
    moved = find_in([str(tmp_path / "moved/results/lists/train.txt")])
    assert len(moved) == len(parts[Part.TRAIN])


def test_photos_in_archives_are_listed_as_if_these_were_folders(tmp_path: Path, draw, tar) -> None:
    tar(tmp_path / "set.tar", {f"a/{seed}.png": draw(seed) for seed in range(6)})
    found = survey(find_in([str(tmp_path / "set.tar")]), on_progress=uncounted)
    parts = split(found, validation_share=0, test_share=0)
    write_lists(lists_of(parts, tmp_path), overwrite=False)
    assert "set.tar/a/0.png\n" in (tmp_path / "train.txt").read_text()
    assert len(find_in([str(tmp_path / "train.txt")])) == 6


@pytest.mark.parametrize("name", ["a\nb.png", "a\u2028.png", "ends in a blank ", "caf\udce9.png"])
def test_names_that_a_list_cannot_hold_are_refused(tmp_path: Path, name: str) -> None:
    parts = {Part.TRAIN: [facts(name)]}
    with pytest.raises(InputError, match="a list cannot hold"):
        lists_of(parts, tmp_path)


@pytest.mark.parametrize("form", [Form.COPIES, Form.LINKS])
def test_photos_are_put_into_folders_of_their_parts(
    real: Survey, tmp_path: Path, form: Form
) -> None:
    out = tmp_path / "out"
    places = places_of(split(real, validation_share=0.3, test_share=0.3), out)
    write_photos(places, out, form, overwrite=False, on_progress=uncounted)
    assert len(places) == 12
    for place, fact in places.items():
        assert place.parts[-3] in set(Part)
        assert place.read_bytes() == fact.path.read_bytes()
        assert place.samefile(fact.path) == (form is Form.LINKS)


def test_a_second_run_writes_nothing_and_other_splits_are_not_mixed_in(
    real: Survey, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def write(validation_share: float) -> list[int]:
        counted: list[int] = []
        places = places_of(split(real, validation_share=validation_share, test_share=0), out)
        write_photos(
            places,
            out,
            Form.COPIES,
            overwrite=False,
            on_progress=lambda done, total: counted.append(done),
        )
        return counted

    assert len(write(0.3)) == 12
    assert write(0.3) == []
    with pytest.raises(InputError, match="would mix two splits"):
        write(0.8)


def test_nothing_is_written_over(real: Survey, tmp_path: Path) -> None:
    parts = split(real, validation_share=0.3, test_share=0.3)
    theirs = tmp_path / "lists/test.txt"
    theirs.parent.mkdir()
    theirs.write_text("my own notes")
    lists = lists_of(parts, theirs.parent)
    with pytest.raises(InputError, match="exists already"):
        write_lists(lists, overwrite=False)
    assert [path.name for path in theirs.parent.iterdir()] == ["test.txt"]
    write_lists(lists, overwrite=True)
    assert theirs.read_bytes() == lists[theirs]
    without = lists_of(split(real, validation_share=0.3, test_share=0), theirs.parent)
    with pytest.raises(InputError, match="exists already"):
        write_lists(without, overwrite=False)
    write_lists(without, overwrite=True)
    assert not theirs.exists()

    places = places_of(parts, tmp_path / "out")
    place = next(iter(places))
    place.parent.mkdir(parents=True)
    place.write_bytes(b"another photo")
    with pytest.raises(InputError, match="exists already"):
        write_photos(places, tmp_path / "out", Form.COPIES, overwrite=False, on_progress=uncounted)
    write_photos(places, tmp_path / "out", Form.COPIES, overwrite=True, on_progress=uncounted)
    assert place.read_bytes() == places[place].path.read_bytes()


def test_two_photos_for_one_place_are_refused() -> None:
    one, other = facts("a.png"), facts("a.png", content="another")
    with pytest.raises(InputError, match="would hold both"):
        places_of({Part.TRAIN: [one, other]}, Path("out"))


def test_several_folders_are_kept_apart() -> None:
    there = PhotoFacts(
        **{**vars(facts("a.png", content="x")), "photo": PhotoName(Path("b.zip"), "a.png")}
    )
    places = places_of({Part.TRAIN: [facts("a.png"), there]}, Path("out"))
    assert sorted(map(str, places)) == ["out/train/b/a.png", "out/train/set/a.png"]


def test_a_name_that_leads_out_of_its_archive_is_refused() -> None:
    with pytest.raises(InputError, match="leads out of the archive"):
        places_of({Part.TRAIN: [facts("../../../etc/cron.png")]}, Path("out"))


def test_what_lies_in_an_archive_cannot_be_linked(tmp_path: Path, draw, tar) -> None:
    tar(tmp_path / "set.tar", {"a.png": draw(1)})
    found = survey(find_in([str(tmp_path / "set.tar")]), on_progress=uncounted)
    places = places_of({Part.TRAIN: found.photos}, tmp_path / "out")
    with pytest.raises(InputError, match="--as copies"):
        write_photos(places, tmp_path / "out", Form.LINKS, overwrite=False, on_progress=uncounted)


def test_a_link_that_the_disk_refuses_is_the_machines(
    real: Survey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refuse)
    places = places_of({Part.TRAIN: real.photos}, tmp_path / "out")
    with pytest.raises(SetupError, match="Use --as copies"):
        write_photos(places, tmp_path / "out", Form.LINKS, overwrite=False, on_progress=uncounted)
