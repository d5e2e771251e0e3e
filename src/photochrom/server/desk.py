"""The way of a request that brings a picture: checked, read, coloured, answered."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from fastapi import Request, Response

from photochrom.heap import trim_heap
from photochrom.server.access import refuse_other_websites, require_key
from photochrom.server.crew import Crew
from photochrom.server.intake import Intake, Upload
from photochrom.server.metrics import Metrics
from photochrom.server.names import attachment
from photochrom.server.paint import Done, Job
from photochrom.server.queue import Queue
from photochrom.server.settings import Settings
from photochrom.server.shelf import Shelf

MakeJob: TypeAlias = Callable[[Upload], Job]
TRIM_EVERY = 32  # pictures; a call takes some milliseconds


@dataclass
class Desk:
    """What the calls of the API share."""

    settings: Settings
    shelf: Shelf
    crew: Crew
    queue: Queue
    intake: Intake
    metrics: Metrics
    finished: int = 0

    async def admit(self, request: Request) -> None:
        """Refuse by the request's head: without the key, from elsewhere, or while the line is full.

        Before its options are looked at, and before its picture is read.
        """
        require_key(request, self.settings.api_key)
        refuse_other_websites(request, self.settings.cors_origins)
        self.queue.refuse_when_full()

    async def answer(self, request: Request, job_for: MakeJob) -> Response:
        """The answer of the job for the picture that the request brings."""
        begun = time.perf_counter()
        async with self.intake.receive(request) as upload:
            uploaded = time.perf_counter()
            job = job_for(upload)
            # After the body, the only message is that the sender has left.
            done = await self.queue.run(
                lambda alone: self.crew.do(job, alone=alone), request.receive
            )
        stages_ms = {"upload": (uploaded - begun) * 1000, **done.stages_ms}
        total_ms = (time.perf_counter() - begun) * 1000
        stages_ms["wait"] = max(0.0, total_ms - sum(stages_ms.values()))
        self._count(done)
        return _response(done, stages_ms | {"total": total_ms})

    def _count(self, done: Done) -> None:
        self.metrics.megapixels.inc(done.megapixels)
        for stage, ms in done.stages_ms.items():
            self.metrics.stage_seconds.labels(stage).observe(ms / 1000)
        self.finished += 1
        if self.finished % TRIM_EVERY == 0:
            trim_heap()


def _response(done: Done, stages_ms: dict[str, float]) -> Response:
    timing = ", ".join(f"{stage};dur={ms:.1f}" for stage, ms in stages_ms.items())
    return Response(
        done.body,
        media_type=done.media_type,
        headers={
            **done.facts,
            "Content-Disposition": attachment(done.name),
            "Server-Timing": timing,
        },
    )
