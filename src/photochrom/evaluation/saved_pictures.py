"""The pictures behind an evaluation, from the cache or painted again when they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from photochrom.evaluation.measure import Examiner
from photochrom.evaluation.photos import Source, open_source
from photochrom.evaluation.subject import Subject

Rgb = NDArray[np.uint8]
HELD = 3  # photos that are held; whoever asks for a picture soon asks for its others


class SavedPictures:
    """Keeps `result.Pictures`' promises."""

    def __init__(self, examiner: Examiner, sources: Sequence[Source]) -> None:
        self._examiner = examiner
        self._sources = sources
        self._models = {model.name: model for model in examiner.models}
        self._held: OrderedDict[int, Subject] = OrderedDict()

    def truth(self, i: int) -> Rgb:
        """The photo rgb (H, W, 3)."""
        return self._subject(i).photo.rgb

    def grey(self, i: int) -> NDArray[np.uint8]:
        """What the models were given, grey (H, W)."""
        return self._subject(i).given.grey

    def painted(self, model: str, i: int) -> Rgb:
        """A model's picture rgb (H, W, 3)."""
        found = self._models[model]
        return self._examiner.painted(
            self._subject(i), found, found.key(self._sources[i].partner_name)
        )

    def _subject(self, i: int) -> Subject:
        if i not in self._held:
            self._held[i] = Subject(open_source(self._sources[i]), self._examiner.settings)
            while len(self._held) > HELD:
                self._held.popitem(last=False)
        return self._held[i]
