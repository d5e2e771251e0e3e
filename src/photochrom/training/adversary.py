"""The discriminator's side of adversarial training (Goodfellow et al. 2014; Isola et al. 2017)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from lightning_fabric import Fabric
from torch import Tensor, nn

from photochrom.training.losses.adversarial import AdversarialLoss, Logits, r1_penalty
from photochrom.training.optimizers import discriminator_optimizer
from photochrom.training.recipe import Recipe
from photochrom.training.sharding import set_up


class Adversary:
    """A discriminator that learns to tell painted planes from true ones, given the input.

    `network` is the module itself; `wrapped`, once set up, goes through Fabric.
    """

    def __init__(self, network: nn.Module, recipe: Recipe) -> None:
        self.network = network
        self.recipe = recipe.discriminator
        self.loss = AdversarialLoss(self.recipe.kind, label_smoothing=self.recipe.label_smoothing)
        self.optimizer = discriminator_optimizer(network, self.recipe, recipe.optimizer)
        self.wrapped = network
        self.autocast: Callable[[], AbstractContextManager[None]] = nullcontext

    def setup(self, fabric: Fabric) -> None:
        """Bring network and optimizer to the device, for all processes."""
        self.autocast = fabric.autocast
        self.wrapped, self.wrapped_optimizer = set_up(fabric, self.network, self.optimizer)

    def own_loss(
        self, condition: Tensor, painted: Tensor, real: Tensor, *, step: int
    ) -> dict[str, Tensor]:
        """What the discriminator descends: `discriminator`, and `r1` in the steps that have it.

        `condition` (B, inputs, h, w), `painted` and `real` (B, 2 or 3, h, w), all −1…1.
        """
        has_penalty = self.recipe.r1 > 0 and step % self.recipe.r1_every == 0
        if has_penalty:
            real = real.detach().requires_grad_()
        real_logits: Logits = self.wrapped(condition, real)
        painted_logits: Logits = self.wrapped(condition, painted.detach())
        told_apart = self.loss.of_discriminator(real_logits, painted_logits)
        parts = {"discriminator": self.recipe.loss_weight * told_apart}
        if has_penalty:
            weight = 0.5 * self.recipe.r1 * self.recipe.r1_every
            parts["r1"] = weight * r1_penalty(real_logits, real)
        return parts

    def judge(self, condition: Tensor, painted: Tensor) -> Tensor:
        """The generator's side: how far the discriminator is from taking `painted` for real.

        It goes past Fabric's wrapper: no gradient of the discriminator's own is wanted here.
        """
        with standing_still(self.network), self.autocast():
            logits: Logits = self.network(condition, painted)
        return self.loss.of_generator(logits)


@contextmanager
def standing_still(network: nn.Module) -> Iterator[None]:
    """No gradients for the network's own weights meanwhile: a third of its backward pass less."""
    parameters = list(network.parameters())
    for parameter in parameters:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in parameters:
            parameter.requires_grad_(True)
