"""The training loop. Kill it at any moment: the same command goes on from the last checkpoint."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event

import numpy as np
import torch
from lightning_fabric import Fabric
from numpy.typing import NDArray
from torch import Tensor, nn

from photochrom.color.lab import rgb_to_lab
from photochrom.color.quantized_ab import count_bins, rarity_weights
from photochrom.errors import InputError, PhotochromError
from photochrom.generators.encoders import MobileNetV2Encoder, load_encoder, require_file
from photochrom.generators.registry import make_generator
from photochrom.training.augment.crop import centre_crop
from photochrom.training.batches import BatchMaker, Prefetcher
from photochrom.training.checkpoint import (
    Checkpoint,
    load_checkpoint,
    run_facts,
    save_checkpoint,
)
from photochrom.training.data.cache import PhotoCache, open_cache
from photochrom.training.examine import Examiner
from photochrom.training.log import RunLog
from photochrom.training.losses import QuantizedCrossEntropy
from photochrom.training.recipe import Recipe
from photochrom.training.schedule import Budget, crop_px, rate_factor
from photochrom.training.step import (
    Average,
    cpu_precision,
    make_losses,
    make_optimizer,
    set_rates,
    weighted_losses,
)
from photochrom.training.stopping import stop_between_steps

COUNTED_PX = 64  # photos are shrunk to this before their colours are counted
LEAST_COUNT = 20  # pixels that a bin must hold to be one
LOG_EVERY_STEPS = 50


def train(recipe: Recipe, folder: Path, *, cache_folder: Path, quiet: bool = False) -> Path:
    """Train, or go on training, in `folder` until the budget is spent; the checkpoint's path.

    Raises `InputError` for a recipe or data that cannot be used, or a folder that holds a run of
    another network; `WeightsError` for missing pretrained weights. On Ctrl-C the step is
    finished and saved.
    """
    if recipe.generator.encoder != "random":
        require_file(Path(recipe.generator.encoder).expanduser())  # before minutes of decoding
    with RunLog(folder, quiet=quiet) as log:
        cache = open_cache(
            recipe.data,
            cache_folder,
            on_progress=lambda done, total: log.show(f"decoding {done}/{total}", done / total),
        )
        checkpoint_path = folder / "checkpoint.pt"
        earlier = load_checkpoint(checkpoint_path) if checkpoint_path.exists() else None
        run = Run(recipe, cache, log, checkpoint_path, earlier)
        write_resolved(recipe, folder)
        with stop_between_steps() as asked_to_stop:
            run.descend(asked_to_stop)
            run.save()
        if asked_to_stop.is_set():
            log.say(f"Stopped at step {run.step}; the same command goes on from there.")
            raise KeyboardInterrupt
        return checkpoint_path


def write_resolved(recipe: Recipe, folder: Path) -> None:
    """What this run was told, whole, beside its checkpoint."""
    resolved = {"recipe": dataclasses.asdict(recipe), **run_facts()}
    (folder / "resolved.json").write_text(json.dumps(resolved, indent=2) + "\n", encoding="utf-8")


class Run:
    """One training run: the network, its average, the optimizer and how far they are."""

    def __init__(
        self,
        recipe: Recipe,
        cache: PhotoCache,
        log: RunLog,
        path: Path,
        earlier: Checkpoint | None,
    ) -> None:
        torch.manual_seed(recipe.run.seed)
        self.recipe, self.log, self.path = recipe, log, path
        self.training, self.validation = cache.split(recipe.data.validation_share)
        if len(self.training) < 1:
            raise InputError("No photo is left to train on; lower data.validation_share.")
        self.cache = cache
        self.centres, self.class_weights = earlier_bins(recipe, cache, self.training, earlier)
        self.network = make_generator(
            recipe.generator.name, len(self.centres), recipe.generator.options
        ).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if earlier is None:
            self.load_pretrained()
        self.losses = make_losses(
            recipe.loss, QuantizedCrossEntropy(self.centres, self.class_weights)
        )
        self.average = Average(self.network, recipe.optimizer.ema_decay)
        self.maker = BatchMaker(
            cache, self.training, recipe.run.batch, recipe.crop, recipe.film, recipe.run.seed
        )
        self.budget = Budget.of(recipe.run, len(self.training))
        self.facts = run_facts() | {"photos": str(len(self.training))}
        self.step = self.samples = 0
        self.seconds = 0.0
        self.fabric = Fabric(devices=1, precision=self.precision())  # type: ignore[arg-type]
        self.optimizer = make_optimizer(self.network, recipe.optimizer)
        if earlier is not None:
            self.resume(earlier)

    def load_pretrained(self) -> None:
        encoder = getattr(self.network, "encoder", None)
        source = self.recipe.generator.encoder
        if isinstance(encoder, MobileNetV2Encoder) and source != "random":
            load_encoder(encoder, Path(source).expanduser())

    def precision(self) -> str:
        """The recipe's precision; `auto` is settled by a short timing on a CPU."""
        wanted = self.recipe.run.precision
        if wanted != "auto":
            return wanted
        if torch.cuda.is_available():
            return "bf16-mixed"
        batch = self.maker.make(0, self.recipe.run.stages[0].px)
        lightness = batch.lightness.to(memory_format=torch.channels_last)
        chosen = cpu_precision(self.network, self.losses, lightness, batch.index)
        self.log.say(f"precision {chosen}, by a short timing")
        return chosen

    def resume(self, earlier: Checkpoint) -> None:
        """Take over the state of an earlier sitting."""
        if earlier.recipe.generator != self.recipe.generator:
            raise InputError(
                f"{self.path.parent} holds a run of another network "
                f"({earlier.recipe.generator.name}, {earlier.recipe.generator.options}). "
                "Give another folder with --run, or the same generator section."
            )
        self.network.load_state_dict(earlier.generator)
        self.average.state = earlier.ema
        told = [
            (group["base_rate"], group["weight_decay"]) for group in self.optimizer.param_groups
        ]
        self.optimizer.load_state_dict(earlier.optimizer)
        for group, (rate, decay) in zip(self.optimizer.param_groups, told, strict=True):
            group["base_rate"], group["weight_decay"] = rate, decay  # the recipe's, not the past's
        self.step, self.samples, self.seconds = earlier.step, earlier.samples, earlier.seconds
        torch.set_rng_state(earlier.torch_rng)
        self.log.say(f"going on from step {self.step}, {self.seconds / 60:.1f} minutes spent")

    def descend(self, asked_to_stop: Event) -> None:
        """Train until the budget is spent, or a step is finished after `asked_to_stop` was set."""
        run = self.recipe.run
        network, optimizer = self.fabric.setup(self.network, self.optimizer)
        prefetcher = Prefetcher(self.maker)
        examiner = self.examiner()
        started = time.monotonic() - self.seconds
        saved_s, examined_s = self.seconds, -1e9
        try:
            while (spent := self.budget.spent(self.step, self.seconds)) < 1:
                # ---- look, now and then
                if self.seconds - examined_s >= run.sample_minutes * 60:
                    examined_s = self.seconds
                    self.look(examiner)
                # ---- one step
                ahead = self.budget.spent(self.step + 1, self.seconds)
                batch = prefetcher.take(self.step, crop_px(run, spent), crop_px(run, ahead))
                set_rates(
                    self.optimizer,
                    rate_factor(self.step, spent, self.recipe.optimizer.warmup_steps),
                )
                lightness, index = self.fabric.to_device((batch.lightness, batch.index))
                lightness = lightness.to(memory_format=torch.channels_last)
                parts = weighted_losses(self.losses, self.recipe.loss, network(lightness), index)
                self.update(network, optimizer, parts)
                # ---- keep
                self.step += 1
                self.samples += len(lightness)
                self.seconds = time.monotonic() - started
                self.report(parts, spent, lightness.shape[-1])
                if self.seconds - saved_s >= run.checkpoint_minutes * 60:
                    saved_s = self.seconds
                    self.save()
                if asked_to_stop.is_set():
                    return
        finally:
            prefetcher.close()
        self.look(examiner)

    def update(
        self, network: nn.Module, optimizer: torch.optim.Optimizer, parts: Mapping[str, Tensor]
    ) -> None:
        """Backward, clip, descend, average. A loss that is no number ends the run, unsaved."""
        total = torch.stack(list(parts.values())).sum()
        if not torch.isfinite(total):
            raise PhotochromError(
                f"The loss at step {self.step} is not a number. The checkpoint before it is kept; "
                "go on from there with a smaller optimizer.decoder_rate and encoder_rate."
            )
        optimizer.zero_grad(set_to_none=True)
        self.fabric.backward(total)
        self.fabric.clip_gradients(
            network,
            optimizer,
            max_norm=self.recipe.optimizer.clip_norm,
            error_if_nonfinite=False,
        )
        optimizer.step()
        self.average.update(self.network, self.step)

    def report(self, parts: Mapping[str, Tensor], spent: float, px: int) -> None:
        """A JSON line and the progress line, every so many steps."""
        if self.step % LOG_EVERY_STEPS:
            return
        losses = {name: round(part.item(), 5) for name, part in parts.items()}
        pace = self.samples / max(self.seconds, 1e-9)
        self.log.write(
            step=self.step,
            samples=self.samples,
            minutes=round(self.seconds / 60, 2),
            px=px,
            rate=self.optimizer.param_groups[0]["lr"],
            samples_per_s=round(pace, 1),
            **losses,
        )
        total = sum(losses.values())
        self.log.show(f"step {self.step}  loss {total:.3f}  {px} px  {pace:.0f} photos/s", spent)

    def examiner(self) -> Examiner:
        """Looks at held-out photos (at training ones where none is held out)."""
        px = self.recipe.run.stages[-1].px
        chosen = self.validation if len(self.validation) else self.training
        return Examiner(self.centres, self.class_weights, self.cache, chosen, px)

    def look(self, examiner: Examiner) -> None:
        """Held-out loss and a sample sheet of the averaged network."""
        numbers = examiner.examine(
            self.network,
            self.average.state,
            self.log.folder / f"samples-{self.step:07d}.png",
        )
        self.log.write(step=self.step, minutes=round(self.seconds / 60, 2), **numbers)
        self.log.say(f"step {self.step}: " + ", ".join(f"{k} {v:.3f}" for k, v in numbers.items()))

    def save(self) -> None:
        """Write the checkpoint."""
        save_checkpoint(
            self.path,
            Checkpoint(
                recipe=self.recipe,
                generator=self.network.state_dict(),
                ema=self.average.state,
                optimizer=self.optimizer.state_dict(),
                centres=self.centres,
                class_weights=self.class_weights,
                step=self.step,
                samples=self.samples,
                seconds=self.seconds,
                torch_rng=torch.get_rng_state(),
                facts=self.facts,
            ),
        )


def earlier_bins(
    recipe: Recipe,
    cache: PhotoCache,
    training: NDArray[np.int64],
    earlier: Checkpoint | None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The checkpoint's bins and class weights, or those counted from the training photos."""
    if earlier is not None:
        return earlier.centres, earlier.class_weights
    rng = np.random.default_rng(recipe.run.seed)
    count = min(recipe.bins.sampled_photos, len(training))
    chosen = rng.choice(training, count, replace=False)
    colours = [
        rgb_to_lab(centre_crop(cache.photo(i), COUNTED_PX))[1].reshape(-1, 2) for i in chosen
    ]
    centres, shares = count_bins(np.concatenate(colours), least=LEAST_COUNT)
    weights = rarity_weights(shares, power=recipe.bins.rarity_power, limit=recipe.bins.rarity_limit)
    return centres, weights
