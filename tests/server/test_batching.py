"""Runs that wait at the same time become one, and each caller gets its own part of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from photochrom.models.network import Network
from photochrom.server.batching import BatchingSession


class SlowSession:
    """Doubles `lightness`, once `go` is set; remembers the batches it was given."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = threading.Event()
        self.batches: list[int] = []

    def run(self, wanted, feeds):
        self.begun.set()
        assert self.go.wait(10)
        self.batches.append(len(feeds["lightness"]))
        if len(feeds["lightness"]) > 3:
            raise MemoryError
        return [feeds["lightness"] * 2 for _ in wanted]

    def get_inputs(self):
        return ["lightness"]


def plane(value: float, height: int = 4) -> dict[str, np.ndarray]:
    return {"lightness": np.full((1, 1, height, 6), value, np.float32)}


def run_during_another(session: SlowSession, batching: BatchingSession, feeds: list) -> list:
    """The outcomes of these runs, all begun while a first one was under way."""
    with ThreadPoolExecutor(len(feeds) + 1) as pool:
        first = pool.submit(batching.run, ["ab"], plane(0))
        assert session.begun.wait(10)
        outcomes = [pool.submit(batching.run, ["ab"], each) for each in feeds]
        while len(batching._waiting) < len(feeds):
            threading.Event().wait(0.001)
        session.go.set()
        first.result()
        return [outcome.result()[0] for outcome in outcomes]


def test_a_run_that_is_alone_begins_at_once() -> None:
    session = SlowSession()
    session.go.set()
    painted = BatchingSession(session, most=8).run(["ab"], plane(3))
    assert painted[0].max() == 6
    assert session.batches == [1]


def test_runs_that_wait_are_painted_together() -> None:
    session = SlowSession()
    seen: list[int] = []
    batching = BatchingSession(session, most=8, on_batch=seen.append)
    outcomes = run_during_another(session, batching, [plane(1), plane(2), plane(3)])
    assert [outcome.item(0) for outcome in outcomes] == [2, 4, 6]
    assert session.batches == seen == [1, 3]


def test_a_batch_has_no_more_than_the_most() -> None:
    session = SlowSession()
    batching = BatchingSession(session, most=2)
    outcomes = run_during_another(session, batching, [plane(value) for value in range(5)])
    assert [outcome.item(0) for outcome in outcomes] == [0, 2, 4, 6, 8]
    assert session.batches == [1, 2, 2, 1]


def test_pictures_of_other_sizes_or_settings_are_painted_apart() -> None:
    session = SlowSession()
    batching = BatchingSession(session, most=8)
    cautious = {**plane(1), "alpha": np.array([0.5], np.float32)}
    vivid = {**plane(1), "alpha": np.array([0.1], np.float32)}
    outcomes = run_during_another(session, batching, [plane(1), plane(1, 8), cautious, vivid])
    assert [outcome.shape[2] for outcome in outcomes] == [4, 8, 4, 4]
    assert session.batches == [1, 1, 1, 1, 1]


def test_where_a_batch_fails_its_pictures_are_tried_alone() -> None:
    session = SlowSession()
    batching = BatchingSession(session, most=8)
    with pytest.raises(MemoryError):  # its leader's; the others go on
        run_during_another(session, batching, [plane(value) for value in range(4)])
    assert sorted(session.batches) == [1, 1, 1, 1, 4]


def test_the_rest_of_the_session_is_as_it_was() -> None:
    assert BatchingSession(SlowSession(), most=2).get_inputs() == ["lightness"]


def test_the_shipped_model_paints_the_same_in_a_batch_as_alone(rng) -> None:
    network = Network("flagship", threads=1)
    planes = rng.uniform(0, 100, (3, 48, 64)).astype(np.float32)
    alone = [network.paint(each) for each in planes]
    network.session = BatchingSession(network.session, most=3)
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(network.paint, planes))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other, atol=0.05)
