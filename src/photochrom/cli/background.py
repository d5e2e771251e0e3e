"""Work that goes on while Python imports what else a command needs: a quarter of a cold start."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def begin(work: Callable[[], Result]) -> Future[Result]:
    """The future result of `work`, begun on a thread that does not keep the process alive."""
    future: Future[Result] = Future()

    def finish() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001  raised again where the result is asked for
            future.set_exception(error)

    Thread(target=finish, daemon=True).start()
    return future
