"""What a recipe's pictures are made from: files with their partners, and what each is for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from photochrom.errors import InputError
from photochrom.training.data.archives import DAMAGED
from photochrom.training.data.decode import decode_photo
from photochrom.training.data.examples import Example
from photochrom.training.data.find import (
    LIST_SUFFIX,
    PhotoName,
    find_in,
    is_chosen,
    limited,
    nothing_found,
    places,
)
from photochrom.training.data.official import Part, official_parts
from photochrom.training.data.pairs import decode_halves, decode_two, partners
from photochrom.training.recipe import DataRecipe

FORMAT = 2  # of the cache, in its fingerprint
ENCODING = ("utf-8", "surrogateescape")  # names need not be text
DIGEST_BYTES = 6  # of a picture's content, which says where it belongs


@dataclass(frozen=True)
class Source:
    """One example's file, the file of its input where that is another, and what it is for."""

    photo: PhotoName
    partner: PhotoName | None = None
    part: Part = Part.ANY

    @property
    def name(self) -> str:
        """Inside its folder or archive."""
        return self.photo.name

    def files(self) -> Iterable[Path]:
        """The files on disk that it is read from."""
        for photo in (self.photo, self.partner):
            if photo is not None:
                yield photo.path if photo.container.is_dir() else photo.container


@dataclass(frozen=True)
class Encoded:
    """A source's bytes as they were read."""

    source: Source
    photo: bytes
    partner: bytes | None

    @property
    def digest(self) -> int:
        """48 bits of the content's hash."""
        return int.from_bytes(hashlib.sha256(self.photo).digest()[:DIGEST_BYTES], "big")


def find_sources(recipe: DataRecipe) -> list[Source]:
    """All that the recipe's paths, globs, limit and the sets' own splits leave to learn from.

    What a set keeps for tests is left out, and where `validation_paths` are given, its own
    validation part too. Raises `InputError` where nothing is left, or a pair lacks its partner.
    """
    found = [s for s in sources_in(recipe.paths, recipe) if s.part is not Part.TEST]
    learned = [source for source in found if source.part is not Part.VALIDATION]
    held_out = [source for source in found if source.part is Part.VALIDATION]
    if recipe.validation_paths:
        learned = [replace(source, part=Part.TRAINING) for source in learned]
        held_out = [
            replace(source, part=Part.VALIDATION)
            for source in sources_in(recipe.validation_paths, recipe)
            if source.part in (Part.ANY, Part.VALIDATION)
        ]
        if not held_out:
            raise nothing_found(recipe.validation_paths, recipe)
    if not learned:
        raise nothing_found(recipe.paths, recipe)
    chosen = limited(learned, recipe.limit) + limited(held_out, recipe.limit)
    return with_partners(chosen, recipe) if recipe.layout == "parallel" else chosen


def sources_in(paths: tuple[str, ...], recipe: DataRecipe) -> list[Source]:
    """The pictures of these paths that the globs take, with the parts that their sets give them.

    A list of photos is a choice of its own: nothing else says what those are for.
    """
    listed = [path for path in paths if path.lower().endswith(LIST_SUFFIX)]
    plain = [path for path in paths if path not in listed]
    photos = [photo for photo in find_in(plain) if is_chosen(photo.name, recipe)]
    roots = [place for path in plain for place in places(path)]
    named = zip(photos, official_parts(photos, roots), strict=True)
    found = {photo: Source(photo, part=part) for photo, part in named}
    for photo in find_in(listed):
        if is_chosen(photo.name, recipe):
            found[photo] = Source(photo)
    return list(found.values())


def with_partners(targets: Sequence[Source], recipe: DataRecipe) -> list[Source]:
    """The targets with their inputs."""
    every = find_in((*recipe.paths, *recipe.validation_paths))
    inputs = find_in(recipe.input_paths)
    photos = [source.photo for source in targets]
    matched = zip(targets, partners(photos, every, inputs), strict=True)
    return [replace(target, partner=partner) for target, partner in matched]


def fingerprint(sources: Sequence[Source], recipe: DataRecipe) -> str:
    """A short hash that changes with the pictures, the contents of their files or their making."""
    digest = hashlib.sha256()
    made = (recipe.layout, recipe.input == "given", recipe.given_side, recipe.short_side_px)
    digest.update(json.dumps([FORMAT, *made]).encode())
    for file in sorted({file for source in sources for file in source.files()}):
        stat = file.stat()
        digest.update(f"{file.resolve()}\0{stat.st_size} {stat.st_mtime_ns}\n".encode(*ENCODING))
    for source in sources:
        partner = source.partner.name if source.partner else ""
        digest.update(f"{source.photo.name}\0{partner}\0{source.part:d}\n".encode(*ENCODING))
    return digest.hexdigest()[:16]


def read_source(source: Source) -> Encoded:
    """The source's bytes; `InputError` where its folder or archive does not give them."""
    partner = source.partner
    return Encoded(source, read_photo(source.photo), read_photo(partner) if partner else None)


def read_photo(photo: PhotoName) -> bytes:
    """The photo's bytes; `InputError` where its folder or archive does not give them."""
    try:
        return photo.read_bytes()
    except (*DAMAGED, RuntimeError) as error:  # a password is a RuntimeError
        raise InputError(f"{photo.path} cannot be read: {error}") from error


def decode_source(encoded: Encoded, recipe: DataRecipe) -> Example:
    """The example that the bytes hold; `InputError` where it cannot teach colour."""
    name, short_side_px = encoded.source.name, recipe.short_side_px
    takes_given = recipe.input == "given"
    if recipe.layout == "pairs":
        pair = decode_halves(encoded.photo, name, short_side_px, recipe.given_side)
        return pair if takes_given else Example(pair.rgb)
    if encoded.partner is not None and takes_given:
        return decode_two(encoded.photo, encoded.partner, name, short_side_px)
    return Example(decode_photo(encoded.photo, name, short_side_px))
