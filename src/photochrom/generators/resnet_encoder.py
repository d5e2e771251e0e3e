"""ResNet-18, 34 and 50 as encoders, with torchvision's state-dict names (He et al. 2016)."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from photochrom.generators.encoders import Encoder
from photochrom.generators.norms import make_norm

ENCODER_NORMS = ("batch", "frozen", "group")
STAGE_WIDTHS = (64, 128, 256, 512)

Norm = Callable[[int], nn.Module]


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and a shortcut (He et al. 2016, figure 5 left)."""

    expansion = 1

    def __init__(self, channels_in: int, width: int, stride: int, norm: Norm) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, width, 3, stride, 1, bias=False)
        self.bn1 = norm(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = norm(width)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = shortcut(channels_in, width, stride, norm)

    def forward(self, features: Tensor) -> Tensor:
        kept = features if self.downsample is None else self.downsample(features)
        features = self.relu(self.bn1(self.conv1(features)))
        features = self.bn2(self.conv2(features))
        joined: Tensor = self.relu(features + kept)
        return joined


class Bottleneck(nn.Module):
    """1×1, 3×3, 1×1 convolutions and a shortcut (figure 5 right); the 3×3 has the stride."""

    expansion = 4

    def __init__(self, channels_in: int, width: int, stride: int, norm: Norm) -> None:
        super().__init__()
        channels = width * self.expansion
        self.conv1 = nn.Conv2d(channels_in, width, 1, bias=False)
        self.bn1 = norm(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = norm(width)
        self.conv3 = nn.Conv2d(width, channels, 1, bias=False)
        self.bn3 = norm(channels)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = shortcut(channels_in, channels, stride, norm)

    def forward(self, features: Tensor) -> Tensor:
        kept = features if self.downsample is None else self.downsample(features)
        features = self.relu(self.bn1(self.conv1(features)))
        features = self.relu(self.bn2(self.conv2(features)))
        features = self.bn3(self.conv3(features))
        joined: Tensor = self.relu(features + kept)
        return joined


Block = type[BasicBlock] | type[Bottleneck]

RESNETS: dict[int, tuple[Block, tuple[int, int, int, int]]] = {  # He et al. 2016, table 1
    18: (BasicBlock, (2, 2, 2, 2)),
    34: (BasicBlock, (3, 4, 6, 3)),
    50: (Bottleneck, (3, 4, 6, 3)),
}


class ResNetEncoder(Encoder):
    """A ResNet without its classifier.

    (B, 3, H, W) normalized RGB → features at strides 2, 4, 8, 16 and 32, with `channels` channels.
    H and W are multiples of 32. `norm` is "batch", "frozen" (BatchNorm that stays as loaded) or
    "group" (no pretrained weights fit that).
    """

    def __init__(self, depth: int, norm: str = "batch") -> None:
        super().__init__()
        if depth not in RESNETS:
            raise ValueError(f"depth is one of {', '.join(map(str, RESNETS))}, not {depth!r}")
        block, repeats = RESNETS[depth]
        self.title = f"ResNet-{depth}"
        self.channels = (64, *(width * block.expansion for width in STAGE_WIDTHS))
        self.norm = norm

        def normalize(channels: int) -> nn.Module:
            return make_norm(norm, channels, allowed=ENCODER_NORMS)

        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = normalize(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1, self.layer2, self.layer3, self.layer4 = (
            nn.Sequential(
                *(
                    block(
                        self.channels[stage + 1] if repeat else self.channels[stage],
                        width,
                        1 if repeat or not stage else 2,
                        normalize,
                    )
                    for repeat in range(repeats[stage])
                )
            )
            for stage, width in enumerate(STAGE_WIDTHS)
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, rgb: Tensor) -> list[Tensor]:
        scales = [self.relu(self.bn1(self.conv1(rgb)))]
        features = self.maxpool(scales[0])
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            features = layer(features)
            scales.append(features)
        return scales

    def fitted(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        unused = ("fc.",)
        counters = "num_batches_tracked" if self.norm == "frozen" else None
        return {
            key: tensor
            for key, tensor in state.items()
            if not key.startswith(unused) and not (counters and key.endswith(counters))
        }


def shortcut(channels_in: int, channels: int, stride: int, norm: Norm) -> nn.Sequential | None:
    """A 1×1 convolution with norm where the shapes of a block's two sides differ (option B)."""
    if stride == 1 and channels_in == channels:
        return None
    return nn.Sequential(nn.Conv2d(channels_in, channels, 1, stride, bias=False), norm(channels))
