"""How an evaluation was made, in words: printed with every table, stored in the JSON."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence

from photochrom.evaluation.film import BLACK, GRAIN, WHITE
from photochrom.evaluation.hints import PATCH_PX
from photochrom.evaluation.intervals import RESAMPLES, SEED
from photochrom.evaluation.measures import METRICS
from photochrom.evaluation.metrics import inception, mobilenet
from photochrom.evaluation.metrics.extractors import file_sha256
from photochrom.evaluation.result import MeasuringProtocol, PictureFacts
from photochrom.evaluation.settings import Settings
from photochrom.evaluation.versions import code_sha256, versions
from photochrom.version import __version__


def protocol_of(
    settings: Settings,
    photos: Sequence[PictureFacts],
    wanted: Sequence[str],
    devices: Mapping[str, str],
) -> MeasuringProtocol:
    """Titles and words; the data hash is that of the photos' own hashes, whatever their order.

    `devices` are those of models that did not paint on the CPU, by name.
    """
    facts = {
        "photos": f"{len(photos)}, SHA-256 of their sorted SHA-256s {data_sha256(photos)}",
        "resize": f"short side at most {settings.size_px} px, shape kept, never enlarged "
        "(Pillow, Lanczos, 8 bit)",
        "crop": "none",
        "colour": "sRGB IEC 61966-2-1, CIELAB D65 2°, 8-bit pictures",
        "given": _given(settings),
    }
    groups = {METRICS[name].group for name in wanted}
    if "film" in groups and settings.given == "grey":
        facts["film"] = (
            f"linear light mixed by emulsion, coded values faded to {BLACK}…{WHITE}, Gaussian "
            f"grain of {GRAIN}, seeded by the photo"
        )
    if "hints" in groups:
        facts["hints"] = (
            f"{PATCH_PX} × {PATCH_PX} px of the grid that the network sees, with their mean true "
            "a*b*, placed by a Gaussian round the middle, σ a quarter of the side, seeded by the "
            "photo; more hints include the fewer"
        )
    if "fid" in wanted:
        facts["FID"] = f"Inception SHA-256 {inception.SHA256}, bilinear 299 × 299"
    if "fmd" in wanted:
        facts["FMD"] = (
            f"MobileNetV2 SHA-256 {file_sha256(mobilenet.FILE)}, sides to multiples of 32 px"
        )
    if settings.video:
        facts["video"] = (
            "frames in the order of their names, one film a folder, DIS flow (medium); neighbours "
            "are alike, so intervals over frames are narrower than over films"
        )
    facts["intervals"] = (
        f"95 % percentile bootstrap over photos, {RESAMPLES} resamples, seed {SEED}; models "
        "differ where the paired interval excludes zero"
    )
    facts["code"] = f"photochrom {__version__}, SHA-256 {code_sha256()[:16]}"
    facts["versions"] = ", ".join(
        [f"Python {platform.python_version()}", *(" ".join(pair) for pair in versions().items())]
    )
    if devices:
        facts["devices"] = ", ".join(f"{model} on {device}" for model, device in devices.items())
    return MeasuringProtocol(facts)


def data_sha256(photos: Sequence[PictureFacts]) -> str:
    """SHA-256 of the photos' sorted SHA-256s."""
    return hashlib.sha256("\n".join(sorted(p.sha256 for p in photos)).encode()).hexdigest()


def _given(settings: Settings) -> str:
    if settings.given == "outline":
        return "outlines drawn from the photo (XDoG)"
    return "grey of the photo's own L*, 8 bit"
