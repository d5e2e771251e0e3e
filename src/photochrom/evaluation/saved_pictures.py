"""The pictures behind an evaluation, from the cache or painted again when they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import InputError
from photochrom.evaluation.left_out import LeftOut, error_of, of_model
from photochrom.evaluation.measure import Examiner
from photochrom.evaluation.photos import Source, open_source
from photochrom.evaluation.subject import Subject

Rgb = NDArray[np.uint8]
HELD = 3  # photos that are held; whoever asks for a picture soon asks for its others


class SavedPictures:
    """Keeps `result.Pictures`' promises.

    What is neither held nor in the cache is read and painted again; a `PhotochromError` says where
    that fails, since files may have changed or gone.
    """

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
        found, source = self._models[model], self._sources[i]
        try:
            with of_model(source, found):
                key = found.key(source.partner_name)
            return self._examiner.painted(self._subject(i), found, key)
        except LeftOut as left_out:
            gone = left_out.skipped
            raise error_of(gone, f"{gone.name} ({gone.model}): {gone.reason}") from left_out

    def _subject(self, i: int) -> Subject:
        if i not in self._held:
            source = self._sources[i]
            try:
                self._held[i] = Subject(open_source(source), self._examiner.settings)
            except InputError as error:
                raise InputError(f"{source.name}: {error}") from error
            while len(self._held) > HELD:
                self._held.popitem(last=False)
        return self._held[i]
