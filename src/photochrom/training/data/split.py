"""Which photos train, validate and test, by their contents, near-duplicates kept together."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from photochrom.training.data.survey import PhotoFacts, Survey

STEPS = 10_000  # shares are kept to a hundredth of a percent


class Part(StrEnum):
    """What a photo is for: the names of the lists or folders."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


def split(
    found: Survey, *, validation_share: float, test_share: float
) -> dict[Part, list[PhotoFacts]]:
    """The photos of each part; shares are of 1, met to within chance.

    Where a photo goes follows from its contents and those of its near-duplicates alone, whatever
    its name, its place or the other photos are. So a set may grow: what is there stays where it
    is, unless it gets a near-duplicate.
    """
    parts: dict[Part, list[PhotoFacts]] = {part: [] for part in Part}
    for group in found.groups:
        parts[_part_of(group, validation_share, test_share)] += group
    return {part: sorted(facts, key=lambda fact: fact.path) for part, facts in parts.items()}


def _part_of(group: Sequence[PhotoFacts], validation_share: float, test_share: float) -> Part:
    """The part of near-duplicates, by the least of their contents' hashes."""
    place = int(min(facts.sha256 for facts in group)[:12], 16) % STEPS
    if place < round(validation_share * STEPS):
        return Part.VALIDATION
    if place < round((validation_share + test_share) * STEPS):
        return Part.TEST
    return Part.TRAIN
