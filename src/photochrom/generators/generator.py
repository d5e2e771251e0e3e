"""What every generator of the table says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor, nn


class Generator(nn.Module):
    """A network that paints: lightness (B, 1, H, W), L* 0…100, → raw (B, outputs, h, w).

    The constructor is `NAME(outputs, *, inputs=1, …options)`. H and W are any numbers from 1 on: a
    generator pads inside and crops back, so that h and w are ⌈H / output_stride⌉ and
    ⌈W / output_stride⌉. The raw planes are unbounded; a head makes colour of them. While it is
    trained a generator may return `Supervised`, in evaluation always one tensor.

    One that `takes_hints` is given them as a second argument, (B, 3, H, W): a*, b*, and a mask that
    is 1 where they hold; without it, it paints on its own.
    """

    paper: ClassVar[str]  # "authors year"
    output_stride: ClassVar[int] = 1
    small: ClassVar[Mapping[str, Any]] = {}  # options of a small sibling, to try things with
    takes_hints: bool = False


def no_hints(lightness: Tensor) -> Tensor:
    """Hint planes (B, 3, H, W) that say nothing, for lightness (B, 1, H, W)."""
    return (lightness * 0.0).expand(-1, 3, -1, -1)
