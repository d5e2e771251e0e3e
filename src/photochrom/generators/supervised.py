"""What a deeply supervised generator says while it is trained."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Supervised(NamedTuple):
    """Several pictures of one lightness, each compared with the truth, the main one first.

    `planes` are each (B, outputs, H, W). `has_colour` (B,) are logits that say whether the picture
    has any colour (UNet 3+'s classification-guided module), None where the generator has no such
    branch.
    """

    planes: tuple[Tensor, ...]
    has_colour: Tensor | None = None
