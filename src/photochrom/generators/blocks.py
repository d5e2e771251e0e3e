"""The building blocks that several generators share."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.generators.norms import make_norm


class Float32Conv2d(nn.Conv2d):
    """A convolution that leaves autocast: computed in float32 whatever surrounds it.

    For strided depthwise convolutions, whose bfloat16 backward pass is 4–12× slower on CPUs
    (measured in oneDNN) than the float32 one, casts included.
    """

    def forward(self, input: Tensor) -> Tensor:
        with torch.autocast(input.device.type, enabled=False):
            return super().forward(input.float())


def depthwise3x3(channels: int, *, stride: int = 1) -> nn.Conv2d:
    """A 3×3 depthwise convolution with bias, channels → channels, same size / stride."""
    kind = nn.Conv2d if stride == 1 else Float32Conv2d
    return kind(channels, channels, 3, stride, padding=1, groups=channels)


class SeparableBlock(nn.Sequential):
    """Depthwise 3×3, then 1×1 with BatchNorm and ReLU (Howard et al. 2017, MobileNet)."""

    def __init__(self, channels: int) -> None:
        super().__init__(
            depthwise3x3(channels),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
        )


class Residual(nn.Sequential):
    """What its layers make of the features is added to them (He et al. 2016)."""

    def forward(self, input: Tensor) -> Tensor:
        features = input
        for layer in self:
            features = layer(features)
        return input + features


class UpBlock(nn.Module):
    """One decoder step: enlarge the deep features, add the skip, refine.

    Both sides go through a 1×1 convolution to `channels`; (B, deep, h, w) and (B, skip, H, W)
    become (B, channels, H, W). Of `depth` refinements those after the second are residual.
    """

    def __init__(self, deep: int, skip: int, channels: int, *, depth: int = 2) -> None:
        """Raises `ValueError` for a depth below 2."""
        super().__init__()
        if depth < 2:
            raise ValueError(f"a step of the decoder has 2 refinements at least, not {depth}")
        self.from_deep = nn.Conv2d(deep, channels, 1)
        self.from_skip = nn.Conv2d(skip, channels, 1)
        more = [Residual(*SeparableBlock(channels)) for _ in range(depth - 2)]
        self.refine = nn.Sequential(SeparableBlock(channels), SeparableBlock(channels), *more)

    def forward(self, deep: Tensor, skip: Tensor) -> Tensor:
        enlarged = F.interpolate(
            self.from_deep(deep), scale_factor=2.0, mode="bilinear", align_corners=False
        )
        refined: Tensor = self.refine(enlarged + self.from_skip(skip))
        return refined


class GlobalVector(nn.Module):
    """Adds what the whole picture shows to every place of it: mean, two linear layers, sum.

    The "global features" of Iizuka et al. 2016, kept to one vector; (B, C, h, w) → the same.
    """

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(channels, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, channels)
        )

    def forward(self, features: Tensor) -> Tensor:
        vector: Tensor = self.layers(features.mean(dim=(2, 3)))
        return features + vector[:, :, None, None]


class ConvBlock(nn.Sequential):
    """Two (or `depth`) 3×3 convolutions, each with its norm and ReLU (Ronneberger et al. 2015)."""

    def __init__(self, channels_in: int, channels: int, norm: str, *, depth: int = 2) -> None:
        layers: list[nn.Module] = []
        for taken in (channels_in, *[channels] * (depth - 1)):
            layers += [
                nn.Conv2d(taken, channels, 3, padding=1, bias=norm == "none"),
                make_norm(norm, channels),
                nn.ReLU(inplace=True),
            ]
        super().__init__(*layers)


def enlarge(features: Tensor, factor: int = 2) -> Tensor:
    """(B, C, h, w) → (B, C, factor · h, factor · w), bilinear."""
    return F.interpolate(features, scale_factor=float(factor), mode="bilinear", align_corners=False)


def require_inputs(inputs: int) -> int:
    """1 or 3, the planes of lightness that a network may be given, else a `ValueError`."""
    if inputs not in (1, 3):
        raise ValueError(f"inputs are 1 or 3 planes of lightness, not {inputs!r}")
    return inputs


def require_positive(**numbers: int) -> None:
    """Raise a `ValueError` that names the first number which is below 1."""
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{name} is 1 at least, not {number}")


def require_widths(widths: Sequence[int], count: int) -> tuple[int, ...]:
    """The widths as a tuple, if they are `count` positive whole numbers, else a `ValueError`."""
    if len(widths) != count or not all(isinstance(w, int) and w > 0 for w in widths):
        raise ValueError(f"widths are {count} numbers of channels, not {list(widths)}")
    return tuple(widths)


def grey_planes(lightness: Tensor, inputs: int) -> Tensor:
    """L* (B, 1, H, W) 0…100 → −1…1, the same in each of 1 or 3 planes (B, inputs, H, W)."""
    scaled = lightness / 50.0 - 1.0
    return scaled if inputs == 1 else scaled.expand(-1, inputs, -1, -1)


def pad_to_multiple(planes: Tensor, multiple: int) -> Tensor:
    """(B, C, H, W) with edges repeated at the right and below until `multiple` divides H and W."""
    # without %: free sizes then stay simple expressions, and ONNX exports a third faster
    below, right = (
        (side + multiple - 1) // multiple * multiple - side for side in planes.shape[-2:]
    )
    return F.pad(planes, (0, right, 0, below), mode="replicate")
