"""The calls that tell of models, and give their files to browsers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from photochrom.server.intake import ANY_BYTES
from photochrom.server.problems import declared, refused
from photochrom.server.shelf import Offered, Shelf

A_YEAR = "public, max-age=31536000, immutable"
ASK_FIRST = "public, no-cache"
_BYTES = {"type": "string", "format": "binary"}


class ModelEntry(BaseModel):
    """A model that is offered here."""

    name: str
    version: str
    sha256: str = Field(description="Of the file behind `url`.")
    bytes: int = Field(description="Of the file behind `url`.")
    url: str = Field(description="Its ONNX file, at an address that always gives this very file.")
    paints: str = Field(description="`ab`: colour only; `rgb`: lightness too, as for drawings.")
    short_side_px: int = Field(description="The size that it works at: the shorter side.")
    takes_hints: bool = Field(description="Whether the network has an input for hints of its own.")
    licence: str = ""
    trained_on: str = ""
    scores: dict[str, str] = Field(default_factory=dict)


class ModelList(BaseModel):
    """The models; the first is used where a request names none."""

    models: list[ModelEntry]


def entry(model: Offered) -> ModelEntry:
    """What is told of a model."""
    identity, facts = model.network.identity, model.facts
    return ModelEntry(
        name=model.name,
        version=identity.version,
        sha256=identity.sha256,
        bytes=model.path.stat().st_size,
        url=f"/v1/models/{model.name}.onnx?sha256={identity.sha256}",
        paints=model.network.paints,
        short_side_px=model.network.short_side_px,
        takes_hints=model.network.takes_hints,
        licence=facts.licence if facts else "",
        trained_on=facts.trained_on if facts else "",
        scores=facts.scores if facts else {},
    )


def model_routes(shelf: Shelf) -> APIRouter:
    """The routes of the calls."""
    routes = APIRouter(prefix="/v1/models", tags=["models"])

    @routes.get("", operation_id="models", summary="The models that are offered")
    async def models() -> ModelList:
        return ModelList(models=[entry(model) for model in shelf.models.values()])

    @routes.head("/{name}.onnx", include_in_schema=False)
    @routes.get(
        "/{name}.onnx",
        operation_id="model_file",
        summary="A model's file",
        response_class=Response,
        responses={
            200: {"description": "The ONNX file.", "content": {ANY_BYTES: {"schema": _BYTES}}},
            304: {"description": "It is the one that you have (`If-None-Match`)."},
            **declared(404, 422),
        },
    )
    async def model_file(
        request: Request, name: str, sha256: Annotated[str | None, Query(max_length=64)] = None
    ) -> Response:
        """With `sha256`, as in the list, the answer may be kept for ever: another file is 404."""
        model = shelf.models.get(name)
        if model is None:
            raise refused(404, f"there is no model {name[:80]!r} here: {', '.join(shelf.models)}")
        digest = model.network.identity.sha256
        if sha256 not in (None, digest):
            raise refused(404, f"{name} is another file by now: its SHA-256 is {digest}")
        headers = {"ETag": f'"{digest}"', "Cache-Control": A_YEAR if sha256 else ASK_FIRST}
        if digest in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return FileResponse(model.path, media_type=ANY_BYTES, headers=headers)

    return routes
