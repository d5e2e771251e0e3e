"""The calls that take a picture: colorize, predict, restore."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from photochrom.server.desk import Desk
from photochrom.server.intake import ANY_BYTES, FORM, Upload
from photochrom.server.paint import NPY, Colorize, Predict, Restore
from photochrom.server.problems import declared
from photochrom.server.wishes import (
    MEDIA_TYPES,
    ColorizeWishes,
    PaintWishes,
    Wishes,
    with_fields,
)

RAW_TYPES = (ANY_BYTES, "image/jpeg", "image/png", "image/tiff", "image/webp")
REFUSALS = (400, 401, 403, 408, 413, 415, 422, 429, 500, 503)
_BYTES = {"type": "string", "format": "binary"}


def takes_picture(wishes: type[PaintWishes] | None = None) -> dict[str, Any]:
    """How OpenAPI describes a body that is a form with a picture, or the picture itself."""
    options = wishes.model_json_schema()["properties"] if wishes else {}
    form = {
        "type": "object",
        "properties": {"file": {**_BYTES, "description": "The picture."}, **options},
        "required": ["file"],
        "additionalProperties": False,
    }
    raw = {media_type: {"schema": _BYTES} for media_type in RAW_TYPES}
    return {"requestBody": {"required": True, "content": {FORM: {"schema": form}, **raw}}}


def gives(what: str, *media_types: str, headers: Mapping[str, str]) -> dict[int | str, Any]:
    """How OpenAPI describes the answer of a call, and its refusals."""
    described = {
        name: {"description": words, "schema": {"type": "string"}}
        for name, words in {**headers, **_ALWAYS}.items()
    }
    content = {media_type: {"schema": _BYTES} for media_type in media_types}
    done = {"description": what, "content": content, "headers": described}
    return {200: done, **declared(*REFUSALS)}


_ALWAYS = {
    "Server-Timing": "Milliseconds of each stage: upload, wait, paint, encode, total.",
    "Content-Disposition": "The upload's name, safe, with the result's suffix.",
}
_FACTS = {
    "Photochrom-Model": "Name, version and SHA-256 of the model.",
    "Photochrom-Size": "Width x height of the picture as displayed [px].",
}
_COLOUR_FACTS = {
    **_FACTS,
    "Photochrom-Way": "splice: the photo's own bytes are kept; ordinary, pixels: encoded anew.",
    "Photochrom-Note": "What was lost or left out, where something was.",
}


COLORIZE: dict[str, Any] = {
    "operation_id": "colorize",
    "summary": "A picture in colour",
    "response_class": Response,
    "responses": gives("The picture in colour.", *MEDIA_TYPES.values(), headers=_COLOUR_FACTS),
    "openapi_extra": takes_picture(ColorizeWishes),
}
PREDICT: dict[str, Any] = {
    "operation_id": "predict",
    "summary": "Only the colours, small",
    "response_class": Response,
    "responses": gives("ab (h, w, 2) as a NumPy file.", NPY, headers=_FACTS),
    "openapi_extra": takes_picture(PaintWishes),
}
RESTORE: dict[str, Any] = {
    "operation_id": "restore",
    "summary": "The original of a spliced JPEG",
    "response_class": Response,
    "responses": gives("The original, byte for byte.", "image/jpeg", headers={}),
    "openapi_extra": takes_picture(),
}


def picture_routes(desk: Desk) -> APIRouter:
    """The routes of the calls."""
    routes = APIRouter(prefix="/v1", tags=["pictures"], dependencies=[Depends(desk.admit)])
    most_megapixels = desk.settings.max_megapixels

    def wished(asked: Wishes, upload: Upload) -> Wishes:
        wishes = with_fields(asked, upload.fields)
        desk.shelf.find(wishes.model)
        return wishes

    @routes.post("/colorize", **COLORIZE)
    async def colorize(request: Request, asked: Annotated[ColorizeWishes, Query()]) -> Response:
        """Options go in the query or, with a form, as its fields, which win.

        Size, lightness, EXIF, colour profile and the rest of the picture are kept. A picture that
        is in colour is painted anew from its lightness.
        """
        desk.shelf.find(asked.model)  # also where the form names another

        return await desk.answer(
            request, lambda upload: Colorize(upload, wished(asked, upload), most_megapixels)
        )

    @routes.post("/predict", **PREDICT)
    async def predict(request: Request, asked: Annotated[PaintWishes, Query()]) -> Response:
        """For programs that merge colour and lightness themselves.

        A NumPy file (format 1.0): CIELAB a* and b*, little-endian float16, (h, w, 2) in C order,
        upright, before strength. Enlarge it to `Photochrom-Size` along the edges of the lightness.
        """
        desk.shelf.find(asked.model)  # also where the form names another

        return await desk.answer(
            request, lambda upload: Predict(upload, wished(asked, upload), most_megapixels)
        )

    @routes.post("/restore", **RESTORE)
    async def restore(request: Request) -> Response:
        """Gives back what was uploaded to `colorize` with `jpeg=splice`, checked by its SHA-256."""
        return await desk.answer(request, Restore)

    return routes
