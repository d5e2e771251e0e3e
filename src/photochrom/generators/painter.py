"""A generator with its head: what a model file computes."""

from __future__ import annotations

from torch import Tensor, nn

from photochrom.generators.heads import BinsHead, Head, RgbHead


class Painter(nn.Module):
    """Lightness (B, 1, H, W), L* 0…100 → colour.

    `paints` is "ab": a*, b* (B, 2, h, w), from a distribution over bins together with its logits
    (B, K, h, w); or "rgb", for an rgb head only: sRGB (B, 3, H, W) 0…1, lightness painted too.
    """

    def __init__(self, generator: nn.Module, head: Head, *, paints: str = "ab") -> None:
        super().__init__()
        if paints not in ("ab", "rgb") or (paints == "rgb" and not isinstance(head, RgbHead)):
            raise ValueError(f"a head {head.name!r} cannot paint {paints!r}")
        self.generator = generator
        self.head = head
        self.paints = paints

    def forward(
        self, lightness: Tensor, temperature: Tensor | None = None, alpha: Tensor | None = None
    ) -> Tensor | tuple[Tensor, Tensor]:
        """Colour, and for bins also logits; `temperature` (1) and `alpha` (1) are for bins only."""
        raw = self.generator(lightness)
        head = self.head
        if isinstance(head, BinsHead):
            temperature = head.temperature if temperature is None else temperature
            alpha = head.alpha if alpha is None else alpha
            return head.mean(raw, temperature, alpha), raw
        if isinstance(head, RgbHead) and self.paints == "rgb":
            return head.rgb(raw)
        return head.ab(raw)

    def colours(self, lightness: Tensor) -> Tensor:
        """The colours alone: a*, b* (B, 2, h, w), or sRGB where it paints `rgb`."""
        painted = self(lightness)
        colours: Tensor = painted[0] if isinstance(painted, tuple) else painted
        return colours
