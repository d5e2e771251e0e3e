"""An iteration that runs on a thread of its own, a few items ahead of whoever takes them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")

WAIT_S = 0.1  # how often a thread that waits looks whether it is still needed


class _End:
    """Behind the last item; with the error that ended the iteration, where one did."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class _Ahead(Generic[Item]):
    def __init__(self, items: Iterable[Item], count: int) -> None:
        self._items = items
        self._queue: queue.Queue[Item | _End] = queue.Queue(count)
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __iter__(self) -> Iterator[Item]:
        self._thread.start()
        try:
            while not isinstance(item := self._queue.get(), _End):
                yield item
            if item.error is not None:
                raise item.error
        finally:
            self._left.set()
            self._thread.join()

    def _run(self) -> None:
        error: BaseException | None = None
        items = iter(self._items)
        try:
            while self._put(next(items)):
                pass
        except StopIteration:
            pass
        except BaseException as raised:  # noqa: BLE001  it is raised again where the items are taken
            error = raised
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()
        self._put(_End(error))

    def _put(self, item: Item | _End) -> bool:
        """Whether the item was handed over; False once nobody takes any."""
        while not self._left.is_set():
            try:
                self._queue.put(item, timeout=WAIT_S)
            except queue.Full:
                continue
            return True
        return False


def ahead(items: Iterable[Item], count: int) -> Iterator[Item]:
    """The same items, made on another thread, at most `count` of them waiting.

    What the iteration raises is raised here. Whoever stops early stops the thread as well.
    """
    return iter(_Ahead(items, count))
