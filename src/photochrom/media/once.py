"""A property computed once for each object, also where several threads ask at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")
_making_locks = threading.Lock()


class once(Generic[Value]):  # noqa: N801  it is used as `property` is
    """Like `functools.cached_property`, with a lock for each object and property.

    Python 3.11's has one lock for all objects, so that two photographs wait for each other; from
    3.12 on it has none, so that two threads compute one photograph twice.
    """

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self.compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> once[Value]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...
    def __get__(self, instance: object | None, owner: type) -> once[Value] | Value:
        if instance is None:
            return self
        kept = instance.__dict__
        lock_name = f"_{self.name}_lock"
        if lock_name not in kept:
            with _making_locks:
                kept.setdefault(lock_name, threading.Lock())
        with kept[lock_name]:
            if self.name not in kept:
                kept[self.name] = self.compute(instance)
        value: Value = kept[self.name]
        return value
