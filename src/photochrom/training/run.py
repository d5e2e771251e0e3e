"""A run and its state: made at the start, saved while it goes, put back when it resumes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.training.adversary import Adversary
from photochrom.training.batches import BatchMaker
from photochrom.training.bins import counted_bins
from photochrom.training.checkpoint import Checkpoint, run_facts
from photochrom.training.compiling import try_compiling
from photochrom.training.data.examples import Examples
from photochrom.training.feed import on_device
from photochrom.training.health import CollapseAlarm
from photochrom.training.losses.table import make_losses
from photochrom.training.networks import (
    discriminator_of,
    fill_encoder,
    generator_of,
    head_of,
    output_stride,
)
from photochrom.training.optimizers import Average
from photochrom.training.precision import (
    AUTO,
    as_they_were,
    at_precision,
    choose_precision,
    in_words,
)
from photochrom.training.processes import processes
from photochrom.training.recipe import Recipe
from photochrom.training.schedule import Budget, stage_at
from photochrom.training.sharding import whole
from photochrom.training.starting import begun_from, start_with
from photochrom.training.step import Learner

TRIAL_PICTURES = 8  # of the steps that precisions are timed with


class Run:
    """The networks of a recipe, how far they are, and everything that a checkpoint keeps."""

    def __init__(
        self,
        recipe: Recipe,
        examples: Examples,
        earlier: Checkpoint | None,
        device: torch.device,
    ) -> None:
        torch.manual_seed(recipe.run.seed)
        self.recipe, self.examples = recipe, examples
        self.centres = self.class_weights = None
        start = begun_from(recipe) if earlier is None else None
        if earlier is not None:
            require_same_networks(recipe, earlier)
            self.centres, self.class_weights = earlier.centres, earlier.class_weights
        elif start is not None:
            self.centres, self.class_weights = start.centres, start.class_weights
        elif recipe.generator.head == "bins":
            self.centres, self.class_weights = counted_bins(examples, recipe.bins, recipe.run.seed)
        # On the device before there are optimizers and averages, so that theirs lie there as well.
        self.learner = new_learner(recipe, self.centres, self.class_weights, device=device)
        if start is not None:
            start_with(self.learner.generator, start)
        elif earlier is None:  # else the weights are put back anyway
            fill_encoder(self.learner.generator, recipe)
        self.average = Average(self.learner.generator, recipe.optimizer.ema_decay)
        self.maker = BatchMaker(examples, recipe, self.wants(), stride=output_stride(recipe))
        self.budget = Budget.of(recipe.run, len(examples))
        self.precision = recipe.run.precision
        self.compiles = recipe.run.compile == "on"
        self.facts = run_facts() | {"photos": str(len(examples)), "data": examples.fingerprint}
        self.step = self.samples = self.looks_since_best = 0
        self.seconds = 0.0
        self.best: float | None = None
        self.alarm = CollapseAlarm(recipe.health)
        self.has_other_pictures = False
        if earlier is not None:
            self.resume(earlier)

    def wants(self) -> frozenset[str]:
        """Which forms of the truth the recipe's losses compare with."""
        wants = {"rgb" if self.recipe.generator.head == "rgb" else "ab"}
        for loss in self.learner.losses.values():
            wants |= set(getattr(loss, "wants", ()))
        return frozenset(wants)

    @property
    def spent(self) -> float:
        """The share of the budget that is spent, 0…1."""
        return self.budget.spent(step=self.step, samples=self.samples, seconds=self.seconds)

    # ---- precision

    def settle_precision(self, device: torch.device) -> str | None:
        """Replace `auto` by what a few timed steps show to be fastest; says which and why."""
        if self.precision != AUTO:
            return None
        rehearsal = self.rehearsal(device, most=TRIAL_PICTURES)
        self.precision, seconds = choose_precision(rehearsal, self.learner.networks, device)
        return in_words(self.precision, seconds)

    def settle_compiling(self, device: torch.device) -> str | None:
        """Replace `auto` by whether compiling pays here, never on a CPU; says which and why."""
        if self.recipe.run.compile != AUTO or self.step > 0 or device.type == "cpu":
            return None
        step = partial(at_precision, self.rehearsal(device), self.precision, device)
        with as_they_were(self.learner.networks):
            self.compiles, words = try_compiling(
                step, self.learner.compilable, self.seconds_left, len(self.recipe.run.stages)
            )
        return words

    def rehearsal(self, device: torch.device, *, most: int | None = None) -> Callable[[], None]:
        """A step to time, of a piece as large as one here is, or of `most` pictures."""
        stage = stage_at(self.recipe.run, self.spent)
        piece = max(stage.batch // self.recipe.run.accumulate // processes(), 1)
        batch = self.maker.make(0, min(piece, most or piece), stage.px)
        self.learner.losses_to(device)
        return partial(self.learner.rehearse, on_device(batch, device))

    def seconds_left(self, step_s: float) -> float:
        """How long the run will still last where a step takes so many seconds."""
        if self.budget.steps:
            return (self.budget.steps - self.step) * step_s
        if self.budget.samples:
            batch = stage_at(self.recipe.run, self.spent).batch
            return (self.budget.samples - self.samples) / batch * step_s
        return self.budget.minutes * 60 - self.seconds

    # ---- keeping

    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        """Every optimizer by name."""
        found = {"generator": self.learner.optimizer}
        if self.learner.adversary is not None:
            found["discriminator"] = self.learner.adversary.optimizer
        return found

    def checkpoint(self) -> Checkpoint:
        """The state as it is now, whole: all processes ask for it at the same time."""
        adversary = self.learner.adversary
        return Checkpoint(
            recipe=self.recipe,
            ema=self.average.state,
            generator=whole(self.learner.generator.state_dict()),
            discriminator=whole(adversary.network.state_dict()) if adversary else {},
            optimizers={name: kept(o.state_dict()) for name, o in self.optimizers().items()},
            **self.standing(),
        )

    def best_checkpoint(self, average: dict[str, Tensor]) -> Checkpoint:
        """The averaged weights alone: what is exported, not what is trained on."""
        return Checkpoint(recipe=self.recipe, ema=average, **self.standing())

    def standing(self) -> dict[str, Any]:
        """Everything of a checkpoint but the networks."""
        return {
            "centres": self.centres,
            "class_weights": self.class_weights,
            "step": self.step,
            "samples": self.samples,
            "seconds": self.seconds,
            "best": self.best,
            "looks_since_best": self.looks_since_best,
            "precision": self.precision,
            "compiles": self.compiles,
            "symptoms": self.alarm.since,
            "facts": self.facts,
        }

    def resume(self, earlier: Checkpoint) -> None:
        """Take over the state of an earlier sitting."""
        self.learner.generator.load_state_dict(earlier.generator)
        if self.learner.adversary is not None:
            self.learner.adversary.network.load_state_dict(earlier.discriminator)
        self.average.restore(earlier.ema)
        for name, optimizer in self.optimizers().items():
            restore(optimizer, earlier.optimizers[name])
        for name in ("step", "samples", "seconds", "best", "looks_since_best"):
            setattr(self, name, getattr(earlier, name))
        self.has_other_pictures = earlier.facts.get("data") != self.facts["data"]
        if self.precision == AUTO:
            self.precision = earlier.precision
        if self.recipe.run.compile == AUTO:
            self.compiles = earlier.compiles
        self.alarm = CollapseAlarm(self.recipe.health, earlier.symptoms)


def new_learner(
    recipe: Recipe,
    centres: NDArray[np.float32] | None,
    class_weights: NDArray[np.float32] | None,
    *,
    device: torch.device | None = None,
) -> Learner:
    """The recipe's networks with random weights, channels last, their losses and optimizers."""
    head = head_of(recipe, centres, class_weights)
    generator = channels_last(generator_of(recipe, head)).to(device)
    discriminator = discriminator_of(recipe, head)
    losses = make_losses(
        recipe.loss, recipe.loss_options, centres=centres, class_weights=class_weights
    )
    adversary = None
    if discriminator is not None:
        adversary = Adversary(channels_last(discriminator).to(device), recipe)
    return Learner(recipe, head, generator, losses, adversary)


def channels_last(network: nn.Module) -> nn.Module:
    """The network with its convolutions' weights laid out for channels-last planes."""
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def require_same_networks(recipe: Recipe, earlier: Checkpoint) -> None:
    """Raise an `InputError` where the folder's run has other networks than the recipe."""
    then, now = earlier.recipe, recipe
    both = (
        ("generator", shape_of(then), shape_of(now)),
        ("discriminator", adversary_shape_of(then), adversary_shape_of(now)),
    )
    for what, before, wanted in both:
        if before != wanted:
            raise InputError(
                f"The run's folder holds a run with another {what}: {before}, and the recipe now "
                f"says {wanted}. Give another folder with --run, or the same {what} section."
            )


def shape_of(recipe: Recipe) -> tuple[object, ...]:
    """What of a recipe decides the generator's tensors."""
    wanted = recipe.generator
    return wanted.name, wanted.head, wanted.inputs, wanted.options


def adversary_shape_of(recipe: Recipe) -> tuple[object, ...] | None:
    """What of a recipe decides the discriminator's tensors; None where it has none."""
    wanted = recipe.discriminator
    return (wanted.name, wanted.options) if recipe.is_adversarial else None


def kept(state: dict[str, Any]) -> dict[str, Any]:
    """An optimizer's state with plain lists of parameter numbers, as JSON holds them."""
    groups = [dict(group) for group in state["param_groups"]]
    return {"state": whole(state["state"]), "param_groups": groups}


def restore(optimizer: torch.optim.Optimizer, state: dict[str, Any]) -> None:
    """Put an optimizer's moments back; its rates stay the recipe's, not the past's."""
    told = [
        {key: group[key] for key in ("base_rate", "weight_decay", "betas", "in_encoder")}
        for group in optimizer.param_groups
    ]
    optimizer.load_state_dict(state)
    for group, values in zip(optimizer.param_groups, told, strict=True):
        group.update(values)
    for parameter, moments in optimizer.state.items():
        for name, moment in moments.items():
            if moment.shape == parameter.shape:  # laid out as the weight is: fused steps rely on it
                moments[name] = torch.empty_like(parameter).copy_(moment)
