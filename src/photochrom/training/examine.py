"""Looking at a network while it trains: held-out loss, colour error, a sheet of pictures."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from photochrom.generators.annealed_mean import AnnealedMean
from photochrom.models.look import Look
from photochrom.training.batches import validation_batch
from photochrom.training.data.cache import PhotoCache
from photochrom.training.losses import QuantizedCrossEntropy
from photochrom.training.sheet import sample_sheet

PHOTOS = 192
SHOWN = 10
AT_ONCE = 32
LOOK = Look()


class Examiner:
    """Measures and draws the same held-out photos every time."""

    def __init__(
        self,
        centres: NDArray[np.float32],
        class_weights: NDArray[np.float32],
        cache: PhotoCache,
        chosen: NDArray[np.int64],
        px: int,
    ) -> None:
        self.loss = QuantizedCrossEntropy(centres, class_weights)
        self.mean = AnnealedMean(torch.from_numpy(centres), torch.from_numpy(class_weights))
        self.batch = validation_batch(cache, chosen, px, PHOTOS)

    @torch.no_grad()
    def examine(
        self, network: nn.Module, state: dict[str, Tensor], sheet_path: Path
    ) -> dict[str, float]:
        """Held-out loss, mean ab error and chroma / real of `network` with weights `state`.

        Writes a sheet of grey, ours and real to `sheet_path`.
        """
        averaged = copy.deepcopy(network).eval()
        averaged.load_state_dict(state)
        device = next(averaged.parameters()).device
        losses, painted = [], []
        temperature, alpha = torch.tensor([LOOK.temperature]), torch.tensor([LOOK.alpha])
        for lightness, index in zip(
            torch.split(self.batch.lightness, AT_ONCE),
            torch.split(self.batch.index, AT_ONCE),
            strict=True,
        ):
            logits = averaged(lightness.to(device)).float().cpu()
            losses.append(float(self.loss(logits, index)) * len(lightness))
            painted.append(self.mean(logits, temperature, alpha))
        ab = torch.cat(painted)
        truth = torch.from_numpy(self.batch.ab).permute(0, 3, 1, 2)
        self.draw(ab, truth, sheet_path)
        return {
            "held_out_loss": sum(losses) / len(ab),
            "ab_error": float((ab - truth).norm(dim=1).mean()),
            "grey_ab_error": float(truth.norm(dim=1).mean()),
            "chroma_share": float(ab.norm(dim=1).mean() / truth.norm(dim=1).mean()),
        }

    def draw(self, ab: Tensor, truth: Tensor, path: Path) -> None:
        """The first pictures, enlarged to the lightness's size."""
        lightness = self.batch.lightness[:SHOWN]
        size = lightness.shape[-2:]
        ours, real = (
            F.interpolate(planes[:SHOWN], size=size, mode="bilinear").permute(0, 2, 3, 1).numpy()
            for planes in (ab, truth)
        )
        sample_sheet(lightness[:, 0].numpy(), ours, real).save(path)
