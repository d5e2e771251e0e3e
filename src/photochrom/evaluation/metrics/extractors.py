"""The networks of the Fréchet distances, each with what identifies its weights."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from torch import Tensor

from photochrom.evaluation.metrics.inception import SHA256, load_inception
from photochrom.evaluation.metrics.mobilenet import MobileNetFeatures
from photochrom.evaluation.settings import Settings

Extractor = Callable[[Tensor], Tensor]  # RGB (B, 3, H, W) 0…1 → features (B, D)


def open_extractors(settings: Settings, wanted: Sequence[str]) -> dict[str, tuple[str, Extractor]]:
    """By metric: the SHA-256 of its weights, and the network.

    Raises `WeightsError` where the weights are absent or others.
    """
    found: dict[str, tuple[str, Extractor]] = {}
    if settings.inception is not None and "fid" in wanted:
        found["fid"] = (SHA256, load_inception(settings.inception))
    if settings.mobilenet is not None and "fmd" in wanted:
        network = MobileNetFeatures(settings.mobilenet)
        found["fmd"] = (file_sha256(settings.mobilenet), network)
    return found


def file_sha256(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
