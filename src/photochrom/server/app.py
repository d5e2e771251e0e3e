"""The application: every part put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from photochrom.server.crew import Crew, OwnThreads, make_crew
from photochrom.server.description import described
from photochrom.server.desk import Desk
from photochrom.server.headers import SecurityHeaders
from photochrom.server.health import Readiness, health_routes
from photochrom.server.intake import Intake
from photochrom.server.metrics import CountRequests, Metrics
from photochrom.server.models import model_routes
from photochrom.server.pictures import picture_routes
from photochrom.server.problems import add_problem_answers
from photochrom.server.queue import Queue
from photochrom.server.reading import reading_route
from photochrom.server.settings import Settings
from photochrom.server.shelf import Shelf, load_shelf
from photochrom.server.site import SITE, Site
from photochrom.version import __version__

ABOUT = """\
Believable colour for black-and-white photographs, at full size. Pictures are sent in the request,
coloured in memory and sent back; nothing is stored, and no address is ever fetched."""


class App(FastAPI):
    """FastAPI with our headers on its own error answers too, and every request counted."""

    metrics: Metrics
    shelf: Shelf
    has_key: bool

    def build_middleware_stack(self) -> ASGIApp:
        """The app as it is called."""
        return CountRequests(SecurityHeaders(super().build_middleware_stack()), self.metrics)

    def openapi(self) -> dict[str, Any]:
        """The API's description, with the form of its errors, the models, and the key."""
        if self.openapi_schema is None:
            self.openapi_schema = described(
                super().openapi(), models=list(self.shelf.models), has_key=self.has_key
            )
        return self.openapi_schema


def build_app(settings: Settings, *, site: Path = SITE) -> App:
    """The application with its models loaded, the website in the folder `site` at `/`.

    Raises `WeightsError`, `SetupError` and `InputError` as `Colorizer` does.
    """
    metrics = Metrics()
    shelf = load_shelf(settings, on_batch=metrics.batches.observe)
    return _app(settings, shelf, make_crew(settings, shelf), metrics, site)


def openapi_document(settings: Settings | None = None) -> dict[str, Any]:
    """The API's description; nothing is loaded for it."""
    settings = settings or Settings.model_construct()
    shelf = Shelf(())
    return _app(settings, shelf, OwnThreads(shelf, 1), Metrics(), SITE).openapi()


def _app(settings: Settings, shelf: Shelf, crew: Crew, metrics: Metrics, site: Path) -> App:
    desk = Desk(
        settings=settings,
        shelf=shelf,
        crew=crew,
        queue=Queue(
            workers=crew.size,
            places=settings.queue,
            timeout_s=settings.job_timeout_s,
        ),
        intake=Intake(
            most_bytes=settings.max_upload_bytes,
            most_waiting_bytes=settings.max_waiting_bytes,
            timeout_s=settings.upload_timeout_s,
        ),
        metrics=metrics,
    )
    metrics.watch("photochrom_waiting", "Pictures that wait.", lambda: desk.queue.waiting)
    metrics.watch("photochrom_under_way", "Pictures under way.", lambda: desk.queue.under_way)
    metrics.watch("photochrom_upload_bytes", "Uploads held.", lambda: desk.intake.held_bytes)
    readiness = Readiness()
    app = App(
        title="Photochrom",
        description=ABOUT,
        version=__version__,
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        lifespan=_lifespan(desk, readiness),
    )
    app.metrics, app.shelf = metrics, shelf
    app.has_key = settings.api_key is not None
    add_problem_answers(app)
    for routes in (
        picture_routes(desk),
        model_routes(shelf),
        health_routes(desk, readiness),
        reading_route(app),
    ):
        app.include_router(routes)
    app.router.default = Site(site)  # what no call answers; never in a call's place
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type"),
            expose_headers=("*",),
        )
    return app


def _lifespan(desk: Desk, readiness: Readiness) -> Any:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        readiness.ready = True
        yield
        readiness.ready = False
        await asyncio.to_thread(desk.queue.close)
        await asyncio.to_thread(desk.crew.close)

    return lifespan
