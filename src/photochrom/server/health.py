"""The calls that tell how the server is."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from photochrom.server.desk import Desk
from photochrom.server.problems import declared, refused


class Health(BaseModel):
    """That the server answers."""

    status: Literal["alive", "ready"]


class Readiness:
    """Whether pictures are taken: from the start until the end is announced."""

    def __init__(self) -> None:
        self.ready = False


def health_routes(desk: Desk, readiness: Readiness) -> APIRouter:
    """The routes of the calls."""
    routes = APIRouter(tags=["operation"])

    @routes.get("/healthz", operation_id="healthz", summary="Whether the server lives")
    async def healthz() -> Health:
        return Health(status="alive")

    @routes.get(
        "/readyz",
        operation_id="readyz",
        summary="Whether pictures are taken",
        responses=declared(503),
    )
    async def readyz() -> Health:
        if not (readiness.ready and desk.shelf.models):
            raise refused(503, "the server is starting or ending", Retry_After="5")
        return Health(status="ready")

    @routes.get(
        "/metrics",
        operation_id="metrics",
        summary="Numbers for Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def metrics() -> Response:
        return Response(desk.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return routes
