"""What is said and decided about a run while it goes: numbers, looks, the best, the alarm."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from photochrom.errors import InputError, PhotochromError
from photochrom.training.batches import BatchMaker, TensorBatch, validation_batch
from photochrom.training.checkpoint import save_checkpoint
from photochrom.training.examine import Examiner
from photochrom.training.keeping import where_to_go_on
from photochrom.training.log import RunLog
from photochrom.training.networks import generator_of
from photochrom.training.run import Run
from photochrom.training.sharding import is_sharded
from photochrom.training.sides import Painted, Truth
from photochrom.training.step import chroma_share

BEST = "best.safetensors"
DISCRIMINATOR = "discriminator"
EXAMINED = 192  # pictures of a look at 128 px; larger ones are fewer, for time and memory
LEAST_EXAMINED = 16


class Observer:
    """Looks at a run at its rhythm, keeps the best, ends what has collapsed."""

    def __init__(self, run: Run, fabric: Fabric, log: RunLog) -> None:
        self.run, self.fabric, self.log = run, fabric, log
        self.learner, recipe = run.learner, run.recipe
        self.shown = whole_generator(run, fabric)
        self.examiner = Examiner(
            self.learner.head,
            self.learner.losses,
            examined_batch(run.maker, recipe.run.stages[-1].px),
            weights=recipe.loss,
            paints=recipe.paints,
        )

    def look(self) -> bool:
        """Measure and draw held-out pictures; False where the run should end early."""
        run = self.run
        goes_on, reason = True, None
        average = run.average.state
        if self.fabric.is_global_zero:
            sheet = self.log.folder / f"samples-{run.step:07d}.png"
            numbers = self.examiner.examine(self.shown, average, sheet)
            self.log.write(step=run.step, minutes=round(run.seconds / 60, 2), **numbers)
            self.log.picture("samples", sheet, step=run.step)
            self.log.say(f"step {run.step}: {look_in_words(numbers)}")
            goes_on = self.weigh(numbers, average)
            reason = run.alarm.check(run.step, {}, None, numbers.get("chroma_share"))
        goes_on, reason = self.fabric.broadcast((goes_on, reason))
        self.end_if(reason)
        return goes_on

    def weigh(self, numbers: Mapping[str, float], average: dict[str, Tensor]) -> bool:
        """Keep the best; False once patience has run out."""
        run, rhythm = self.run, self.run.recipe.run
        value = numbers.get(rhythm.best_by)
        if value is None:
            raise InputError(
                f"run.best_by = {rhythm.best_by!r} is none of a look's numbers: "
                f"{', '.join(numbers)}."
            )
        if not run.step:
            return True  # a network that has learned nothing is nobody's best
        if math.isfinite(value) and (run.best is None or value < run.best):
            run.best, run.looks_since_best = value, 0
            save_checkpoint(self.log.folder / BEST, run.best_checkpoint(average))
            return True
        run.looks_since_best += 1
        if not rhythm.patience or run.looks_since_best < rhythm.patience:
            return True
        least = "any number" if run.best is None else f"{run.best:.4g}"
        self.log.say(
            f"Ended early at step {run.step}: {rhythm.best_by} did not fall below {least} in "
            f"{run.looks_since_best} looks; {BEST} holds the best."
        )
        return False

    def report(self, parts: Mapping[str, Tensor], painted: Painted, truth: Truth) -> None:
        """A JSON line and the progress line; losses are means over the processes."""
        run = self.run
        shared = torch.stack([value.float() for value in parts.values()])
        shared = torch.cat([shared, shared.new_tensor([chroma_share(painted, truth)])])
        *means, share = torch.as_tensor(self.fabric.all_reduce(shared, reduce_op="mean")).tolist()
        losses = {name: round(mean, 6) for name, mean in zip(parts, means, strict=True)}
        pace = run.samples / max(run.seconds, 1e-9)
        px = painted.lightness.shape[-1]
        self.log.write(
            step=run.step,
            samples=run.samples,
            minutes=round(run.seconds / 60, 2),
            px=px,
            rate=self.learner.optimizer.param_groups[-1]["lr"],
            samples_per_s=round(pace, 1),
            training_chroma_share=round(share, 4),
            **losses,
        )
        shown = "  ".join(f"{name} {value:.3f}" for name, value in losses.items())
        self.log.show(f"step {run.step}  {shown}  {px} px  {pace:.0f} photos/s", run.spent)
        reason = run.alarm.check(run.step, losses, self.told_apart(losses), share)
        self.end_if(self.fabric.broadcast(reason))  # only the first process has seen every look

    def told_apart(self, losses: Mapping[str, float]) -> float | None:
        """The plain sum of the discriminator's two sides."""
        loss = losses.get(DISCRIMINATOR)
        return None if loss is None else loss / self.run.recipe.discriminator.loss_weight

    def end_if(self, reason: str | None) -> None:
        """End a run that nothing good can come of, in every process; the last good state stays."""
        if reason is not None:
            self.log.say(f"Stopped: {reason}")
            raise PhotochromError(
                f"The run was stopped: {reason}. {where_to_go_on(self.log.folder)}."
            )


def look_in_words(numbers: Mapping[str, float]) -> str:
    """What a look found, for people: held-out loss, ΔE2000 beside grey's, how colourful.

    >>> look_in_words({"held_out": 3.9, "delta_e": 9.32, "grey_delta_e": 11.9})
    'held-out loss 3.900, ΔE2000 9.32, left grey 11.90'
    """
    words = (
        ("held_out", "held-out loss {:.3f}"),
        ("delta_e", "ΔE2000 {:.2f}"),
        ("grey_delta_e", "left grey {:.2f}"),
        ("chroma_share", "{:.2f} of the real chroma"),
    )
    return ", ".join(form.format(numbers[name]) for name, form in words if name in numbers)


def whole_generator(run: Run, fabric: Fabric) -> nn.Module:
    """The run's generator, or one like it where its own is cut over the processes."""
    generator = run.learner.generator
    if not is_sharded(generator):
        return generator
    return generator_of(run.recipe, run.learner.head).to(fabric.device)


def examined_batch(maker: BatchMaker, px: int) -> TensorBatch:
    """The pictures that every look is at: held-out ones, or the first of training without any."""
    count = max(LEAST_EXAMINED, min(EXAMINED, EXAMINED * 128**2 // px**2))
    if maker.examples.validation_count:
        return validation_batch(maker, px, count)
    return maker.make(0, min(count, len(maker.examples)), px)
