"""Pairs of an input and its target: two halves of one picture, or two pictures of one name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import InputError
from photochrom.media.pixels import rgb_to_grey, to_eight_bits
from photochrom.training.data.decode import (
    LEAST_SIDE_PX,
    colourfulness,
    decode_photo,
    decode_whole,
    require_colour,
    shrunk,
)
from photochrom.training.data.examples import Example
from photochrom.training.data.find import PhotoName

MOST_STRETCH = 1.02  # by which the shapes of an input and its target may differ
NAMED = 3  # files that an error names


def decode_halves(encoded: bytes, name: str, short_side_px: int, given_side: str) -> Example:
    """The two halves of a side-by-side pair, each with at most that short side.

    `given_side` is "left" or "right", or "auto": the input is the half with less colour.
    Raises `InputError` where the picture is broken, of odd width, tiny, or has no colour.
    """
    both = decode_whole(encoded, name)
    height, width = both.shape[:2]
    if width % 2 or min(height, width // 2) < LEAST_SIDE_PX:
        raise InputError(f"{name} is {width}×{height}: that is no pair of halves side by side")
    left, right = both[:, : width // 2], both[:, width // 2 :]
    is_left = given_side == "left" or (
        given_side == "auto" and colourfulness(left) < colourfulness(right)
    )
    given, target = (left, right) if is_left else (right, left)
    require_colour(target, f"the colour half of {name}")
    rgb, given_rgb = (as_small(half, short_side_px) for half in (target, given))
    return Example(rgb, to_eight_bits(rgb_to_grey(given_rgb)))


def decode_two(target: bytes, given: bytes, name: str, short_side_px: int) -> Example:
    """A pair of two files; the input is brought to the target's size.

    Raises `InputError` where one is broken or their shapes differ.
    """
    rgb = decode_photo(target, name, short_side_px)
    given_rgb = decode_whole(given, f"the input of {name}")
    height, width = rgb.shape[:2]
    stretch = (given_rgb.shape[1] / given_rgb.shape[0]) / (width / height)
    if not 1 / MOST_STRETCH <= stretch <= MOST_STRETCH:
        raise InputError(
            f"{name} is {width}×{height} (as kept), but its input is "
            f"{given_rgb.shape[1]}×{given_rgb.shape[0]}: their shapes differ"
        )
    resized = Image.fromarray(given_rgb).resize((width, height), Image.Resampling.BILINEAR)
    return Example(rgb, to_eight_bits(rgb_to_grey(np.asarray(resized, dtype=np.uint8))))


def as_small(rgb: NDArray[np.uint8], short_side_px: int) -> NDArray[np.uint8]:
    """Rgb (H, W, 3) with at most that short side."""
    return np.asarray(shrunk(Image.fromarray(np.ascontiguousarray(rgb)), short_side_px))


def partners(
    targets: Sequence[PhotoName], all_targets: Iterable[PhotoName], inputs: Iterable[PhotoName]
) -> list[PhotoName]:
    """The input of each target: of the same name inside its folder, whatever the suffix.

    Raises `InputError` that names the files where a target or an input has no partner, or two.
    """
    by_key: dict[str, PhotoName] = {}
    for photo in inputs:
        if (other := by_key.setdefault(key_of(photo), photo)) is not photo:
            raise InputError(f"{other.path} and {photo.path} are inputs of one name: keep one.")
    lonely = [photo for photo in targets if key_of(photo) not in by_key]
    require_none(lonely, "has no input of its name in data.input_paths")
    known = {key_of(photo) for photo in all_targets}
    strangers = [photo for key, photo in by_key.items() if key not in known]
    require_none(strangers, "has no target of its name in data.paths")
    return [by_key[key_of(photo)] for photo in targets]


def key_of(photo: PhotoName) -> str:
    """What the two files of a pair have in common: the name inside the folder, without suffix."""
    return str(PurePosixPath(photo.name).with_suffix(""))


def require_none(lonely: Sequence[PhotoName], what: str) -> None:
    """Raise an `InputError` that names the first files of a pair that lack their partner."""
    if lonely:
        named = ", ".join(str(photo.path) for photo in lonely[:NAMED])
        more = f" and {len(lonely) - NAMED} more" if len(lonely) > NAMED else ""
        raise InputError(f"{named}{more}: {what}. Add the partner, or exclude the file.")
