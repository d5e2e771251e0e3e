"""Examples from WebDataset shards, local and streamed."""

from __future__ import annotations

import http.server
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.errors import InputError
from photochrom.training.data import shard_store
from photochrom.training.data.examples import Example, open_examples
from photochrom.training.data.find import find_photos
from photochrom.training.data.packing import PackOptions, pack_photos
from photochrom.training.data.shard_list import ShardRun
from photochrom.training.data.sharded import ShardedExamples, cut
from photochrom.training.recipe import DataRecipe

Draw = Callable[..., bytes]
PER_SHARD = (4, 7, 2, 5)
TOTAL = sum(PER_SHARD)


@pytest.fixture
def shards(tmp_path: Path, draw: Draw, tar: Callable[..., Path]) -> Path:
    """A folder of four shards with 18 pictures, and no index."""
    number = 0
    for i, count in enumerate(PER_SHARD):
        files = {}
        for _ in range(count):
            files[f"{number:06}.png"] = draw(number)
            files[f"{number:06}.json"] = b"{}"
            number += 1
        tar(tmp_path / f"set/shard-{i:03}.tar", files)
    return tmp_path / "set"


@pytest.fixture
def indexed(shards: Path) -> Path:
    listed = [{"name": f"shard-{i:03}.tar", "count": n} for i, n in enumerate(PER_SHARD)]
    (shards / "index.json").write_text(json.dumps({"shards": listed}))
    return shards


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., ShardedExamples]]:
    """Opens shards and lets go of them after the test."""
    made = []

    def make(*paths: object, **choices: object) -> ShardedExamples:
        recipe = DataRecipe(paths=tuple(map(str, paths)), layout="shards")
        recipe = replace(recipe, **choices)  # type: ignore[arg-type]
        examples = open_examples(recipe, tmp_path / "cache", on_progress=lambda done, total: None)
        assert isinstance(examples, ShardedExamples)
        made.append(examples)
        return examples

    yield make
    for examples in made:
        examples.close()


@pytest.fixture
def served(indexed: Path) -> Iterator[tuple[str, list[str]]]:
    """The address of a server with the shards, and what it was asked for."""
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_request(self, *_: object) -> None:
            asked.append(self.path)

        def log_message(self, *_: object) -> None:
            pass

    handler = partial(Handler, directory=str(indexed))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()
        thread.join()


def pixels(example: Example) -> bytes:
    return example.rgb.tobytes()


def epoch(examples: ShardedExamples, number: int, seed: int = 7) -> list[bytes]:
    return [pixels(examples.training(seed, number, place)) for place in range(len(examples))]


def all_pixels(draw: Draw) -> set[bytes]:
    return {Image.open(io.BytesIO(draw(i))).convert("RGB").tobytes() for i in range(TOTAL)}


def test_every_picture_comes_once_an_epoch_and_the_order_changes(
    shards: Path, opened: Callable[..., ShardedExamples], draw: Draw
) -> None:
    examples = opened(shards, validation_share=0.0)
    first, second = epoch(examples, 0), epoch(examples, 1)
    assert len(first) == TOTAL
    assert set(first) == set(second) == all_pixels(draw)
    assert first != second


def test_the_shards_follow_one_another_and_each_is_shuffled(
    shards: Path, opened: Callable[..., ShardedExamples], draw: Draw
) -> None:
    examples = opened(shards, validation_share=0.0)
    number = {Image.open(io.BytesIO(draw(i))).convert("RGB").tobytes(): i for i in range(TOTAL)}
    edges = np.cumsum(PER_SHARD)
    seen, is_sorted = [], []
    for n in range(6):
        order = [number[picture] for picture in epoch(examples, n)]
        shard = np.searchsorted(edges, order, side="right")
        changes = np.flatnonzero(np.diff(shard))
        assert len(changes) == 3  # a shard is left for good
        seen.append(tuple(shard[[0, *(changes + 1)]]))
        is_sorted.append(order == sorted(order))
    assert len(set(seen)) > 2
    assert not any(is_sorted)


def test_any_place_is_known_without_those_before_it(
    indexed: Path, opened: Callable[..., ShardedExamples]
) -> None:
    whole = epoch(opened(indexed), 3)
    again = opened(indexed)
    assert [pixels(again.training(7, 3, place)) for place in (16, 2, 9)] == [
        whole[16],
        whole[2],
        whole[9],
    ]


def test_the_first_pictures_are_held_out(
    shards: Path, opened: Callable[..., ShardedExamples]
) -> None:
    examples = opened(shards, validation_share=0.3)
    assert (examples.validation_count, len(examples)) == (5, 13)
    held_out = {pixels(examples.validation(i)) for i in range(5)}
    assert len(held_out) == 5
    assert held_out.isdisjoint(epoch(examples, 0))
    apart = opened(shards / "shard-00[123].tar", validation_paths=(str(shards / "shard-000.tar"),))
    assert (apart.validation_count, len(apart)) == (4, 14)


def test_a_path_may_be_a_shard_a_pattern_braces_or_an_index(
    indexed: Path, opened: Callable[..., ShardedExamples]
) -> None:
    assert len(opened(indexed / "shard-002.tar", validation_share=0.0)) == 2
    assert len(opened(indexed / "shard-*.tar", validation_share=0.0)) == TOTAL
    assert len(opened(indexed / "shard-{001..002}.tar", validation_share=0.0)) == 9
    assert len(opened(indexed / "index.json", validation_share=0.0)) == TOTAL
    assert len(opened(indexed, validation_share=0.0, limit=6)) == 6


def test_what_data_pack_writes_is_read(
    tmp_path: Path, photos: Path, opened: Callable[..., ShardedExamples]
) -> None:
    found = find_photos(DataRecipe(paths=(str(photos),)))
    options = PackOptions(shard_bytes=40_000)
    packing = pack_photos(found, tmp_path / "packed", options, on_progress=lambda done, total: None)
    assert len(packing.shards) > 1
    examples = opened(tmp_path / "packed", validation_share=0.0)
    own = {Image.open(photo).tobytes() for photo in photos.iterdir()}
    assert set(epoch(examples, 0)) == own


def test_bad_pictures_are_replaced_counted_and_listed(
    tmp_path: Path, draw: Draw, tar: Callable[..., Path], opened: Callable[..., ShardedExamples]
) -> None:
    files = {f"{i}.png": draw(i) for i in range(4)}
    files |= {"grey.png": draw(9, grey=True), "cut.jpg": draw(8, (200, 200), "JPEG")[:400]}
    examples = opened(tar(tmp_path / "a.tar", files), validation_share=0.0)
    assert len(examples) == 6
    assert len(set(epoch(examples, 0))) == 4
    assert {Path(entry.file).name for entry in examples.refused} == {"grey.png", "cut.jpg"}
    again = opened(tmp_path / "a.tar", validation_share=0.0)
    assert epoch(again, 0)[::-1] == [
        pixels(again.training(7, 0, place)) for place in range(5, -1, -1)
    ]
    assert epoch(again, 0) == epoch(examples, 0)


def test_a_shard_without_a_good_picture_is_named(
    tmp_path: Path, draw: Draw, tar: Callable[..., Path], opened: Callable[..., ShardedExamples]
) -> None:
    path = tar(tmp_path / "grey.tar", {f"{i}.png": draw(i, grey=True) for i in range(3)})
    with pytest.raises(InputError, match=r"None of the pictures .*grey\.tar"):
        opened(path, validation_share=0.0).training(7, 0, 0)


def test_shards_are_streamed_one_after_the_other_and_kept_few(
    served: tuple[str, list[str]],
    indexed: Path,
    opened: Callable[..., ShardedExamples],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shard_store, "AT_HAND", 2)
    address, asked = served
    far, near = opened(address), opened(indexed)
    assert asked == ["/index.json"]  # an index tells the counts, so nothing else was fetched
    assert epoch(far, 0) == epoch(near, 0)
    assert sorted(set(asked[1:])) == [f"/shard-00{i}.tar" for i in range(4)]
    assert list((tmp_path / "cache").glob("*.tar*")) == []  # copies have no name to leave behind
    assert len(far.store.shards) <= 2


def test_far_shards_without_an_index_are_counted_once(
    served: tuple[str, list[str]], opened: Callable[..., ShardedExamples]
) -> None:
    address, asked = served
    assert len(opened(f"{address}shard-{{000..001}}.tar", validation_share=0.0)) == 11
    counted = len(asked)
    assert len(opened(f"{address}shard-{{000..001}}.tar", validation_share=0.0)) == 11
    assert counted == len(asked) == 2


def test_a_shard_that_cannot_be_fetched_is_named(
    served: tuple[str, list[str]],
    opened: Callable[..., ShardedExamples],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shard_store, "PAUSE_S", 0.0)
    address, asked = served
    with pytest.raises(InputError, match=r"none\.tar cannot be read.*Check the address"):
        opened(f"{address}none.tar")
    assert len([path for path in asked if path == "/none.tar"]) == shard_store.ATTEMPTS
    with pytest.raises(InputError, match=r"none/index\.json cannot be read.*Check"):
        opened(f"{address}none/")


@pytest.mark.parametrize("place", ["pipe:curl http://x/a.tar", "file:///b", "http://x/';id;'.tar"])
def test_a_recipe_cannot_run_commands(place: str, opened: Callable[..., ShardedExamples]) -> None:
    with pytest.raises(InputError, match=r"may not run commands|is no URL"):
        opened(place)


def test_an_index_that_promises_too_much_is_named(
    indexed: Path, opened: Callable[..., ShardedExamples], draw: Draw, tar: Callable[..., Path]
) -> None:
    tar(indexed / "shard-001.tar", {"a.png": draw(0)})
    with pytest.raises(InputError, match=r"shard-001\.tar holds 1 pictures, fewer than the 7"):
        epoch(opened(indexed), 0)


@pytest.mark.parametrize("text", ["", "[]", '{"shards": [{"name": "a.tar"}]}'])
def test_what_is_no_index_is_named(
    shards: Path, opened: Callable[..., ShardedExamples], text: str
) -> None:
    (shards / "index.json").write_text(text)
    with pytest.raises(InputError, match=r"index\.json is no index of shards"):
        opened(shards)


def test_globs_over_pictures_do_not_go_with_shards(
    shards: Path, opened: Callable[..., ShardedExamples]
) -> None:
    with pytest.raises(InputError, match="choose shards by their paths"):
        opened(shards, include=("a*",))


def test_no_shards_and_no_pictures_are_said(
    tmp_path: Path, tar: Callable[..., Path], opened: Callable[..., ShardedExamples]
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no shards in"):
        opened(tmp_path / "empty")
    with pytest.raises(InputError, match="no picture to train on"):
        opened(tar(tmp_path / "texts.tar", {"a.txt": b""}))


def test_the_fingerprint_follows_the_shards(
    indexed: Path, opened: Callable[..., ShardedExamples], draw: Draw, tar: Callable[..., Path]
) -> None:
    before = opened(indexed).fingerprint
    assert opened(indexed).fingerprint == before
    assert opened(indexed, limit=9).fingerprint != before
    tar(indexed / "shard-002.tar", {"a.png": draw(50), "b.png": draw(51)})
    assert opened(indexed).fingerprint != before


def test_cutting_runs_loses_no_picture() -> None:
    runs = [ShardRun("a", 0, 4), ShardRun("b", 2, 5)]
    assert cut(runs, 6) == ([ShardRun("a", 0, 4), ShardRun("b", 2, 2)], [ShardRun("b", 4, 3)])
    assert cut(runs, 0) == ([], runs)
    assert cut(runs, 99) == (runs, [])
