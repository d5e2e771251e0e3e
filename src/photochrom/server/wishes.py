"""What a request asks for: options in the query, or as fields of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.json_schema import SkipJsonSchema

from photochrom.color.hints import read_hints

#: The formats that can be asked for, and their media types.
MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "tiff": "image/tiff",
    "jpeg2000": "image/jp2",
    "heif": "image/heic",
}
Format = Literal["jpeg", "png", "webp", "avif", "tiff", "jpeg2000", "heif"]

# A number, a text …, that may be left out, but not null.
Value = TypeVar("Value")
Maybe = Annotated[Value | SkipJsonSchema[None], Field()]


def _true_or_false(said: object) -> object:
    """Only these two words: pydantic by itself takes 0, on, yes and more."""
    if isinstance(said, str):
        if said.lower() not in ("true", "false"):
            raise ValueError("true or false is wanted")
        return said.lower() == "true"
    return said


Flag = Annotated[bool, BeforeValidator(_true_or_false)]


_HINTS = (
    'Colours that you say, as JSON: `[[x, y, "#rrggbb"], …]`, x and y in pixels of the picture '
    "as displayed, at its full size."
)


class PaintWishes(BaseModel):
    """How the model paints."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of_colorize: ClassVar[set[str]] = {"vividness", "effort"}

    model: Maybe[Annotated[str, Field(max_length=200)]] = Field(
        None, description="A model of `GET /v1/models`; without it the first."
    )
    vividness: Maybe[Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]] = Field(
        None, description="0 cautious … 1 vivid; without it the model's own."
    )
    hints: Maybe[Annotated[str, Field(max_length=16_000)]] = Field(
        None,
        description=_HINTS,
        examples=['[[12, 8, "#a03020"]]'],
        json_schema_extra={"format": "hints"},
    )
    effort: Literal["usual", "best"] = Field("usual", description="`best` takes longer.")
    allow_truncated: Flag = Field(
        False, description="Colour what is there of a JPEG or PNG that ends early."
    )

    @property
    def asked(self) -> dict[str, Any]:
        """The options of `Colorizer.colorize` that the request names.

        Raises `InputError` for hints that say none.
        """
        given = self.model_dump(include=self.of_colorize & self.model_fields_set)
        if self.hints is not None:
            given["hints"] = read_hints(self.hints)
        return given


class ColorizeWishes(PaintWishes):
    """How the model paints, and what is made of it."""

    of_colorize: ClassVar[set[str]] = {*PaintWishes.of_colorize, "strength"}

    strength: float = Field(
        1.0,
        ge=0,
        le=2,
        allow_inf_nan=False,
        description="How strong the colours are: 0 grey, 1 as predicted, 2 twice.",
    )
    format: Maybe[Format] = Field(
        None, description="Of the result; without it the picture's own where that can hold colour."
    )
    quality: Maybe[Annotated[int, Field(ge=1, le=100)]] = Field(
        None, description="Of JPEG, WebP, AVIF and HEIF."
    )
    jpeg: Literal["ordinary", "splice"] = Field(
        "ordinary",
        description="Grey JPEG to JPEG: `ordinary` opens everywhere; `splice` keeps the photo's "
        "own bytes, and `POST /v1/restore` gives them back.",
    )


Wishes = TypeVar("Wishes", bound=PaintWishes)


def with_fields(wishes: Wishes, fields: Mapping[str, str]) -> Wishes:
    """What the query asks for, with the form's fields, which win.

    Raises `RequestValidationError` for a field that is no option or has a value not allowed.
    """
    if not fields:
        return wishes
    said: dict[str, Any] = {name: getattr(wishes, name) for name in wishes.model_fields_set}
    try:
        return type(wishes).model_validate({**said, **fields})
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
