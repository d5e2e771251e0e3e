"""The features of FMD: MobileNetV2's last ones, averaged over the picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from photochrom.generators.encoders import IMAGENET_MEAN, IMAGENET_STD, MobileNetV2Encoder
from photochrom.perception.weights_file import WEIGHTS, fill, read_shipped

NAME = "mobilenet_v2"
FILE = WEIGHTS / f"{NAME}.safetensors"
DIMENSIONS = 320
STRIDE_PX = 32


class MobileNetFeatures(nn.Module):
    """RGB (B, 3, H, W) 0…1 of any size → features (B, 320).

    The 320 channels before MobileNetV2's last layer: a set of 321 pictures has a covariance of full
    rank. The network is the encoder that trains here, with ReLU for ReLU6. A picture keeps its
    shape: each side is resized to the nearest multiple of 32 px. The weights come with the package,
    so that everybody's FMD is the same measure. Raises `WeightsError` where they are damaged.
    """

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.encoder = MobileNetV2Encoder()
        fill(self.encoder, read_shipped(NAME), origin=str(FILE))
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(3, 1, 1))
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(3, 1, 1))
        self.eval().requires_grad_(False)

    def forward(self, rgb: Tensor) -> Tensor:
        size = [max(1, round(side / STRIDE_PX)) * STRIDE_PX for side in rgb.shape[2:]]
        if size != list(rgb.shape[2:]):
            rgb = F.interpolate(rgb, size=size, mode="bilinear", antialias=True)
        *_, features = self.encoder((rgb - self.mean) / self.std)
        pooled: Tensor = features.mean(dim=(2, 3))
        return pooled
