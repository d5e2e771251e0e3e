"""A generator with its head: what a model file computes."""

from __future__ import annotations

from torch import Tensor, nn

from photochrom.generators.generator import no_hints
from photochrom.generators.heads import BinsHead, Head, RgbHead


class Painter(nn.Module):
    """Lightness (B, 1, H, W), L* 0…100 → colour.

    `paints` is "ab": a*, b* (B, 2, h, w), from a distribution over bins together with its logits
    (B, K, h, w); or "rgb", for an rgb head only: sRGB (B, 3, H, W) 0…1, lightness painted too.
    `hints` (B, 3, H, W), or anything that fits beside it, such as (1, 3, 1, 1), are for a generator
    that takes them: a*, b* and where they hold.
    """

    def __init__(self, generator: nn.Module, head: Head, *, paints: str = "ab") -> None:
        super().__init__()
        if paints not in ("ab", "rgb") or (paints == "rgb" and not isinstance(head, RgbHead)):
            raise ValueError(f"a head {head.name!r} cannot paint {paints!r}")
        self.generator = generator
        self.head = head
        self.paints = paints

    def forward(
        self,
        lightness: Tensor,
        temperature: Tensor | None = None,
        alpha: Tensor | None = None,
        hints: Tensor | None = None,
    ) -> Tensor | tuple[Tensor, Tensor]:
        """Colour, and for bins also logits; `temperature` (1) and `alpha` (1) are for bins only."""
        if hints is None:
            raw = self.generator(lightness)
        else:
            raw = self.generator(lightness, hints + no_hints(lightness))
        head = self.head
        if isinstance(head, BinsHead):
            temperature = head.temperature if temperature is None else temperature
            alpha = head.alpha if alpha is None else alpha
            return head.mean(raw, temperature, alpha), raw
        if isinstance(head, RgbHead) and self.paints == "rgb":
            return head.rgb(raw)
        return head.ab(raw)

    @property
    def takes_hints(self) -> bool:
        """Whether the generator can be told colours."""
        return bool(getattr(self.generator, "takes_hints", False))

    def colours(self, lightness: Tensor) -> Tensor:
        """The colours alone: a*, b* (B, 2, h, w), or sRGB where it paints `rgb`."""
        painted = self(lightness)
        colours: Tensor = painted[0] if isinstance(painted, tuple) else painted
        return colours
