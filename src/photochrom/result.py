"""A photograph in colour: painted, decoded and written only when something is asked of it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from photochrom.color.merge import merge
from photochrom.color.resize import shrink
from photochrom.color.srgb import Coded, Floats, linear_to_srgb
from photochrom.color.tone import SIDE_PX, has_real_colour
from photochrom.errors import InputError
from photochrom.media.formats import default_format, format_named, format_of_path
from photochrom.media.icc_build import srgb_profile
from photochrom.media.once import once
from photochrom.media.photo import SourcePhoto
from photochrom.media.pixels import Pixels, to_eight_bits, upright
from photochrom.media.provenance import Provenance, merged_xmp
from photochrom.media.saved import Saved
from photochrom.media.truncation import absent_pixels
from photochrom.media.writing import (
    coloured_thumbnail,
    encode_photo,
    refuse_own_source,
    what_is_lost,
    write_encoded,
)
from photochrom.media.xmp import upright_xmp
from photochrom.models.network import ModelIdentity
from photochrom.painting import Painting
from photochrom.resources import cores

if TYPE_CHECKING:
    from PIL import Image

    from photochrom.as_jpeg import Colours

JPEG_WAYS = ("splice", "ordinary")
SHOWN_PX = 1024  # the longer side in a notebook, at most


class Photo:
    """A photograph in colour, made by `Colorizer.colorize`. It may be used from many threads."""

    default_jpeg: ClassVar[str] = "splice"  # of `JPEG_WAYS`
    _keeps_luma: ClassVar[bool] = True  # the model paints colour only

    def __init__(
        self,
        source: SourcePhoto,
        painting: Painting,
        model: ModelIdentity,
        *,
        strength: float,
        threads: int | None,
    ) -> None:
        self.source = source
        self.strength = strength
        self.model = model
        self._painting = painting
        self._threads = threads or cores()

    def __repr__(self) -> str:
        size = f"{self.source.width} × {self.source.height}"
        return f"<Photo {self.source.name}, {size}, by {self.model.name} {self.model.version}>"

    @once
    def ab(self) -> Floats:
        """The network's own colours ab (h, w, 2), upright and small, before `strength`.

        With hints, which lie in them already, they are several times larger.
        """
        return self._painting.paint(self._grey_to_paint())

    @once
    def uncertainty(self) -> Floats:
        """How unsure the network is of each colour, 0 sure … 1 not at all, (h, w), upright, small.

        Computed when it is asked for. Raises `InputError` where the model cannot say.
        """
        return self._painting.uncertainty(self._grey_to_paint())

    def _grey_to_paint(self) -> Coded:
        """Upright grey at full size, or for a JPEG at half, which decodes much faster."""
        if not self.source.has_luma:
            return self._pixels.grey
        luma, tone = self._luma_half, self.source.grey_tone()
        if tone is not None:
            luma = np.rint(linear_to_srgb(tone) * 255).astype(np.uint8)[luma]
        return upright(luma, self.source.orientation)

    @once
    def _pixels(self) -> Pixels:
        return self.source.pixels()

    @property
    def alpha(self) -> Coded | None:
        """The source's own alpha (H, W), uint8 or uint16; None where it has none."""
        return self._pixels.alpha

    @once
    def rgb(self) -> Coded:
        """The picture (H, W, 3) in sRGB, upright, as light as the source: uint8, or uint16."""
        grey = self._pixels.grey
        rgb = merge(
            grey,
            self.ab,
            strength=self.strength,
            threads=self._threads,
            guide_per_ab=self._painting.guide_per_ab,
        )
        if self.source.truncated:
            absent = absent_pixels(grey, self.source.orientation)
            rgb[absent] = grey[absent][:, None]
        return rgb

    @property
    def image(self) -> Image.Image:
        """The picture as a Pillow image, 8 bits a channel, with alpha where the source has it."""
        from PIL import Image

        picture = Image.fromarray(to_eight_bits(self.rgb))
        if self.alpha is not None:
            picture.putalpha(Image.fromarray(to_eight_bits(self.alpha)))
        return picture

    @property
    def before(self) -> Image.Image:
        """What was coloured, upright and grey, as a Pillow image of 8 bits; no model is run."""
        from PIL import Image

        return Image.fromarray(to_eight_bits(self._pixels.grey))

    @property
    def source_has_real_colour(self) -> bool:
        """True where the source holds more than one tone; sepia and other toning is one."""
        if self.source.is_grey_jpeg:
            return False
        rgb = (self.source.small_pixels(SIDE_PX) or self._pixels).rgb
        if rgb is None:
            return False
        scale = min(1.0, SIDE_PX / max(rgb.shape[:2]))
        height, width = (max(1, round(side * scale)) for side in rgb.shape[:2])
        return has_real_colour(cast(Coded, np.rint(shrink(rgb, height, width)).astype(rgb.dtype)))

    @property
    def default_format(self) -> str:
        """The format that holds the result best: the source's own, or PNG."""
        return default_format(self.source)

    def provenance(self, options: str = "") -> Provenance:
        """What the result's XMP will say: source, model, strength, what was wished, `options`."""
        return Provenance(
            source_sha256=self.source.sha256,
            model=self.model.name,
            model_version=self.model.version,
            model_sha256=self.model.sha256,
            strength=self.strength,
            options=" ".join(filter(None, [self._painting.wishes.words(), options])),
        )

    def save(
        self,
        path: str | Path,
        *,
        format: str | None = None,
        quality: int | None = None,
        jpeg: str | None = None,
        options: str = "",
    ) -> Saved:
        """Write the picture whole or not at all; replaces what is there, never its own source.

        The format is the suffix's unless given. Raises what `encode` raises, `InputError` where
        `path` is the source, `SetupError` where it cannot be written.
        """
        target = Path(path)
        refuse_own_source(target, self.source)
        chosen = format or format_of_path(target).name
        encoded, saved = self.encode(format=chosen, quality=quality, jpeg=jpeg, options=options)
        write_encoded(target, encoded, self.source)
        return Saved(target, saved.format, saved.way, saved.note)

    def encode(
        self,
        *,
        format: str | None = None,
        quality: int | None = None,
        jpeg: str | None = None,
        options: str = "",
    ) -> tuple[bytes, Saved]:
        """The encoded picture, and how it was made.

        `quality` 1…100 counts for lossy formats; `jpeg` is "splice" or "ordinary", without it
        `default_jpeg`, and counts where a grey JPEG becomes a JPEG. Raises `InputError` for a
        format, quality or `jpeg` that we do not know or cannot have, `SetupError` where the format
        needs an optional package.
        """
        jpeg = self._jpeg_way(jpeg)
        if quality is not None and not 1 <= quality <= 100:
            raise InputError(f"quality is {quality}, and it goes from 1 to 100")
        chosen = format_named(format or self.default_format).name
        xmp = merged_xmp(self.source.metadata.xmp, self.provenance(options))
        if chosen == "JPEG" and self.source.format == "JPEG" and self.source.bytes is not None:
            return self._encode_jpeg(self.source.bytes, xmp, quality=quality, jpeg=jpeg)
        encoded = encode_photo(
            self.rgb, self.alpha, self.source, format=chosen, quality=quality, xmp=xmp
        )
        lost = what_is_lost(self.source, chosen, has_alpha=self.alpha is not None)
        return encoded, Saved(None, chosen, "pixels", self._note(*lost))

    def _jpeg_way(self, asked_for: str | None) -> str:
        """One of `JPEG_WAYS`. Raises `InputError` for another."""
        if asked_for is not None and asked_for not in JPEG_WAYS:
            raise InputError(f"jpeg is {asked_for!r}, and it is one of {', '.join(JPEG_WAYS)}")
        return asked_for or self.default_jpeg

    def _encode_jpeg(
        self, jpeg_bytes: bytes, xmp: bytes, *, quality: int | None, jpeg: str
    ) -> tuple[bytes, Saved]:
        """JPEG to JPEG: with the luma as it is where that can be, else anew with the reason."""
        from photochrom import as_jpeg

        way, reason = as_jpeg.choose_way(self.source, jpeg, quality, keeps_luma=self._keeps_luma)
        if way is as_jpeg.Way.SPLICE:
            encoded = as_jpeg.spliced(self.source, self._colours, quality=quality, xmp=xmp)
            return encoded, Saved(None, "JPEG", "splice", self._note())
        if way is as_jpeg.Way.ORDINARY:
            encoded = as_jpeg.ordinary_with_luma(self.source, self._colours, xmp=xmp)
        else:
            encoded = self._ordinary(jpeg_bytes, xmp, quality)
        lost = f"encoded anew: {reason}" if reason else None
        return encoded, Saved(None, "JPEG", "ordinary", self._note(lost))

    @property
    def _colours(self) -> Colours:
        from photochrom.as_jpeg import Colours

        return Colours(
            self.ab,
            self._luma_half,
            self.strength,
            self._threads,
            self._painting.guide_per_ab,
            self._painting.spots,
        )

    @once
    def _luma_half(self) -> NDArray[np.uint8]:
        return self.source.luma(2)

    def _ordinary(self, jpeg_bytes: bytes, xmp: bytes, quality: int | None) -> bytes:
        from photochrom.media.exif import upright_exif
        from photochrom.media.jpeg_ordinary import ordinary

        exif, turned = self.source.metadata.exif, self.source.orientation != 1
        rgb = to_eight_bits(self.rgb)
        return ordinary(
            rgb,
            jpeg_bytes,
            quality=quality,
            xmp=upright_xmp(xmp) if turned else xmp,
            icc=srgb_profile(),
            exif=upright_exif(exif, rgb.shape[1], rgb.shape[0]) if exif and turned else None,
            exif_thumbnail=coloured_thumbnail(rgb),
        )

    def _note(self, *parts: str | None) -> str | None:
        return "; ".join(part for part in (*parts, *self.source.notes) if part) or None

    def _repr_png_(self) -> bytes:
        """The picture for notebooks, at most `SHOWN_PX` long."""
        buffer = BytesIO()
        shown = self.image
        shown.thumbnail((SHOWN_PX, SHOWN_PX))
        shown.save(buffer, "PNG")
        return buffer.getvalue()
