"""Photos packed into shards: tar files as WebDataset reads them, with an index beside them.

A shard holds KEY.jpg (or .png, .webp), the photo's own bytes, and KEY.json, what is known of it.
`index.json` lists the shards; it is written last, so a set that has one is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from photochrom.errors import InputError
from photochrom.media.atomic import write_atomic
from photochrom.pipeline import in_order
from photochrom.resources import cores
from photochrom.training.data.find import PhotoName
from photochrom.training.data.parts import make_folder
from photochrom.training.data.picture import Broken, compressed_tar
from photochrom.training.data.sample import SampleOptions, read_sample
from photochrom.training.data.shard_file import Shard, facts_of, new_shard
from photochrom.training.data.survey import Progress

INDEX = "index.json"
UNFINISHED = ".unfinished.json"  # the same while the set is being packed, and how far that is


@dataclass
class Packing:
    """How far a set is packed: so many photos of its order `taken`, into shards or as broken.

    `made_from` is a hash of the photos and the options that the shards are made from.
    """

    made_from: str
    taken: int = 0
    shards: list[Shard] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)  # path and reason

    @property
    def total(self) -> int:
        """Photos in the shards."""
        return sum(shard.count for shard in self.shards)


@dataclass(frozen=True)
class PackOptions:
    """How photos are packed; a shard ends with the photo that makes it this large."""

    shard_bytes: int = 200_000_000
    sample: SampleOptions = field(default_factory=SampleOptions)


def pack_photos(
    photos: Sequence[PhotoName], folder: Path, options: PackOptions, *, on_progress: Progress
) -> Packing:
    """Pack the photos into shards in `folder`, or go on where an earlier packing was stopped.

    The order is mixed, always in the same way, so that every shard holds something of
    everything. A set that is finished already is given back as it is.

    Raises `InputError` where `folder` holds another set, or where no photo can be read;
    `SetupError` where the disk is full.
    """
    compressed = compressed_tar(photos)
    if compressed:
        raise InputError(
            f"{compressed} is compressed as a whole, so its photos can only be read one after the "
            "other, and packing mixes them: decompress it to a .tar first"
        )
    order = mixed(photos)
    packing = open_packing(folder, made_from(order, options))
    if (folder / INDEX).exists():
        return packing
    make_folder(folder)
    write_packing(folder / UNFINISHED, packing)
    samples = in_order(
        partial(read_sample, options=options.sample),
        order[packing.taken :],
        workers=cores(),
    )
    while packing.taken < len(order):
        path = folder / f"shard-{len(packing.shards):06}.tar"
        with new_shard(path) as shard:
            for sample in samples:
                if isinstance(sample, Broken):
                    packing.broken.append((str(sample.path), sample.reason))
                else:
                    shard.add(f"{packing.taken:09}", sample)
                packing.taken += 1
                on_progress(packing.taken, len(order))
                if shard.bytes >= options.shard_bytes:
                    break
        if shard.count:
            packing.shards.append(facts_of(path, shard.count))
        write_packing(folder / UNFINISHED, packing)
    if packing.total:
        write_packing(folder / INDEX, packing)
    (folder / UNFINISHED).unlink()
    if not packing.total:
        first, reason = packing.broken[0]
        raise InputError(f"none of the {len(order)} photos can be read. {first}: {reason}")
    return packing


def mixed(photos: Sequence[PhotoName]) -> list[PhotoName]:
    """The photos in an order that has nothing to do with their names, and is always the same."""

    def place(photo: PhotoName) -> bytes:
        return hashlib.sha256(os.fsencode(f"{photo.container.name}/{photo.name}")).digest()

    return sorted(photos, key=place)


def made_from(order: Sequence[PhotoName], options: PackOptions) -> str:
    """A hash that changes with the photos, with the files that they lie in and with the options."""
    digest = hashlib.sha256(repr(options).encode())
    archives: dict[Path, os.stat_result] = {}
    for photo in order:
        at = archives.get(photo.container) or photo.container.stat()
        if stat.S_ISDIR(at.st_mode):
            at = photo.path.stat()
        else:
            archives[photo.container] = at
        digest.update(f"{at.st_size} {at.st_mtime_ns} ".encode() + os.fsencode(photo.path))
    return digest.hexdigest()


def open_packing(folder: Path, wanted: str) -> Packing:
    """The packing of the wanted photos in `folder`: finished, or how far it came, or a new one.

    Raises `InputError` where the folder holds something else.
    """
    for name in (INDEX, UNFINISHED):
        if (folder / name).exists():
            found = read_packing(folder / name)
            if found.made_from == wanted and _is_whole(folder, found):
                return found
            raise InputError(
                f"{folder} holds shards of other photos or made with other options, or shards that "
                "were changed since. Choose another folder, or replace them with --overwrite"
            )
    tars = sorted(folder.glob("*.tar"))
    if tars:
        raise InputError(
            f"{folder} holds {tars[0].name} and has no {INDEX}, so it would be taken for one of "
            "the shards. Choose another folder"
        )
    return Packing(wanted)


def remove_packing(folder: Path) -> None:
    """Remove the shards that an index in `folder` lists, and the index; nothing else."""
    for name in (INDEX, UNFINISHED):
        if (folder / name).exists():
            found = read_packing(folder / name)
            (folder / name).unlink()  # first, so that half a set is never taken for a whole one
            for shard in found.shards:
                (folder / Path(shard.name).name).unlink(missing_ok=True)


def read_packing(path: Path) -> Packing:
    """The packing that an index describes.

    Raises `InputError` where it is none of ours.
    """
    try:
        table = json.loads(path.read_bytes())
        shards = [Shard(**shard) for shard in table["shards"]]
        broken = [(str(name), str(reason)) for name, reason in table["broken"]]
        return Packing(str(table["made_from"]), int(table["taken"]), shards, broken)
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{path} was not written by `photochrom data pack`. Choose another folder"
        ) from error


def write_packing(path: Path, packing: Packing) -> None:
    """Write the index."""
    table = {"total": packing.total, **asdict(packing)}
    write_atomic(path, json.dumps(table, indent=1).encode())


def _is_whole(folder: Path, packing: Packing) -> bool:
    """Whether every shard is there, as large as it was."""
    paths = [folder / shard.name for shard in packing.shards]
    return all(
        path.is_file() and path.stat().st_size == shard.bytes
        for path, shard in zip(paths, packing.shards, strict=True)
    )
