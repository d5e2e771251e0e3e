"""Inception-v3 as FID uses it: TensorFlow's of 2015 in PyTorch, weights from a file of the user's.

Szegedy et al. 2016 with the differences of pytorch-fid, whose state-dict names these are: average
pools that leave the padding out, and a maximum in the last block's pool. Published FID numbers are
only comparable where these weights were used, so another file is refused.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from photochrom.errors import WeightsError
from photochrom.tensor_file import read_tensors

SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"
FILE_NAME = "pt_inception-2015-12-05-6726825d.pth"
SIDE_PX = 299
DIMENSIONS = 2048
BATCHNORM_EPS = 0.001


class Convolution(nn.Module):
    """Convolution without bias, BatchNorm, ReLU."""

    def __init__(
        self,
        channels_in: int,
        channels: int,
        kernel: int | tuple[int, int],
        *,
        stride: int = 1,
        padding: int | tuple[int, int] = 0,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(channels, eps=BATCHNORM_EPS)

    def forward(self, features: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(features)), inplace=True)


class MixedA(nn.Module):
    """Branches 1×1, 5×5, twice 3×3 and a pool, at 35 × 35 px."""

    def __init__(self, channels_in: int, pooled: int) -> None:
        super().__init__()
        self.branch1x1 = Convolution(channels_in, 64, 1)
        self.branch5x5_1 = Convolution(channels_in, 48, 1)
        self.branch5x5_2 = Convolution(48, 64, 5, padding=2)
        self.branch3x3dbl_1 = Convolution(channels_in, 64, 1)
        self.branch3x3dbl_2 = Convolution(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = Convolution(96, 96, 3, padding=1)
        self.branch_pool = Convolution(channels_in, pooled, 1)

    def forward(self, features: Tensor) -> Tensor:
        branches = [
            self.branch1x1(features),
            self.branch5x5_2(self.branch5x5_1(features)),
            self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(features))),
            self.branch_pool(average_pool(features)),
        ]
        return torch.cat(branches, 1)


class MixedB(nn.Module):
    """From 35 × 35 to 17 × 17 px."""

    def __init__(self, channels_in: int) -> None:
        super().__init__()
        self.branch3x3 = Convolution(channels_in, 384, 3, stride=2)
        self.branch3x3dbl_1 = Convolution(channels_in, 64, 1)
        self.branch3x3dbl_2 = Convolution(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = Convolution(96, 96, 3, stride=2)

    def forward(self, features: Tensor) -> Tensor:
        branches = [
            self.branch3x3(features),
            self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(features))),
            F.max_pool2d(features, 3, stride=2),
        ]
        return torch.cat(branches, 1)


class MixedC(nn.Module):
    """Branches 1×1, 7×7 in two strips, twice that, and a pool, at 17 × 17 px."""

    def __init__(self, channels_in: int, inner: int) -> None:
        super().__init__()
        self.branch1x1 = Convolution(channels_in, 192, 1)
        self.branch7x7_1 = Convolution(channels_in, inner, 1)
        self.branch7x7_2 = Convolution(inner, inner, (1, 7), padding=(0, 3))
        self.branch7x7_3 = Convolution(inner, 192, (7, 1), padding=(3, 0))
        self.branch7x7dbl_1 = Convolution(channels_in, inner, 1)
        self.branch7x7dbl_2 = Convolution(inner, inner, (7, 1), padding=(3, 0))
        self.branch7x7dbl_3 = Convolution(inner, inner, (1, 7), padding=(0, 3))
        self.branch7x7dbl_4 = Convolution(inner, inner, (7, 1), padding=(3, 0))
        self.branch7x7dbl_5 = Convolution(inner, 192, (1, 7), padding=(0, 3))
        self.branch_pool = Convolution(channels_in, 192, 1)

    def forward(self, features: Tensor) -> Tensor:
        once = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(features)))
        twice = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(features)))
        branches = [
            self.branch1x1(features),
            once,
            self.branch7x7dbl_5(self.branch7x7dbl_4(twice)),
            self.branch_pool(average_pool(features)),
        ]
        return torch.cat(branches, 1)


class MixedD(nn.Module):
    """From 17 × 17 to 8 × 8 px."""

    def __init__(self, channels_in: int) -> None:
        super().__init__()
        self.branch3x3_1 = Convolution(channels_in, 192, 1)
        self.branch3x3_2 = Convolution(192, 320, 3, stride=2)
        self.branch7x7x3_1 = Convolution(channels_in, 192, 1)
        self.branch7x7x3_2 = Convolution(192, 192, (1, 7), padding=(0, 3))
        self.branch7x7x3_3 = Convolution(192, 192, (7, 1), padding=(3, 0))
        self.branch7x7x3_4 = Convolution(192, 192, 3, stride=2)

    def forward(self, features: Tensor) -> Tensor:
        strips = self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(features)))
        branches = [
            self.branch3x3_2(self.branch3x3_1(features)),
            self.branch7x7x3_4(strips),
            F.max_pool2d(features, 3, stride=2),
        ]
        return torch.cat(branches, 1)


class MixedE(nn.Module):
    """Branches 1×1, 3×3 in a fork, twice 3×3 in a fork, and a pool, at 8 × 8 px."""

    def __init__(self, channels_in: int, *, maximum: bool) -> None:
        super().__init__()
        self.maximum = maximum
        self.branch1x1 = Convolution(channels_in, 320, 1)
        self.branch3x3_1 = Convolution(channels_in, 384, 1)
        self.branch3x3_2a = Convolution(384, 384, (1, 3), padding=(0, 1))
        self.branch3x3_2b = Convolution(384, 384, (3, 1), padding=(1, 0))
        self.branch3x3dbl_1 = Convolution(channels_in, 448, 1)
        self.branch3x3dbl_2 = Convolution(448, 384, 3, padding=1)
        self.branch3x3dbl_3a = Convolution(384, 384, (1, 3), padding=(0, 1))
        self.branch3x3dbl_3b = Convolution(384, 384, (3, 1), padding=(1, 0))
        self.branch_pool = Convolution(channels_in, 192, 1)

    def forward(self, features: Tensor) -> Tensor:
        once = self.branch3x3_1(features)
        twice = self.branch3x3dbl_2(self.branch3x3dbl_1(features))
        pool = F.max_pool2d(features, 3, 1, 1) if self.maximum else average_pool(features)
        branches = [
            self.branch1x1(features),
            self.branch3x3_2a(once),
            self.branch3x3_2b(once),
            self.branch3x3dbl_3a(twice),
            self.branch3x3dbl_3b(twice),
            self.branch_pool(pool),
        ]
        return torch.cat(branches, 1)


class Inception(nn.Module):
    """RGB (B, 3, H, W) 0…1 of any size → features (B, 2048)."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Convolution(3, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = Convolution(32, 32, 3)
        self.Conv2d_2b_3x3 = Convolution(32, 64, 3, padding=1)
        self.Conv2d_3b_1x1 = Convolution(64, 80, 1)
        self.Conv2d_4a_3x3 = Convolution(80, 192, 3)
        self.Mixed_5b = MixedA(192, 32)
        self.Mixed_5c = MixedA(256, 64)
        self.Mixed_5d = MixedA(288, 64)
        self.Mixed_6a = MixedB(288)
        self.Mixed_6b = MixedC(768, 128)
        self.Mixed_6c = MixedC(768, 160)
        self.Mixed_6d = MixedC(768, 160)
        self.Mixed_6e = MixedC(768, 192)
        self.Mixed_7a = MixedD(768)
        self.Mixed_7b = MixedE(1280, maximum=False)
        self.Mixed_7c = MixedE(2048, maximum=True)

    def forward(self, rgb: Tensor) -> Tensor:
        size = (SIDE_PX, SIDE_PX)
        features = F.interpolate(rgb, size=size, mode="bilinear", align_corners=False) * 2 - 1
        for name, block in self.named_children():
            features = block(features)
            if name in ("Conv2d_2b_3x3", "Conv2d_4a_3x3"):
                features = F.max_pool2d(features, 3, stride=2)
        return features.mean(dim=(2, 3))


def average_pool(features: Tensor) -> Tensor:
    """3 × 3 means that do not count the padding, as TensorFlow's."""
    return F.avg_pool2d(features, 3, stride=1, padding=1, count_include_pad=False)


def load_inception(path: Path) -> Inception:
    """The network with the weights at `path`.

    Raises `WeightsError` where they are absent or are not those that FID is defined by.
    """
    get_it = f"Get {FILE_NAME} from github.com/mseitzer/pytorch-fid/releases, or leave FID out"
    try:
        with path.open("rb") as file:
            seen = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(
            f"the weights of Inception {path} cannot be read: {error.strerror}. {get_it}"
        ) from error
    if seen != SHA256:
        raise WeightsError(
            f"{path} is not the Inception that FID is defined by: its SHA-256 is {seen}, not "
            f"{SHA256}. Numbers from other weights cannot be compared with published ones. {get_it}"
        )
    tensors = read_tensors(path)
    network = Inception()
    network.load_state_dict({k: v for k, v in tensors.items() if not k.startswith("fc.")})
    return network.eval().requires_grad_(False)
