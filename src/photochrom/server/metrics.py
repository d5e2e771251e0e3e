"""What happened, in numbers that Prometheus reads."""

from __future__ import annotations

import time
from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
ELSEWHERE = "elsewhere"  # paths that are no call of the API, however many there are


class Metrics:
    """The numbers of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "photochrom_requests", "Requests answered.", ("call", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "photochrom_request_seconds",
            "Time from a request's head to the end of its answer.",
            ("call",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.stage_seconds = Histogram(
            "photochrom_stage_seconds",
            "Time that a picture spends in each stage.",
            ("stage",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.batches = Histogram(
            "photochrom_batch_pictures",
            "Pictures that the network painted at a time.",
            buckets=(1, 2, 3, 4, 6, 8, 16),
            registry=self.registry,
        )
        self.megapixels = Counter(
            "photochrom_megapixels", "Megapixels coloured.", registry=self.registry
        )

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """A number that is looked up whenever somebody asks."""
        Gauge(name, what, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """Everything, in Prometheus's text format."""
        return generate_latest(self.registry)


class CountRequests:
    """Counts and times the requests of an app."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and count."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 500

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        finally:
            call = getattr(scope.get("route"), "path", ELSEWHERE)
            self.metrics.requests.labels(call, str(status)).inc()
            self.metrics.seconds.labels(call).observe(time.perf_counter() - begun)
