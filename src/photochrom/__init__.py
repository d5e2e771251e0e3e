"""Photochrom: believable colour for black-and-white photographs."""

from __future__ import annotations

from photochrom.version import __version__

__all__ = ["__version__"]
