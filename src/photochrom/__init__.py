"""Photochrom: believable colour for black-and-white photographs.

from photochrom import Colorizer

colorizer = Colorizer()
photo = colorizer.colorize("grandmother.jpg")
photo.save("grandmother.color.jpg")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from photochrom.errors import InputError, PhotochromError, SetupError, WeightsError
from photochrom.version import __version__

if TYPE_CHECKING:
    from photochrom.api import Colorizer
    from photochrom.result import Photo, Saved

__all__ = [
    "Colorizer",
    "InputError",
    "Photo",
    "PhotochromError",
    "Saved",
    "SetupError",
    "WeightsError",
    "__version__",
]


def __getattr__(name: str) -> object:
    """Colorizing is imported when it is first asked for, so that `import photochrom` is quick."""
    if name in ("Colorizer", "Photo", "Saved"):
        from photochrom import api

        return getattr(api, name)
    raise AttributeError(f"module 'photochrom' has no attribute {name!r}")
