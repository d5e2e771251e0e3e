"""Training throughput: our step against the textbook's, on the same networks, in one run.

    python benchmarks/training_speed.py [--px 256] [--batch 16] [--rounds 3]

The textbook loop is pix2pix's as tutorials write it: float32, channels first, the discriminator and
the generator each with a forward pass of the generator of their own, Adam parameter by parameter.
Ours is `photochrom.training.step.Learner` at the precision that a few timed steps show to be
fastest, its moving average of the weights included. Both are timed in turns; the best of each
counts, for other programs disturb both.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from photochrom.generators.colour_space import rgb_to_lab
from photochrom.training.batches import TensorBatch
from photochrom.training.feed import on_device
from photochrom.training.networks import discriminator_of, generator_of, head_of
from photochrom.training.optimizers import Average
from photochrom.training.precision import choose_precision, in_words
from photochrom.training.processes import make_fabric
from photochrom.training.recipe import Recipe
from photochrom.training.recipe_file import read_recipe
from photochrom.training.run import new_learner
from photochrom.training.sides import Truth
from photochrom.training.step import Pace

LEAST_RATIO = 1.8
RECIPE = "landscape-pix2pix"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--px", type=int, default=256)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    torch.manual_seed(7)
    recipe = read_recipe(RECIPE)
    rgb = torch.rand(arguments.batch, 3, arguments.px, arguments.px)
    batch = TensorBatch(rgb_to_lab(rgb)[0], Truth(rgb=rgb))
    steps = {"textbook": textbook_step(recipe, batch), "ours": our_step(recipe, batch)}
    seconds = {name: float("inf") for name in steps}
    for number in range(1 + arguments.rounds):  # the first one warms up
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            if number:
                seconds[name] = min(seconds[name], time.perf_counter() - started)
    for name, best in seconds.items():
        print(f"{name:9} {best:6.2f} s a step, {arguments.batch / best:5.1f} pictures/s")
    ratio = seconds["textbook"] / seconds["ours"]
    print(f"ours / textbook: {ratio:.2f} times as many pictures (at least {LEAST_RATIO})")


def textbook_step(recipe: Recipe, batch: TensorBatch) -> Callable[[], None]:
    """pix2pix as tutorials train it."""
    head = head_of(recipe, None, None)
    generator, discriminator = generator_of(recipe, head), discriminator_of(recipe, head)
    assert discriminator is not None
    of_generator, of_discriminator = (
        torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))
        for network in (generator, discriminator)
    )
    grey = (batch.lightness / 50 - 1).repeat(1, 3, 1, 1)
    real = batch.truth.planes(head)

    def judged(logits: Tensor, target: float) -> Tensor:
        return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))

    def step() -> None:
        painted = generator(batch.lightness).tanh()
        on_real, on_painted = discriminator(grey, real), discriminator(grey, painted.detach())
        of_discriminator.zero_grad()
        (0.5 * (judged(on_real, 1.0) + judged(on_painted, 0.0))).backward()
        of_discriminator.step()
        painted = generator(batch.lightness).tanh()
        of_generator.zero_grad()
        loss = judged(discriminator(grey, painted), 1.0) + 100 * F.l1_loss(painted, real)
        loss.backward()
        of_generator.step()

    return step


def our_step(recipe: Recipe, batch: TensorBatch) -> Callable[[], None]:
    """A step of our trainer, at the precision that it chooses here."""
    learner = new_learner(recipe, None, None)
    assert learner.adversary is not None
    networks = [learner.generator, learner.adversary.network]
    device = torch.device("cpu")
    batch = on_device(batch, device)
    precision, seconds = choose_precision(lambda: learner.rehearse(batch), networks, device)
    print(in_words(precision, seconds))
    learner.setup(make_fabric(precision, "ddp"))
    average = Average(learner.generator, recipe.optimizer.ema_decay)

    def step() -> None:
        learner.learn(batch, Pace(step=0, rate_factor=1.0))
        average.update(1000)

    return step


if __name__ == "__main__":
    main()
