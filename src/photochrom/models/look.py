"""How a model paints where its user says nothing: the defaults of its file's optional inputs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """Three numbers that a model file carries as its own."""

    temperature: float = 0.5  # of the annealed mean: low is decided, 1 cautious
    alpha: float = 0.2  # share of the class weights that is taken back: 0 vivid … 1 cautious
    short_side_px: int = 160  # at which a photograph is painted
