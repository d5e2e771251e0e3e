"""What is in a run's folder, and who may write there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from photochrom.errors import InputError, PhotochromError
from photochrom.training.checkpoint import Checkpoint
from photochrom.training.data.examples import Refused
from photochrom.training.keeping import (
    GOOD,
    LAST,
    keep_good,
    one_process_only,
    remove_abandoned,
    require_finite,
    where_to_go_on,
    write_refused,
)
from photochrom.training.recipe import Recipe


def test_weights_that_are_no_numbers_are_not_kept(
    tiny_recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    (tmp_path / LAST).write_bytes(b"the last good one")
    broken = Checkpoint(
        tiny_recipe(), ema={}, generator={"head.weight": torch.tensor([1.0, torch.inf])}
    )
    with pytest.raises(PhotochromError, match=r"no numbers.*head\.weight.*go on from there"):
        require_finite(broken, tmp_path)
    whole = Checkpoint(tiny_recipe(), ema={}, generator={"head.weight": torch.ones(2)})
    require_finite(whole, tmp_path)


def test_the_state_before_a_symptom_stays_until_all_is_well(tmp_path: Path) -> None:
    last, good = tmp_path / LAST, tmp_path / GOOD
    last.write_bytes(b"well")
    keep_good(tmp_path, is_amiss=True)
    replacement = tmp_path / "new"
    replacement.write_bytes(b"grey")
    replacement.replace(last)
    keep_good(tmp_path, is_amiss=True)  # the one that is kept is not replaced by a worse
    assert good.read_bytes() == b"well"
    assert str(good) in where_to_go_on(tmp_path)
    keep_good(tmp_path, is_amiss=False)
    assert not good.exists()
    assert str(last) in where_to_go_on(tmp_path)


def test_without_a_checkpoint_there_is_nothing_to_go_on_from(tmp_path: Path) -> None:
    assert where_to_go_on(tmp_path) == "There is no checkpoint yet: begin again"


def test_halves_of_killed_writers_are_removed(tmp_path: Path) -> None:
    (tmp_path / f"{LAST}.4711.part").touch()
    (tmp_path / LAST).touch()
    remove_abandoned(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [LAST]


def test_two_commands_cannot_train_in_one_folder(tmp_path: Path) -> None:
    with (
        one_process_only(tmp_path / "run"),
        pytest.raises(InputError, match=r"Another command trains in .*--run"),
        one_process_only(tmp_path / "run"),
    ):
        pass
    with one_process_only(tmp_path / "run"):
        pass


def test_pictures_that_were_left_out_are_listed(tmp_path: Path) -> None:
    write_refused((Refused("a.jpg", "it is grey"),), tmp_path)
    listed = json.loads((tmp_path / "refused.json").read_text(encoding="utf-8"))
    assert listed == [{"file": "a.jpg", "reason": "it is grey"}]
