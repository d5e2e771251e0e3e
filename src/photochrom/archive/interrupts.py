"""Ctrl-C between two steps: none is left half taken."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def one_step() -> Iterator[None]:
    """Hold a Ctrl-C back until the block is done; `KeyboardInterrupt` is raised then.

    SIGTERM too, where Python handles it. Outside the main thread, where Python takes no signals,
    nothing is held back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = threading.Event()
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    ours = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number in ours:
        signal.signal(number, lambda *_: asked.set())
    try:
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
    if asked.is_set():
        raise KeyboardInterrupt
