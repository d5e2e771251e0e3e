"""The models that the server offers, each loaded once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from photochrom.api import Colorizer
from photochrom.errors import InputError
from photochrom.models.catalog import ModelFacts, shipped
from photochrom.models.network import PROVIDERS, Network, locate
from photochrom.resources import cores
from photochrom.server.batching import BatchingSession
from photochrom.server.settings import Settings


@dataclass(frozen=True)
class Offered:
    """A loaded model: the same network behind a colorizer for each number of threads."""

    name: str  # what requests call it
    path: Path
    network: Network
    quick: Colorizer  # all cores for a picture that is alone
    shared: Colorizer  # one thread, while others are under way
    facts: ModelFacts | None  # of a shipped model

    def colorizer(self, *, alone: bool) -> Colorizer:
        """The colorizer for a picture that is the only one under way, or is not."""
        return self.quick if alone else self.shared


class Shelf:
    """The offered models by name; the first is used where none is named."""

    def __init__(self, models: Iterable[Offered]) -> None:
        self.models = {model.name: model for model in models}

    @property
    def is_on_cpu(self) -> bool:
        """Whether no model runs on an accelerator."""
        providers = (model.network.session.get_providers()[0] for model in self.models.values())
        return all(provider == PROVIDERS["cpu"] for provider in providers)

    def find(self, name: str | None) -> Offered:
        """The model of that name, the first without one.

        Raises `InputError` for a name that is not offered.
        """
        if name is None:
            return next(iter(self.models.values()))
        if name not in self.models:
            near = difflib.get_close_matches(name, self.models) or list(self.models)
            raise InputError(f"there is no model {name!r} here: {', '.join(near)}")
        return self.models[name]


def load_shelf(settings: Settings, *, on_batch: Callable[[int], None] | None = None) -> Shelf:
    """The models that the settings name, loaded and warm.

    Raises `WeightsError`, `SetupError` and `InputError` as `Colorizer` does, and `InputError` where
    two have the same name.
    """
    known = {facts.name: facts for facts in shipped()}
    offered: dict[str, Offered] = {}
    threads = cores()
    for given in settings.models:
        path, _ = locate(given)
        if path.stem in offered:
            raise InputError(f"two models are called {path.stem}: rename one of the files")
        network = Network(given, threads=threads, device=settings.device)
        network.session = BatchingSession(network.session, most=settings.batch, on_batch=on_batch)
        offered[path.stem] = Offered(
            name=path.stem,
            path=path,
            network=network,
            quick=Colorizer(network, threads=threads),
            shared=Colorizer(network, threads=1),
            facts=known.get(given),
        )
        _warm(offered[path.stem].quick)
    return Shelf(offered.values())


def _warm(colorizer: Colorizer) -> None:
    """Colour a small picture, so that the first request does not pay for the first run."""
    _ = colorizer.colorize(np.full((48, 64), 128, np.uint8)).rgb
