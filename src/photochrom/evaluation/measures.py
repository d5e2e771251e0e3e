"""The table of measures. To add one: compute it in `metrics`, wire it in `measure`, add a line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from photochrom.errors import InputError
from photochrom.evaluation.result import Better, MetricFacts

HINT_COUNTS = (0, 1, 2, 5, 10, 50, 100)
CDC_DISTANCES = (1, 2, 4)  # frames
FILM_TITLES = {
    "wet_plate": "wet plate",
    "orthochromatic": "orthochromatic film",
    "panchromatic": "panchromatic film",
}
GROUPS = ("reference", "distribution", "colour", "film", "hints", "video")


def _reference(name: str, title: str, better: Better, digits: int, meaning: str) -> MetricFacts:
    return MetricFacts(name, title, "reference", better, digits, meaning)


def _colour(name: str, title: str, digits: int, meaning: str) -> MetricFacts:
    return MetricFacts(name, title, "colour", "lower", digits, meaning)


def _of_set(name: str, title: str, group: str, digits: int, meaning: str) -> MetricFacts:
    return MetricFacts(name, title, group, "lower", digits, meaning, per_picture=False)


_REFERENCE = (
    _reference("psnr", "PSNR", "higher", 2, "dB of 8-bit sRGB, all channels; 100 if identical."),
    _reference(
        "ssim",
        "SSIM",
        "higher",
        4,
        "Wang et al. 2004: 11 × 11 Gaussian of σ 1.5, mean over R, G, B and where it fits.",
    ),
    _reference(
        "ms_ssim",
        "MS-SSIM",
        "higher",
        4,
        "Wang et al. 2003, five scales, as torchmetrics; n/a below 161 px.",
    ),
    _reference(
        "delta_e", "ΔE2000", "lower", 3, "Sharma et al. 2005, mean over pixels; 1 is just seen."
    ),
    _reference(
        "chroma_psnr", "chroma PSNR", "higher", 2, "dB of CIELAB a* and b* alone, with peak 255."
    ),
    _reference(
        "lpips_alex",
        "LPIPS-Alex",
        "lower",
        4,
        "Zhang et al. 2018, version 0.1 with AlexNet; n/a below 31 px.",
    ),
    _reference(
        "lpips_squeeze",
        "LPIPS-Squeeze",
        "lower",
        4,
        "Zhang et al. 2018, version 0.1 with SqueezeNet; n/a below 17 px.",
    ),
)

_DISTRIBUTION = (
    MetricFacts(
        "colourfulness",
        "colourfulness",
        "distribution",
        "none",
        2,
        "Hasler & Süsstrunk 2003: 0 grey, 15 slight, 45 average, 109 extreme.",
    ),
    MetricFacts(
        "colourfulness_difference",
        "colourfulness, difference per picture",
        "distribution",
        "lower",
        2,
        "|M − M of the photo|, then the mean over pictures.",
    ),
    _of_set(
        "colourfulness_of_means",
        "colourfulness, difference of means",
        "distribution",
        2,
        "|mean M − mean M of the photos|: too much here makes up for too little there.",
    ),
    _of_set(
        "fid",
        "FID",
        "distribution",
        2,
        "Heusel et al. 2017 with TensorFlow's Inception-v3 of 2015; biased upwards for few "
        "pictures, comparable only at the same number of them.",
    ),
    _of_set(
        "fmd",
        "FMD",
        "distribution",
        3,
        "Fréchet distance on MobileNetV2's 320 last-but-one features; not FID, not comparable "
        "with it, and biased upwards for few pictures too.",
    ),
)

_COLOUR = (
    _colour(
        "far_off_share", "chroma error above 20", 4, "Share of pixels more than 20 off in a*b*."
    ),
    MetricFacts(
        "saturation_ratio",
        "saturation ratio",
        "colour",
        "closest",
        3,
        "Mean chroma over the photo's; n/a for photos of mean chroma below 2.",
        target=1.0,
    ),
    _colour(
        "hue_distance",
        "hue histogram distance",
        4,
        "Share of the histograms (36 hues and grey) that has nothing in common, 0…1.",
    ),
    _colour(
        "grey_left_share",
        "grey left over",
        4,
        "Share of pixels that have chroma above 15 and were left below 5.",
    ),
    _colour(
        "blob_share",
        "blobs",
        5,
        "Share of the picture in wrong saturated patches, as far as they end without an edge in "
        "lightness.",
    ),
    _colour(
        "bleeding",
        "bleeding",
        4,
        "Slope of a*b* beyond the photo's own where lightness is flat, CIELAB units a pixel.",
    ),
)

_FILM = tuple(
    facts
    for film, title in FILM_TITLES.items()
    for facts in (
        MetricFacts(
            f"{film}_delta_e",
            f"{title}: ΔE2000",
            "film",
            "lower",
            3,
            f"Colours painted on the photo as {title} with grain and fading, compared under the "
            "photo's own L*.",
        ),
        MetricFacts(
            f"{film}_saturation",
            f"{title}: saturation ratio",
            "film",
            "closest",
            3,
            f"Mean chroma painted on the photo as {title}, over the photo's.",
            target=1.0,
        ),
    )
)

_HINTS = tuple(
    MetricFacts(
        f"hints_{count}_psnr",
        f"PSNR with {count} hint{'' if count == 1 else 's'}",
        "hints",
        "higher",
        2,
        "Zhang et al. 2017: 7 × 7 px patches of the true a*b* at random places; n/a for models "
        "that take no hints.",
    )
    for count in HINT_COUNTS
)

_VIDEO = (
    *(
        MetricFacts(
            f"cdc_{distance}",
            f"CDC at {distance} frame{'' if distance == 1 else 's'}",
            "video",
            "lower",
            6,
            "Jensen–Shannon divergence of the colour histograms of frames so far apart.",
        )
        for distance in CDC_DISTANCES
    ),
    _of_set("cdc", "CDC", "video", 6, "Liu et al. 2021: mean of CDC at 1, 2 and 4 frames."),
    MetricFacts(
        "warp_error",
        "flow-warped error",
        "video",
        "lower",
        6,
        "Lai et al. 2018: mean squared difference, sRGB 0…1, to the frame before, warped by the "
        "photos' own DIS flow, where nothing is hidden.",
    ),
)

METRICS = {
    facts.name: facts for facts in (*_REFERENCE, *_DISTRIBUTION, *_COLOUR, *_FILM, *_HINTS, *_VIDEO)
}
FRECHET = {"fid", "fmd"}  # made of features, of which every photo has its own


def choose_metrics(names: Iterable[str], *, inception: bool, video: bool) -> list[str]:
    """The metrics that names of metrics and of groups mean, in the table's order; all for none.

    FID is one of them exactly where `inception` says that its weights are given. Raises
    `InputError` for an unknown name, with the near ones, and for one that lacks what it needs.
    """
    asked = list(names)
    wanted = {metric for name in asked for metric in _meant_by(name)} or set(METRICS)
    if inception:
        wanted.add("fid")
    elif "fid" in asked:
        raise InputError("fid needs Inception's weights: name their file with --inception")
    else:
        wanted.discard("fid")
    if not video:
        of_frames = {name for name, facts in METRICS.items() if facts.group == "video"}
        refused = [name for name in asked if name in of_frames or name == "video"]
        if refused:
            raise InputError(
                f"{', '.join(refused)}: this compares a film's frames; say with --video that DATA "
                "is one"
            )
        wanted -= of_frames
    return [name for name in METRICS if name in wanted]


def _meant_by(name: str) -> set[str]:
    """A metric, or those of a group; `InputError` for an unknown name."""
    if name in METRICS:
        return {name}
    if name in GROUPS:
        return {metric for metric, facts in METRICS.items() if facts.group == name}
    known = (*GROUPS, *METRICS)
    near = difflib.get_close_matches(name, known) or known
    raise InputError(f"there is no metric {name!r}. Did you mean: {', '.join(near)}?")
