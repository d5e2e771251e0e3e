"""What lies at a result's place already, and whether it may be replaced."""

from __future__ import annotations

from photochrom.archive.names import result_name, shown
from photochrom.archive.place import Place
from photochrom.archive.records import Order, Task
from photochrom.errors import InputError, PhotochromError
from photochrom.media.formats import default_format
from photochrom.media.photo import open_photo
from photochrom.media.provenance import Provenance, differences, read_provenance
from photochrom.media.reading import Encoded


def result_of(task: Task, source: Place, order: Order, format_name: str) -> str:
    """The name of a task's result.

    Raises `InputError` where it would be another source's result too: then none of them is written.
    """
    result = result_name(task.name, format_name)
    sharing = [
        sibling for sibling in task.siblings if _result_of_sibling(sibling, source, order) == result
    ]
    if sharing:
        names = " and of ".join(shown(name) for name in sorted([task.name, *sharing]))
        raise InputError(
            f"{shown(result)} would be the result of {names}: rename one of them, or give them in "
            "separate runs with another target"
        )
    return result


def _result_of_sibling(name: str, source: Place, order: Order) -> str | None:
    """The name of another source's result; None where there will be none, which is said later."""
    if order.format is not None:
        return result_name(name, order.format)
    try:
        read, _ = source.read(name)
        photo = open_photo(
            Encoded(name, read.encoded),
            max_megapixels=order.max_megapixels,
            allow_truncated=order.allow_truncated,
        )
    except PhotochromError:
        return None
    return result_name(name, default_format(photo))


def may_replace(
    target: Place, result: str, wanted: Provenance, task: Task, order: Order
) -> bytes | None:
    """The bytes at the result's place where they are what this run would make; None to go ahead.

    That is so where nothing is there, where we made it from an earlier version of the same source,
    or with `overwrite`. Raises `InputError` where something else lies there.
    """
    if not target.exists(result):
        return None
    there = target.read(result)[0].encoded
    made = read_provenance(there)
    others = [] if made is None else differences(made, wanted)
    if made is not None and not others:
        return there
    if order.overwrite:
        return None
    if made is None:
        raise InputError(
            f"{shown(result)} exists already in the target and was not made by Photochrom. "
            "Choose another target, or replace it with --overwrite"
        )
    if made.source_sha256 != task.made_from:
        raise InputError(
            f"{shown(result)} exists already in the target, made from "
            f"{' and '.join(others)}. Choose another target, or replace it with --overwrite"
        )
    return None
