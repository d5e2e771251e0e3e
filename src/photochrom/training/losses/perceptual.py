"""Losses in the eyes of a network that knows what pictures show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.perception.features import FeatureNetwork, alexnet, squeezenet, vgg19
from photochrom.perception.lpips import LPIPS, Network
from photochrom.training.sides import Painted, Truth, wanted

DISTANCES = {"l1": F.l1_loss, "squared": F.mse_loss}
SHIPPED = {"alex": alexnet, "squeeze": squeezenet}
VGG19_LAYERS = ("relu1_1", "relu2_1", "relu3_1")


class Perceptual(nn.Module):
    """How far apart the features of the painted and of the true picture lie, summed over layers.

    Johnson et al. 2016, eq. 2, is `distance = "squared"`; "l1" is steadier against single strong
    features (as in pix2pixHD, Wang et al. 2018). Features are taken as they are, so that the weight
    in the recipe depends on the network: oxford's VGG-19 speaks in hundreds.
    """

    wants: ClassVar[frozenset[str]] = frozenset({"rgb"})

    def __init__(
        self,
        *,
        features: str = "squeeze",
        layers: Sequence[str] = (),
        distance: str = "l1",
        weights: str = "",
        scale: str = "",
    ) -> None:
        """`features` alex, squeeze or vgg19; the last takes a file of `weights` and its `scale`."""
        super().__init__()
        if distance not in DISTANCES:
            raise InputError(f"The perceptual distance is l1 or squared, not {distance!r}")
        self.distance = DISTANCES[distance]
        self.network = feature_network(features, layers, weights=weights, scale=scale)

    def forward(self, painted: Painted, truth: Truth) -> Tensor:
        with torch.no_grad():
            true_features = self.network(wanted(truth.rgb, "rgb"))
        distances = [
            self.distance(seen, true)
            for seen, true in zip(self.network(painted.rgb), true_features, strict=True)
        ]
        return torch.stack(distances).sum()


class LearnedDistance(nn.Module):
    """Mean LPIPS of the painted and the true picture (Zhang et al. 2018)."""

    wants: ClassVar[frozenset[str]] = frozenset({"rgb"})

    def __init__(self, *, network: Network = "alex") -> None:
        super().__init__()
        self.lpips = LPIPS(network)

    def forward(self, painted: Painted, truth: Truth) -> Tensor:
        with torch.no_grad():
            true_features = self.lpips.features(wanted(truth.rgb, "rgb"))
        return self.lpips.distance(self.lpips.features(painted.rgb), true_features).mean()


def feature_network(
    name: str, layers: Sequence[str], *, weights: str, scale: str
) -> FeatureNetwork:
    """The frozen network; `weights` and `scale` belong to vgg19, which is not shipped.

    Raises `InputError` where the options do not go together, `WeightsError` for an unfit file.
    """
    if name in SHIPPED:
        if weights or scale:
            raise InputError(f"The features {name} are shipped: leave out weights and scale")
        return SHIPPED[name](layers)
    if name != "vgg19":
        raise InputError(f"There are no features {name!r}; known: alex, squeeze, vgg19")
    if not weights or not scale:
        raise InputError(
            "The features vgg19 need their file and its pixel scale. In the recipe: "
            '[loss_options.perceptual] features = "vgg19", weights = "PATH", '
            'scale = "imagenet" (torchvision\'s file) or "oxford"'
        )
    return vgg19(Path(weights).expanduser(), layers or VGG19_LAYERS, scale=scale)
