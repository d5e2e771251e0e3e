"""The networks of the Fréchet distances, each with what identifies its weights."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from torch import Tensor

from photochrom.errors import WeightsError
from photochrom.evaluation.metrics import mobilenet
from photochrom.evaluation.metrics.inception import SHA256, load_inception
from photochrom.evaluation.settings import Settings

Extractor = Callable[[Tensor], Tensor]  # RGB (B, 3, H, W) 0…1 → features (B, D)
Extractors = Mapping[str, tuple[str, Extractor]]  # by metric: its weights' SHA-256, its network


def open_extractors(
    settings: Settings, wanted: Sequence[str]
) -> tuple[Extractors, list[WeightsError]]:
    """The networks of the wanted metrics, and why one could not be had: the rest goes on without.

    Raises `WeightsError` where weights that come with the package are damaged.
    """
    found: dict[str, tuple[str, Extractor]] = {}
    failures: list[WeightsError] = []
    if "fmd" in wanted:
        found["fmd"] = (file_sha256(mobilenet.FILE), mobilenet.MobileNetFeatures())
    if "fid" in wanted and settings.inception is not None:
        try:
            found["fid"] = (SHA256, load_inception(settings.inception))
        except WeightsError as error:
            failures.append(error)
    return found, failures


def file_sha256(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
