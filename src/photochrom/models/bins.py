"""The bins of the ab plane that a model file names in its metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from photochrom.color.distribution import Bins
from photochrom.errors import WeightsError

CENTRES_KEY = "bin_centres"  # JSON: [[a*, b*], …]
WEIGHTS_KEY = "class_weights"  # JSON: [weight, …], each above 0


def read_bins(metadata: Mapping[str, str]) -> Bins | None:
    """The bins in a model file's metadata; None where it names none.

    Raises `WeightsError` where they are damaged.
    """
    if CENTRES_KEY not in metadata:
        return None
    try:
        centres = np.array(json.loads(metadata[CENTRES_KEY]), np.float32)
        weights = np.array(json.loads(metadata[WEIGHTS_KEY]), np.float32)
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(
            f"What the model's metadata says of its bins is damaged: {error}."
        ) from (error)
    if weights.ndim != 1 or centres.shape != (len(weights), 2) or not (weights > 0).all():
        raise WeightsError(
            f"The model's metadata has {WEIGHTS_KEY} of the shape {weights.shape}, each above 0, "
            f"for {CENTRES_KEY} of the shape {centres.shape}: these do not fit."
        )
    return Bins(centres, np.log(weights))
