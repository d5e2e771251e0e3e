"""One training step: paint once, let the adversary learn, then the generator."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from photochrom.generators.colour_space import rgb_to_lab
from photochrom.generators.heads import Head, RgbHead
from photochrom.generators.supervised import Supervised
from photochrom.training.adversary import Adversary
from photochrom.training.batches import TensorBatch
from photochrom.training.networks import condition_planes
from photochrom.training.optimizers import generator_optimizer, set_rates
from photochrom.training.recipe import Recipe
from photochrom.training.sharding import set_up
from photochrom.training.sides import Painted, Truth

ADVERSARIAL = "adversarial"
ENCODER = "encoder"  # a generator's attribute, where it has pretrained features
ON_MAIN_ONLY = ("has_colour",)  # losses that a deeply supervised generator owes once


@dataclass(frozen=True)
class Pace:
    """What of a step depends on how far the run is."""

    step: int
    rate_factor: float
    encoder_is_frozen: bool = False
    adversary_plays: bool = True


class Learner:
    """A generator, its losses, perhaps an adversary, and their optimizers."""

    def __init__(
        self,
        recipe: Recipe,
        head: Head,
        generator: nn.Module,
        losses: Mapping[str, nn.Module],
        adversary: Adversary | None,
    ) -> None:
        self.recipe, self.head, self.losses = recipe, head, losses
        self.generator, self.adversary = generator, adversary
        self.wrapped = generator  # by Fabric, once set up
        self.optimizer = generator_optimizer(generator, recipe.optimizer)

    @property
    def networks(self) -> list[nn.Module]:
        """The generator, and the discriminator where there is one."""
        return [self.generator, *([] if self.adversary is None else [self.adversary.network])]

    @property
    def compilable(self) -> list[nn.Module]:
        """Those that can be compiled: not a discriminator that R1 differentiates twice."""
        return self.networks[:1] if self.recipe.discriminator.r1 else self.networks

    def setup(self, fabric: Fabric) -> None:
        """Bring everything to the device, for all processes."""
        self.fabric = fabric
        self.losses_to(fabric.device)
        self.wrapped, self.wrapped_optimizer = set_up(fabric, self.generator, self.optimizer)
        if self.adversary is not None:
            self.adversary.setup(fabric)

    def losses_to(self, device: torch.device) -> None:
        """Bring what is not trained to the device: the head's bins, the losses' own features."""
        self.head.to(device)
        for loss in self.losses.values():
            loss.to(device)

    def learn(self, batch: TensorBatch, pace: Pace) -> tuple[dict[str, Tensor], Painted]:
        """Take one step on a batch that lies on the device; its losses, and the last painting.

        With `run.accumulate` pieces, each piece is painted twice where there is an adversary: it
        learns from all of them before the generator does. Raises `FloatingPointError` where a loss
        is no number; no weight of the generator has moved then.
        """
        self.rest_encoder(pace.encoder_is_frozen)
        pieces = cut(batch, self.recipe.run.accumulate)
        parts: dict[str, Tensor] = {}
        once = None
        adversary = self.adversary if pace.adversary_plays else None
        if adversary is not None:
            set_rates(adversary.optimizer, pace.rate_factor)
            once = self.teach(adversary, pieces, pace, parts)
        set_rates(self.optimizer, pace.rate_factor)
        self.wrapped_optimizer.zero_grad(set_to_none=True)
        for number, piece in enumerate(pieces):
            with self.unsynced(self.wrapped, number, len(pieces)):
                sides = once or self.paint(piece)
                losses = self.parts_of(sides, piece, adversary)
                self.descend(losses, parts, len(pieces))
        if pace.encoder_is_frozen:
            self.forget_encoder()
        if self.recipe.optimizer.clip_norm:
            self.fabric.clip_gradients(
                self.wrapped,
                self.wrapped_optimizer,
                max_norm=self.recipe.optimizer.clip_norm,
                error_if_nonfinite=False,
            )
        self.wrapped_optimizer.step()
        return parts, sides[0]

    def rest_encoder(self, is_frozen: bool) -> None:
        """Have a frozen encoder's BatchNorm keep its statistics."""
        encoder = getattr(self.generator, ENCODER, None)
        if encoder is not None and encoder.training == is_frozen:
            encoder.train(not is_frozen)

    def forget_encoder(self) -> None:
        """Drop the encoder's gradients: without one, no optimizer moves a weight."""
        for parameter in getattr(self.generator, ENCODER, nn.Module()).parameters():
            parameter.grad = None

    def rehearse(self, batch: TensorBatch) -> None:
        """The forward and backward passes of a step, without Fabric; no weight moves."""
        sides = self.paint(batch)
        parts = self.parts_of(sides, batch, self.adversary)
        if self.adversary is not None:
            planes = sides[0].planes
            real = batch.truth.planes(self.head)
            parts |= self.adversary.own_loss(self.condition(batch, planes), planes, real, step=1)
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]

    def teach(
        self,
        adversary: Adversary,
        pieces: list[TensorBatch],
        pace: Pace,
        parts: dict[str, Tensor],
    ) -> list[Painted] | None:
        """The adversary's step; what was painted for it, where the generator can use it again."""
        painted_once = len(pieces) == 1
        adversary.wrapped_optimizer.zero_grad(set_to_none=True)
        for number, piece in enumerate(pieces):
            with self.unsynced(adversary.wrapped, number, len(pieces)):
                with nullcontext() if painted_once else torch.no_grad():
                    sides = self.paint(piece)
                planes = sides[0].planes
                losses = adversary.own_loss(
                    self.condition(piece, planes),
                    planes,
                    piece.truth.planes(self.head),
                    step=pace.step,
                )
                self.descend(losses, parts, len(pieces))
        adversary.wrapped_optimizer.step()
        return sides if painted_once else None

    def paint(self, piece: TensorBatch) -> list[Painted]:
        """What the generator paints: the main picture, then a deeply supervised one's others."""
        raw = self.wrapped(*piece.given)
        lightness = piece.lightness
        if piece.truth.rgb is not None and not isinstance(self.head, RgbHead):
            lightness = rgb_to_lab(piece.truth.rgb)[0]
        if not isinstance(raw, Supervised):
            return [Painted(self.head, lightness, raw.float())]
        return [
            Painted(self.head, lightness, planes.float(), raw.has_colour) for planes in raw.planes
        ]

    def parts_of(
        self, sides: list[Painted], piece: TensorBatch, adversary: Adversary | None
    ) -> dict[str, Tensor]:
        """Every loss by name, times its weight; over several paintings their mean."""
        weights = self.recipe.loss
        parts = {}
        for name, loss in self.losses.items():
            compared = sides[:1] if name in ON_MAIN_ONLY else sides
            values = [loss(side, piece.truth) for side in compared]
            parts[name] = weights[name] * torch.stack(values).mean()
        if adversary is not None:
            planes = sides[0].planes
            judged = adversary.judge(self.condition(piece, planes), planes)
            parts[ADVERSARIAL] = weights[ADVERSARIAL] * judged
        return parts

    def condition(self, piece: TensorBatch, planes: Tensor) -> Tensor:
        """The input as the discriminator sees it."""
        return condition_planes(piece.lightness, self.recipe.generator.inputs, planes)

    def descend(self, losses: dict[str, Tensor], parts: dict[str, Tensor], pieces: int) -> None:
        """Backward through the sum of the losses; adds their values to `parts`."""
        total = torch.stack(list(losses.values())).sum() / pieces
        if not torch.isfinite(total):
            seen = ", ".join(
                f"{name} {float(value.detach()):.4g}" for name, value in losses.items()
            )
            raise FloatingPointError(seen)
        self.fabric.backward(total)
        for name, value in losses.items():
            share = value.detach() / pieces
            parts[name] = parts[name] + share if name in parts else share

    def unsynced(self, wrapped: Any, number: int, pieces: int) -> AbstractContextManager[None]:
        """Several processes exchange gradients once a step, at its last piece."""
        unsynced: AbstractContextManager[None] = self.fabric.no_backward_sync(
            wrapped, enabled=number + 1 < pieces
        )
        return unsynced


def cut(batch: TensorBatch, pieces: int) -> list[TensorBatch]:
    """The batch in so many equal pieces."""
    size = -(-len(batch.lightness) // pieces)
    return [
        replace(
            batch,
            lightness=batch.lightness[rows],
            truth=batch.truth.part(rows),
            hints=None if batch.hints is None else batch.hints[rows],
        )
        for rows in (slice(start, start + size) for start in range(0, len(batch.lightness), size))
    ]


@torch.no_grad()
def chroma_share(painted: Painted, truth: Truth) -> float:
    """Mean chroma that was painted, as a share of the true one; 0 is grey, 1 as colourful."""
    if truth.ab is not None:
        real = truth.ab
    elif truth.rgb is not None:
        real = rgb_to_lab(truth.rgb)[1]
    else:
        return float("nan")
    return float(painted.ab.norm(dim=1).mean() / real.norm(dim=1).mean().clamp(min=1e-6))
