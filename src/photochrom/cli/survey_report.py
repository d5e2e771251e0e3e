"""What `photochrom data inspect` says: a page for people, or one JSON object a photo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from photochrom.cli.data import listed, many
from photochrom.training.data.survey import PhotoFacts, Survey, Tone

#: Short sides are counted up to each of these.
SIDES_PX = (32, 64, 128, 256, 512, 1024)
MOST_FOLDERS = 12


def report(found: Survey) -> list[str]:
    """The whole page, in lines."""
    photos = found.photos
    rows = {
        "photos": f"{len(photos):,}, {size_in_words(sum(facts.bytes for facts in photos))}",
        "formats": counts(Counter(facts.format for facts in photos)),
        "short side": counts(Counter(side_class(facts) for facts in photos), by_count=False),
        "size": extremes(photos),
        "colour": counts(Counter(str(facts.tone) for facts in photos)),
        "near-duplicates": duplicates_in_words(found),
        "broken": f"{len(found.broken):,}",
    }
    lines = [f"{title:<17}{text}" for title, text in rows.items() if text]
    lines += listed("folders", folders(photos), MOST_FOLDERS)
    for tone in (Tone.TONED, Tone.GREY):
        lines += listed(tone, [str(facts.path) for facts in photos if facts.tone is tone])
    return lines + listed(
        "near-duplicates",
        ["  ".join(str(facts.path) for facts in group) for group in found.near_duplicates],
    )


def records(found: Survey) -> Iterator[dict[str, object]]:
    """An object for each photo, then for each broken one, then one that sums up.

    `group` is the path of the first of a photo's near-duplicates, itself where it has none.
    """
    for group in found.groups:
        for facts in group:
            yield {
                "kind": "photo",
                "path": str(facts.path),
                "format": facts.format,
                "width": facts.width,
                "height": facts.height,
                "bytes": facts.bytes,
                "sha256": facts.sha256,
                "colour": str(facts.tone),
                "difference_hash": f"{facts.likeness.across:016x}",
                "group": str(group[0].path),
            }
    for bad in found.broken:
        yield {"kind": "broken", "path": str(bad.path), "error": bad.reason}
    tones = Counter(facts.tone for facts in found.photos)
    yield {
        "kind": "summary",
        "photos": len(found.photos),
        "bytes": sum(facts.bytes for facts in found.photos),
        **{str(tone): tones[tone] for tone in Tone},
        "near_duplicates": sum(len(group) - 1 for group in found.near_duplicates),
        "broken": len(found.broken),
    }


def counts(counter: Counter[str], *, by_count: bool = True) -> str:
    """Names with their counts, the most frequent first, else by name.

    >>> counts(Counter("abb"))
    'b 2, a 1'
    """
    pairs = counter.most_common() if by_count else sorted(counter.items())
    return ", ".join(f"{name.strip()} {count:,}" for name, count in pairs)


def side_class(facts: PhotoFacts) -> str:
    """Between which of `SIDES_PX` the short side lies, padded so that names sort by size."""
    side = min(facts.width, facts.height)
    for least, most in zip((0, *SIDES_PX), SIDES_PX, strict=False):
        if side < most:
            return f"{least:>4}…{most - 1} px:"
    return f"{SIDES_PX[-1]} px or more:"


def extremes(photos: Sequence[PhotoFacts]) -> str:
    """The smallest, the middle and the largest photo, and the most frequent size."""
    if not photos:
        return ""
    by_area = sorted((facts.width * facts.height, facts.width, facts.height) for facts in photos)
    least, middle, most = (
        "{1}×{2}".format(*by_area[at]) for at in (0, len(by_area) // 2, len(by_area) - 1)
    )
    [(usual, times)] = Counter((facts.width, facts.height) for facts in photos).most_common(1)
    text = f"{least} (smallest), {middle} (middle), {most} (largest)"
    return f"{text}; {times:,} are {usual[0]}×{usual[1]}" if times > 1 else text


def duplicates_in_words(found: Survey) -> str:
    """How many photos are copies of others, and how many of these to the byte."""
    spare = sum(len(group) - 1 for group in found.near_duplicates)
    equal = len(found.photos) - len({facts.sha256 for facts in found.photos})
    if not spare:
        return "none"
    groups = many(len(found.near_duplicates), "group")
    return f"{spare:,} in {groups}, {equal:,} of them equal to the byte"


def folders(photos: Sequence[PhotoFacts]) -> list[str]:
    """The folders and archives with their photos' counts; the subfolders where it is one alone."""
    containers = Counter(str(facts.photo.container) for facts in photos)
    if len(containers) == 1:
        containers = Counter(facts.photo.name.rpartition("/")[0] for facts in photos)
    if len(containers) == 1:
        return []
    width = max(len(f"{count:,}") for count in containers.values())
    return [f"{count:>{width},}  {name or '.'}" for name, count in containers.most_common()]


def size_in_words(size_bytes: int) -> str:
    """Bytes in a unit that reads well.

    >>> size_in_words(45_200_000)
    '45.2 MB'
    """
    size, units = float(size_bytes), ["TB", "GB", "MB", "KB", "B"]
    while size >= 999.5 and len(units) > 1:
        size /= 1000
        units.pop()
    return f"{size:.3g} {units[-1]}"
