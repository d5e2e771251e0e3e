"""The training loop. Kill it at any moment: the same command goes on from the last checkpoint."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from threading import Event

import torch
from lightning_fabric import Fabric
from torch import Tensor

from photochrom.errors import PhotochromError
from photochrom.generators.encoders import require_file
from photochrom.resources import free_memory
from photochrom.training.batches import TensorBatch
from photochrom.training.checkpoint import load_checkpoint, run_facts
from photochrom.training.compiling import compile_networks, require_compiler
from photochrom.training.data.examples import Examples, open_examples
from photochrom.training.feed import Feed
from photochrom.training.keeping import (
    LAST,
    REFUSED,
    keep_last,
    one_process_only,
    where_to_go_on,
    write_refused,
)
from photochrom.training.log import RunLog
from photochrom.training.memory import MemoryEstimate, memory_warning, out_of_memory_in_words
from photochrom.training.networks import RANDOM
from photochrom.training.observer import Observer
from photochrom.training.plan import (
    discriminator_words,
    generator_words,
    largest_stage,
    step_memory,
)
from photochrom.training.precision import AUTO
from photochrom.training.processes import has_batch_statistics, make_fabric, share_of
from photochrom.training.recipe import Recipe
from photochrom.training.resolved import settled_before, write_resolved
from photochrom.training.run import Run
from photochrom.training.schedule import rate_factor, stage_at
from photochrom.training.sides import Painted
from photochrom.training.step import Learner, Pace
from photochrom.training.stopping import stop_between_steps

TOLD_EVERY_S = 20.0  # a run of slow steps says where it is, however few they are


def train(recipe: Recipe, folder: Path, *, cache_folder: Path, quiet: bool = False) -> Path:
    """Train, or go on training, in `folder` until the budget is spent; the last checkpoint's path.

    Started by torchrun, every process calls it alike. Raises `InputError` for a recipe or data that
    cannot be used, or a folder that holds a run of another network; `WeightsError` for missing
    pretrained weights; `PhotochromError` for a run that collapsed. On Ctrl-C the step is finished
    and saved.
    """
    if recipe.generator.encoder != RANDOM and not recipe.generator.start:
        require_file(Path(recipe.generator.encoder).expanduser())  # before minutes of decoding
    fabric = make_fabric("32-true", recipe.run.strategy)
    fabric.launch()
    is_first = fabric.is_global_zero
    held = one_process_only(folder) if is_first else nullcontext()
    with held, RunLog(folder, quiet=quiet, writes=is_first) as log:
        examples = open_together(fabric, recipe, cache_folder, log)
        last = folder / LAST
        earlier = load_checkpoint(last) if last.exists() else None
        run = Run(recipe, examples, earlier, fabric.device)
        if earlier is not None and run.spent >= 1:
            log.say(
                f"This run is finished, at step {run.step}: raise its budget (run.steps, epochs or "
                "minutes) to go on, or begin another with --run."
            )
            return last
        fabric = with_precision(fabric, run, log)
        sitting = Sitting(run, fabric, log, folder)
        with stop_between_steps() as asked_to_stop:
            sitting.descend(asked_to_stop)
        if is_first and examples.refused:
            write_refused(examples.refused, folder)
            log.say(f"{len(examples.refused)} pictures were left out: {folder / REFUSED}")
        if sitting.is_stopped:
            log.say(f"Stopped at step {run.step}; the same command goes on from there.")
            raise KeyboardInterrupt
        log.say(f"{folder / 'index.html'} shows this run; photochrom export {folder} -o MODEL.onnx")
        return last


def open_together(fabric: Fabric, recipe: Recipe, cache_folder: Path, log: RunLog) -> Examples:
    """The examples; the first process decodes them, the others wait and open what it made."""

    def progress(done: int, total: int) -> None:
        log.show(f"decoding {done}/{total}", done / total)

    with fabric.rank_zero_first(local=True):  # of every machine: each has a disk of its own
        return open_examples(recipe.data, cache_folder, on_progress=progress)


def with_precision(fabric: Fabric, run: Run, log: RunLog) -> Fabric:
    """Fabric at the run's precision; `auto` is settled here, and kept from then on."""
    resolved = log.folder / "resolved.json"
    if run.step == 0 and run.precision == AUTO:
        run.precision = settled_before(resolved)  # by a sitting that was killed before it saved
    words = run.settle_precision(fabric.device)
    run.precision = fabric.broadcast(run.precision)
    if words is not None:
        log.say(words)
    if fabric.is_global_zero:
        write_resolved(run, resolved)
    fabric = make_fabric(run.precision, run.recipe.run.strategy)
    fabric.launch()
    return fabric


class Sitting:
    """One sitting of a run: from its start, or where it was left, until it ends or is stopped."""

    def __init__(self, run: Run, fabric: Fabric, log: RunLog, folder: Path) -> None:
        self.run, self.fabric, self.log, self.folder = run, fabric, log, folder
        self.learner: Learner = run.learner
        self.clock_s = self.last_saved_s = self.last_told_s = run.seconds
        self.last_look_s = -1e9
        self.is_stopped = False  # by Ctrl-C
        self.estimate = self.estimated()
        self.describe(self.estimate.px)
        self.warn()
        self.settle_compiling()
        self.learner.setup(fabric)
        run.average.settle()
        self.observer = Observer(run, fabric, log)

    # ---- before the first step

    def estimated(self) -> MemoryEstimate:
        """The memory of a step of the largest stage, on one device."""
        recipe = self.run.recipe
        largest = largest_stage(recipe.run)
        share = replace(largest, batch=share_of(largest.batch, self.fabric.world_size))
        settled = replace(recipe, run=replace(recipe.run, precision=self.run.precision))
        return step_memory(settled, self.learner, share)

    def describe(self, largest_px: int) -> None:
        """What the run is, for its page."""
        run, recipe = self.run, self.run.recipe
        self.log.describe(
            recipe=f"{recipe.name}: {recipe.description}",
            pictures=f"{len(run.examples):,} to learn from, "
            f"{run.examples.validation_count:,} held out",
            generator=generator_words(recipe, self.learner, largest_px),
            discriminator=discriminator_words(recipe, self.learner),
            machine=f"{self.fabric.world_size} × {self.fabric.device}, {run.precision}",
            version=", ".join(f"{name} {value}" for name, value in run_facts().items()),
        )

    def settle_compiling(self) -> None:
        """Compile the networks where the recipe wants it or it pays, alike on every process."""
        run, fabric = self.run, self.fabric
        with out_of_memory_in_words(self.estimate):
            words = run.settle_compiling(fabric.device)
        if words is not None:
            self.log.say(words)
        run.compiles = fabric.broadcast(run.compiles)
        if run.compiles:
            require_compiler(fabric.device)
            compile_networks(self.learner.compilable, len(run.recipe.run.stages))

    def warn(self) -> None:
        """Say before the first step what may go wrong later."""
        run = self.run
        if run.step:
            self.log.say(f"going on from step {run.step}, {run.seconds / 60:.1f} minutes spent")
        adversary = self.learner.adversary
        networks = (self.learner.generator, adversary.network if adversary else None)
        if run.has_other_pictures:
            self.log.say("The pictures are not those that this run began with.")
        if self.fabric.world_size > 1 and has_batch_statistics(*networks):
            self.log.say("BatchNorm takes its statistics per process, not over the whole batch.")
        if self.fabric.device.type == "cpu":
            warning = memory_warning(self.estimate, free_memory())
            if warning is not None:
                self.log.say(warning)

    # ---- training

    def descend(self, asked_to_stop: Event) -> None:
        """Train until the budget is spent, or a step is finished after `asked_to_stop` was set."""
        run = self.run
        started = time.monotonic() - run.seconds
        feed = Feed(run, self.fabric)
        try:
            while not self.ends(asked_to_stop):
                # ---- look, now and then
                if self.is_time_to_look() and not self.look():
                    break
                # ---- one step
                spent = run.spent
                batch = feed.take()
                parts, painted = self.one_step(batch, self.pace(spent))
                # ---- keep
                run.step += 1
                run.samples += stage_at(run.recipe.run, spent).batch
                run.seconds = time.monotonic() - started
                run.average.update(run.step)
                if self.is_time_to_tell():
                    self.last_told_s = self.clock_s
                    self.observer.report(parts, painted, batch.truth)
                if self.is_time_to_save():
                    self.save()
            else:
                if not self.is_stopped:
                    self.look()
        finally:
            feed.close()
        self.log.show(f"step {run.step}", run.spent)
        self.save()

    def ends(self, asked_to_stop: Event) -> bool:
        """Whether to stop now; the first process's clock and its Ctrl-C count for all."""
        run, is_asked = self.run, asked_to_stop.is_set()
        if self.fabric.world_size > 1:
            told = torch.tensor([run.seconds, float(is_asked)], dtype=torch.float64)
            run.seconds, is_asked = self.fabric.broadcast(told).tolist()
        self.clock_s, self.is_stopped = run.seconds, bool(is_asked)
        return run.spent >= 1 or self.is_stopped

    def pace(self, spent: float) -> Pace:
        """What of the next step depends on how far the run is."""
        run, recipe = self.run, self.run.recipe
        return Pace(
            step=run.step,
            rate_factor=rate_factor(
                run.step,
                spent,
                warmup_steps=recipe.optimizer.warmup_steps,
                decay=recipe.optimizer.decay,
            ),
            encoder_is_frozen=run.step < recipe.generator.frozen_steps,
            adversary_plays=spent >= recipe.discriminator.starts_at,
        )

    def one_step(self, batch: TensorBatch, pace: Pace) -> tuple[dict[str, Tensor], Painted]:
        """A step, its randomness (dropout) fixed by seed, step and process alone."""
        seed = hash((self.run.recipe.run.seed, pace.step, self.fabric.global_rank))
        torch.manual_seed(seed % 2**63)
        try:
            with out_of_memory_in_words(self.estimate):
                return self.learner.learn(batch, pace)
        except FloatingPointError as error:
            raise PhotochromError(
                f"The loss at step {pace.step} is not a number ({error}). "
                f"{where_to_go_on(self.folder)} with a smaller optimizer.decoder_rate."
            ) from error

    # ---- now and then: by steps, or by the clock at the step's begin, which all processes share

    def is_time_to_tell(self) -> bool:
        is_due = self.run.step % self.run.recipe.run.log_steps == 0
        return is_due or self.clock_s - self.last_told_s >= TOLD_EVERY_S

    def is_time_to_look(self) -> bool:
        run, rhythm = self.run, self.run.recipe.run
        if rhythm.sample_steps:
            return run.step % rhythm.sample_steps == 0
        return self.clock_s - self.last_look_s >= rhythm.sample_minutes * 60

    def is_time_to_save(self) -> bool:
        run, rhythm = self.run, self.run.recipe.run
        if rhythm.checkpoint_steps and run.step % rhythm.checkpoint_steps == 0:
            return True
        return self.clock_s - self.last_saved_s >= rhythm.checkpoint_minutes * 60

    def look(self) -> bool:
        """Have the observer look; False where the run should end early."""
        self.last_look_s = self.clock_s
        with out_of_memory_in_words(self.estimate):
            return self.observer.look()

    def save(self) -> None:
        """The last checkpoint, written by the first process."""
        self.last_saved_s = self.clock_s
        keep_last(self.run, self.folder, self.fabric)
