"""Pictures of a photo compared with it: the metrics as one record a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from photochrom.evaluation.clock import Clock
from photochrom.evaluation.film import FILMS, old_film
from photochrom.evaluation.hints import hint_planes
from photochrom.evaluation.left_out import of_model
from photochrom.evaluation.measures import HINT_COUNTS
from photochrom.evaluation.metrics import bleeding, blobs, difference, errors, fidelity, structure
from photochrom.evaluation.metrics.colourfulness import colourfulness
from photochrom.evaluation.metrics.perceptual import Perceptual
from photochrom.evaluation.models import Given, Model, Trained
from photochrom.evaluation.planes import Planes
from photochrom.evaluation.subject import Subject

Rgb = NDArray[np.uint8]
Record = dict[str, float | None]  # a metric's name → its value; None: n/a

#: Metrics of a picture and its photo that need nothing else; SSIM and MS-SSIM share their work.
COMPARE: Mapping[str, Callable[[Planes, Planes], Tensor]] = {
    "psnr": fidelity.psnr,
    "delta_e": difference.delta_e,
    "chroma_psnr": fidelity.chroma_psnr,
    "far_off_share": errors.far_off_share,
    "saturation_ratio": errors.saturation_ratio,
    "hue_distance": errors.hue_distance,
    "grey_left_share": errors.grey_left_share,
    "blob_share": blobs.blob_share,
    "bleeding": bleeding.bleeding,
}


class Comparer:
    """The wanted metrics; used from several threads."""

    def __init__(self, wanted: Sequence[str], clock: Clock) -> None:
        self.clock = clock
        self._networks: dict[str, Perceptual] = {}
        if "lpips_alex" in wanted:
            self._networks["lpips_alex"] = Perceptual("alex")
        if "lpips_squeeze" in wanted:
            self._networks["lpips_squeeze"] = Perceptual("squeeze")

    def compare(self, painted: Planes, truth: Planes, names: Sequence[str]) -> list[Record]:
        """The metrics `names` of several pictures of a photo, a record each."""
        columns: dict[str, list[float | None]] = {}
        with self.clock("comparing"):
            columns |= {
                name: plain(COMPARE[name](painted, truth)) for name in names if name in COMPARE
            }
            if "ms_ssim" in names:
                both = structure.ssim_and_ms_ssim(painted, truth)
                columns |= {"ssim": plain(both[0]), "ms_ssim": plain(both[1])}
            elif "ssim" in names:
                columns["ssim"] = plain(structure.ssim(painted, truth))
            if "colourfulness" in names:
                values = colourfulness(painted)
                columns["colourfulness"] = plain(values)
                away = (values - colourfulness(truth)).abs()
                columns["colourfulness_difference"] = plain(away)
        with self.clock("networks"):
            for name, network in self._networks.items():
                if name in names:
                    columns[name] = plain(network.distance(painted, truth))
        return [
            {name: values[place] for name, values in columns.items()}
            for place in range(len(painted))
        ]

    def film(self, subject: Subject, models: Sequence[Model], names: Sequence[str]) -> list[Record]:
        """The colours that models paint on the photo as old films saw it, a record each."""
        records: list[Record] = [{} for _ in models]
        for film in FILMS:
            own = f"{film}_delta_e", f"{film}_saturation"
            if not any(name in names for name in own):
                continue
            for record in records:
                record |= dict.fromkeys(own)
            able = [place for place, model in enumerate(models) if model.paints_anything]
            if not able or subject.settings.given != "grey":
                continue
            given = subject.given_as(old_film(subject.photo.rgb, film, seed=subject.seed))
            painted = Planes([self.paint(subject, models[place], given) for place in able])
            with self.clock("comparing"):
                columns = (
                    plain(difference.colour_delta_e(painted, subject.truth)),
                    plain(errors.saturation_ratio(painted, subject.truth)),
                )
            for place, *values in zip(able, *columns, strict=True):
                records[place] |= dict(zip(own, values, strict=True))
        return records

    def paint(self, subject: Subject, model: Model, given: Given) -> Rgb:
        """The model's picture. Raises `LeftOut` where it has none."""
        with self.clock("painting"), of_model(subject.opened.source, model):
            return model.paint(given)

    def hints(self, subject: Subject, model: Model, names: Sequence[str]) -> Record:
        """The curve of PSNR over hints, for a model that takes them."""
        own = [f"hints_{count}_psnr" for count in HINT_COUNTS]
        if not any(name in names for name in own):
            return {}
        if not isinstance(model, Trained) or not model.takes_hints:
            return dict.fromkeys(own)
        ab = np.moveaxis(subject.truth.ab[0].numpy(), 0, -1)
        curve = hint_planes(ab, model.grid(subject.given), seed=subject.seed)
        with self.clock("painting"), of_model(subject.opened.source, model):
            pictures = [model.paint_hinted(subject.given, planes) for planes in curve]
        with self.clock("comparing"):
            values = plain(fidelity.psnr(Planes(pictures), subject.truth))
        return dict(zip(own, values, strict=True))


def plain(values: Tensor) -> list[float | None]:
    """Python's numbers, None for NaN."""
    return [None if value != value else value for value in values.tolist()]
