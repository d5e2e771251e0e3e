"""Beginning from what an earlier run has learned: fine-tuning, further stages, new parts."""

from __future__ import annotations

from pathlib import Path

from torch import nn

from photochrom.errors import InputError, WeightsError
from photochrom.training.checkpoint import Checkpoint, load_checkpoint
from photochrom.training.keeping import LAST
from photochrom.training.recipe import Recipe

NEW_PARTS = ("hint_", "attention.")  # names of parts that do nothing until they have learned


def begun_from(recipe: Recipe) -> Checkpoint | None:
    """The checkpoint that `generator.start` names, a file or a run's folder; None without one.

    Raises `WeightsError` where there is none, `InputError` where it is of another network.
    """
    if not recipe.generator.start:
        return None
    path = Path(recipe.generator.start).expanduser()
    start = load_checkpoint(path / LAST if path.is_dir() else path)
    then, now = start.recipe.generator, recipe.generator
    if (then.name, then.head, then.inputs) != (now.name, now.head, now.inputs):
        raise InputError(
            f"generator.start = {recipe.generator.start!r} is a {then.name} with a head "
            f"{then.head} and {then.inputs} planes, but the recipe wants {now.name}, {now.head}, "
            f"{now.inputs}. Start from a run of the same generator and head."
        )
    return start


def start_with(generator: nn.Module, start: Checkpoint) -> None:
    """Fill the generator with the checkpoint's averaged weights.

    Parts that the earlier network did not have, of `NEW_PARTS`, stay as they are. Raises
    `WeightsError` where anything else differs.
    """
    own = generator.state_dict()
    absent = [key for key in own if key not in start.ema]
    unknown = [key for key in start.ema if key not in own]
    others = [key for key in own if key in start.ema and own[key].shape != start.ema[key].shape]
    wrong = [key for key in absent if not key.startswith(NEW_PARTS)] + unknown + others
    if wrong:
        raise WeightsError(
            f"The weights that generator.start names do not fit this network: {wrong[0]} and "
            f"{len(wrong) - 1} others differ. Give it the same generator.options."
        )
    generator.load_state_dict(own | start.ema)
