"""Examples from shards, for sets that do not fit a disk: one shard after the other.

The shards are shuffled for each epoch, then the pictures within each. So the seed, the epoch and
the place alone say which picture it is, and a run that goes on opens no shard but the one it needs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import InputError, PhotochromError
from photochrom.training.data.decode import decode_photo
from photochrom.training.data.examples import Example, Refused, epoch_order
from photochrom.training.data.shard_list import ShardRun, find_shards, version_of
from photochrom.training.data.shard_store import Shard, ShardStore
from photochrom.training.recipe import DataRecipe


class ShardedExamples:
    """The pictures of shards, decoded when they are needed."""

    def __init__(
        self,
        training: Sequence[ShardRun],
        held_out: Sequence[ShardRun],
        store: ShardStore,
        short_side_px: int,
    ) -> None:
        self.runs, self.held_out = training, held_out
        self.counts = np.array([run.count for run in training])
        self.store = store
        self.short_side_px = short_side_px
        self.bad: dict[tuple[str, int], Refused] = {}
        self.lock = Lock()

    @property
    def fingerprint(self) -> str:
        runs = [
            [version_of(run.place), run.first, run.count] for run in (*self.runs, *self.held_out)
        ]
        text = json.dumps([runs, len(self.runs), self.short_side_px])
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]

    @property
    def validation_count(self) -> int:
        return sum(run.count for run in self.held_out)

    @property
    def refused(self) -> tuple[Refused, ...]:
        with self.lock:
            return tuple(self.bad.values())

    def __len__(self) -> int:
        return int(self.counts.sum())

    def training(self, seed: int, epoch: int, place: int) -> Example:
        order = epoch_order(seed, epoch, len(self.runs))
        ends = self.counts[order].cumsum()
        turn = int(np.searchsorted(ends, place, side="right"))
        current, last = int(order[turn]), turn + 1 == len(order)
        upcoming = epoch_order(seed, epoch + 1, len(order))[0] if last else order[turn + 1]
        self.store.expect(self.runs[upcoming].place)
        run = self.runs[current]
        within = run_order(seed, epoch, current, run.count)
        return self.first_good(run, np.roll(within, int(ends[turn]) - run.count - place))

    def validation(self, i: int) -> Example:
        for run in self.held_out:
            if i < run.count:
                return self.first_good(run, np.roll(np.arange(run.count), -i))
            i -= run.count
        raise IndexError(f"there are {self.validation_count} held-out examples")

    def first_good(self, run: ShardRun, order: NDArray[np.int64]) -> Example:
        """The first picture of the run, in this order, that can teach colour.

        Raises `InputError` where none can.
        """
        shard = self.store.shard(run.place)
        require_count(shard, run)
        for i in (order + run.first).tolist():
            if (run.place, i) in self.bad:
                continue
            try:
                return Example(decode_photo(shard.read(i), shard.names[i], self.short_side_px))
            except (PhotochromError, MemoryError, OSError) as error:
                reason = str(error) or "it does not fit into memory"
                with self.lock:
                    self.bad[run.place, i] = Refused(f"{run.place}/{shard.names[i]}", reason)
        raise InputError(
            f"None of the pictures {run.first} … {run.end - 1} of {run.place} is good."
        )

    def close(self) -> None:
        """Let go of the shards."""
        self.store.close()


@lru_cache(maxsize=4)
def run_order(seed: int, epoch: int, run: int, count: int) -> NDArray[np.int64]:
    """The order of the pictures within a shard in that epoch."""
    return np.random.default_rng((seed, epoch, 2, run)).permutation(count)


def require_count(shard: Shard, run: ShardRun) -> None:
    """Raise an `InputError` where the shard holds fewer pictures than its index says."""
    if len(shard.names) < run.end:
        raise InputError(
            f"{run.place} holds {len(shard.names)} pictures, fewer than the {run.end} that its "
            "index says. Pack the set anew."
        )


def open_shards(
    recipe: DataRecipe, cache_folder: Path, *, on_progress: Callable[[int, int], None]
) -> ShardedExamples:
    """The recipe's shards, none of them fetched yet where an index tells their counts.

    Held out are the shards of `validation_paths`, else the first pictures of the first ones.
    Raises `InputError` where there are none.
    """
    if recipe.include != ("*",) or recipe.exclude:
        raise InputError(
            "data.include and data.exclude choose among pictures, and shards are taken whole: "
            "choose shards by their paths."
        )
    found = find_shards(recipe.paths, cache_folder, on_progress=on_progress)
    total = sum(run.count for run in found)
    if recipe.validation_paths:
        held_out = find_shards(recipe.validation_paths, cache_folder, on_progress=on_progress)
    else:
        least = 1 if recipe.validation_share > 0 and total > 1 else 0
        held_out, found = cut(found, max(least, round(recipe.validation_share * total)))
    if recipe.limit:
        held_out, found = cut(held_out, recipe.limit)[0], cut(found, recipe.limit)[0]
    if not found:
        raise InputError(f"The shards {', '.join(recipe.paths)} hold no picture to train on.")
    return ShardedExamples(found, held_out, ShardStore(cache_folder), recipe.short_side_px)


def cut(runs: Sequence[ShardRun], count: int) -> tuple[list[ShardRun], list[ShardRun]]:
    """The first `count` pictures of the runs, and the rest."""
    before, after = [], []
    for run in runs:
        taken = max(0, min(run.count, count))
        count -= taken
        before += [ShardRun(run.place, run.first, taken)] if taken else []
        if taken < run.count:
            after.append(ShardRun(run.place, run.first + taken, run.count - taken))
    return before, after
