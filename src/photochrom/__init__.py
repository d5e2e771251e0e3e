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
    from photochrom.color.hints import Hint
    from photochrom.media.saved import Saved
    from photochrom.result import Photo

__all__ = [
    "Colorizer",
    "Hint",
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
    if name == "Hint":
        from photochrom.color.hints import Hint

        return Hint
    raise AttributeError(f"module 'photochrom' has no attribute {name!r}")
