"""Discriminators: each is shown a picture's input beside its colours, painted or true.

All take `condition` (B, inputs, H, W) and `planes` (B, outputs, H, W), −1…1, and give logits: the
higher, the more real. To add one: write its class, add one line to `DISCRIMINATORS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.generators.blocks import pad_to_multiple, require_positive
from photochrom.generators.norms import make_norm
from photochrom.training.options import make_named
from photochrom.training.spectral import SpectralConv2d

SLOPE = 0.2  # of the LeakyReLU (Radford et al. 2016)
MOST_WIDENING = 8  # no layer has more than so many times the first one's channels
FIELDS = {16: 1, 34: 2, 70: 3, 142: 4, 286: 5}  # receptive field [px]: layers of stride 2
PATCH_PX = 64
PATCH_STEPS = 4  # layers of stride 2 that make 64 px 4


class Discriminator(nn.Module):
    """Joins the two sides and refuses pictures that its layers would shrink to nothing."""

    smallest_px = 1

    def forward(self, condition: Tensor, planes: Tensor) -> Tensor | list[Tensor]:
        pictures = torch.cat([condition, planes], dim=1)
        height, width = pictures.shape[2:]
        if min(height, width) < self.smallest_px:
            raise InputError(
                f"The discriminator needs planes of at least {self.smallest_px} px a side and got "
                f"{width}×{height}: raise the crop size in run.stages, or choose one with a "
                "smaller receptive field in discriminator.options"
            )
        return self.judge(pictures)

    def judge(self, pictures: Tensor) -> Tensor | list[Tensor]:
        """The logits of (B, inputs + outputs, H, W)."""
        raise NotImplementedError


class PatchGAN(Discriminator):
    """A logit for every patch of `receptive_field` px (Isola et al. 2017, section 6.1.2).

    Stride-2 layers C64-C128-C256-…-C512, one of stride 1, one to a logit, all 4×4: 30×30 logits at
    256 px for the field of 70, and 2.77 million parameters with 3 + 3 channels.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        receptive_field: int = 70,
        width: int = 64,
        norm: str = "batch",
        spectral_norm: bool = False,
    ) -> None:
        super().__init__()
        if receptive_field not in FIELDS:
            raise ValueError(f"receptive_field is one of {list(FIELDS)}, not {receptive_field}")
        require_positive(width=width)
        steps = FIELDS[receptive_field]
        self.smallest_px = 3 * 2**steps  # the two layers of stride 1 each cost a pixel
        deepest = widened(width, steps - 1)
        self.layers = nn.Sequential(
            *shrinking(inputs + outputs, width, steps, norm=norm, spectral=spectral_norm),
            *block(deepest, widened(width, steps), stride=1, norm=norm, spectral=spectral_norm),
            convolution(widened(width, steps), 1, stride=1, spectral=spectral_norm),
        )

    def judge(self, pictures: Tensor) -> Tensor:
        """Logits (B, 1, h, w)."""
        logits: Tensor = self.layers(pictures)
        return logits


class PixelGAN(Discriminator):
    """A logit for every pixel, by 1×1 convolutions C64-C128 (Isola et al. 2017, section 6.1.2)."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        width: int = 64,
        norm: str = "batch",
        spectral_norm: bool = False,
    ) -> None:
        super().__init__()
        require_positive(width=width)
        self.layers = nn.Sequential(
            convolution(inputs + outputs, width, kernel=1, spectral=spectral_norm),
            nn.LeakyReLU(SLOPE, inplace=True),
            convolution(width, 2 * width, kernel=1, bias=norm == "none", spectral=spectral_norm),
            make_norm(norm, 2 * width),
            nn.LeakyReLU(SLOPE, inplace=True),
            convolution(2 * width, 1, kernel=1, spectral=spectral_norm),
        )

    def judge(self, pictures: Tensor) -> Tensor:
        """Logits (B, 1, H, W)."""
        logits: Tensor = self.layers(pictures)
        return logits


class MultiScale(Discriminator):
    """One PatchGAN a scale, each scale half the one before (Wang et al. 2018, section 3.2)."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        scales: int = 3,
        receptive_field: int = 70,
        width: int = 64,
        norm: str = "instance",
        spectral_norm: bool = False,
    ) -> None:
        super().__init__()
        require_positive(scales=scales)
        self.judges = nn.ModuleList(
            PatchGAN(
                inputs,
                outputs,
                receptive_field=receptive_field,
                width=width,
                norm=norm,
                spectral_norm=spectral_norm,
            ).layers
            for _ in range(scales)
        )
        self.smallest_px = 3 * 2 ** (FIELDS[receptive_field] + scales - 1)

    def judge(self, pictures: Tensor) -> list[Tensor]:
        """Logits (B, 1, h, w) of each scale, the full one first."""
        logits = []
        for scale, layers in enumerate(self.judges):
            if scale:
                pictures = F.avg_pool2d(pictures, 3, 2, padding=1, count_include_pad=False)
            logits.append(layers(pictures))
        return logits


class WholePicture(Discriminator):
    """One logit a picture: stride-2 layers, the mean over places, one linear layer.

    DCGAN's discriminator (Radford et al. 2016) with a mean at its end, so that any size goes in.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        depth: int = 5,
        width: int = 64,
        norm: str = "batch",
        spectral_norm: bool = False,
    ) -> None:
        super().__init__()
        require_positive(depth=depth, width=width)
        self.smallest_px = 2**depth
        self.layers = nn.Sequential(
            *shrinking(inputs + outputs, width, depth, norm=norm, spectral=spectral_norm),
            nn.AdaptiveAvgPool2d(1),
            convolution(widened(width, depth - 1), 1, kernel=1, spectral=spectral_norm),
        )

    def judge(self, pictures: Tensor) -> Tensor:
        """Logits (B, 1)."""
        logits: Tensor = self.layers(pictures)
        return logits.flatten(1)


class PatchClassifier(Discriminator):
    """A logit for every 64×64 tile, each judged alone: the scenery system's patch classifier.

    Tiles lie side by side, at the right and below padded by repeating the edge: 4×4 logits at
    256 px. Unlike a PatchGAN's, their fields do not overlap and see no padding of zeros but their
    own.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        width: int = 64,
        norm: str = "batch",
        spectral_norm: bool = False,
    ) -> None:
        super().__init__()
        require_positive(width=width)
        self.layers = nn.Sequential(
            *shrinking(inputs + outputs, width, PATCH_STEPS, norm=norm, spectral=spectral_norm),
            convolution(widened(width, PATCH_STEPS - 1), 1, padding=0, spectral=spectral_norm),
        )

    def judge(self, pictures: Tensor) -> Tensor:
        """Logits (B, 1, ⌈H/64⌉, ⌈W/64⌉)."""
        pictures = pad_to_multiple(pictures, PATCH_PX)
        count, channels, height, width = pictures.shape
        rows, columns = height // PATCH_PX, width // PATCH_PX
        tiles = pictures.view(count, channels, rows, PATCH_PX, columns, PATCH_PX)
        tiles = tiles.permute(0, 2, 4, 1, 3, 5).flatten(0, 2)
        logits: Tensor = self.layers(tiles)
        return logits.view(count, 1, rows, columns)


DISCRIMINATORS: dict[str, type[Discriminator]] = {
    "multi_scale": MultiScale,
    "patch_classifier": PatchClassifier,
    "patchgan": PatchGAN,
    "pixel": PixelGAN,
    "whole_picture": WholePicture,
}


def make_discriminator(
    name: str, inputs: int, outputs: int, options: Mapping[str, Any]
) -> Discriminator:
    """The discriminator called `name` with random weights, for `inputs` + `outputs` channels.

    Raises `InputError` for an unknown name or option, with the near ones.
    """
    return make_named("discriminator", name, DISCRIMINATORS, (inputs, outputs), options)


def widened(width: int, step: int) -> int:
    """Channels after so many doublings, `MOST_WIDENING` times the first at most."""
    return min(width << step, width * MOST_WIDENING)


def shrinking(
    channels_in: int, width: int, steps: int, *, norm: str, spectral: bool
) -> list[nn.Module]:
    """Layers of stride 2, each twice as wide as the one before; the first has no norm."""
    layers = block(channels_in, width, norm="none", spectral=spectral)
    for step in range(1, steps):
        before, channels = widened(width, step - 1), widened(width, step)
        layers += block(before, channels, norm=norm, spectral=spectral)
    return layers


def block(
    channels_in: int, channels: int, *, stride: int = 2, norm: str, spectral: bool
) -> list[nn.Module]:
    """4×4 convolution, norm, LeakyReLU; no bias where the norm has its own."""
    bias = norm == "none"
    return [
        convolution(channels_in, channels, stride=stride, bias=bias, spectral=spectral),
        *([] if bias else [make_norm(norm, channels)]),
        nn.LeakyReLU(SLOPE, inplace=True),
    ]


def convolution(
    channels_in: int,
    channels: int,
    *,
    kernel: int = 4,
    stride: int = 1,
    padding: int | None = None,
    bias: bool = True,
    spectral: bool,
) -> nn.Conv2d:
    """A convolution, 4×4 ones with a pixel of padding; spectrally normalized where asked."""
    kind = SpectralConv2d if spectral else nn.Conv2d
    padding = kernel // 4 if padding is None else padding
    return kind(channels_in, channels, kernel, stride=stride, padding=padding, bias=bias)
