"""Many at a time: a line that ends, answers for all, and an end that finishes what was taken."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from serving import Serving, encoded, grey_picture, served

SMALL = b"Host: x\r\nContent-Type: image/jpeg\r\n"


async def status_of_post(serving: Serving, jpeg: bytes) -> tuple[int, bool]:
    """The status of one POST on a connection of its own, and whether it says when to come again."""
    reader, writer = await asyncio.open_connection(serving.host, serving.port)
    head = b"POST /v1/colorize HTTP/1.1\r\n%bConnection: close\r\nContent-Length: %d\r\n\r\n"
    writer.write(head % (SMALL, len(jpeg)) + jpeg)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    headers, _, body = answer.partition(b"\r\n\r\n")
    assert body
    return int(answer.split()[1]), b"retry-after:" in headers.lower()


def test_a_thousand_parallel_connections_are_all_answered() -> None:
    jpeg = encoded(grey_picture(32, 24))

    async def crowd(server: Serving) -> list[tuple[int, bool]]:
        return await asyncio.gather(*(status_of_post(server, jpeg) for _ in range(1000)))

    with served() as server:
        answers = asyncio.run(crowd(server))
        assert server.post("/v1/colorize", jpeg).status == 200
    counts = Counter(status for status, _ in answers)
    assert set(counts) <= {200, 429}
    assert counts[200] >= 64
    assert all(says_when for status, says_when in answers if status == 429)


def test_a_thousand_silent_connections_keep_nobody_out(serving: Serving, grey_jpeg: bytes) -> None:
    silent = [socket.create_connection((serving.host, serving.port)) for _ in range(1000)]
    try:
        assert serving.ask("/healthz").status == 200
        assert serving.post("/v1/colorize", grey_jpeg).status == 200
        for connection in silent[::100]:
            connection.settimeout(10)
            assert connection.recv(1) == b""  # hung up on
    finally:
        for connection in silent:
            connection.close()


CREWS = [{"workers": "1"}, {"processes": "2"}]  # threads of its own; processes


@pytest.mark.parametrize("crew", CREWS)
def test_a_full_line_says_when_to_come_again(large_jpeg: bytes, crew: dict[str, str]) -> None:
    with served(**crew, queue="1") as server:
        posts = posted(server, large_jpeg, times=6)
        answers = [post.result() for post in posts]
        assert Counter(answers)[200] >= 2
        assert Counter(answers)[429] >= 1
        assert set(answers) == {200, 429}


@pytest.mark.parametrize("crew", CREWS)
def test_what_was_taken_is_finished_before_the_end(large_jpeg: bytes, crew: dict[str, str]) -> None:
    with served(**crew) as server:
        posts = posted(server, large_jpeg, times=3)
        wait_until_taken(server, 3)
        server.process.send_signal(signal.SIGTERM)
        assert [post.result() for post in posts] == [200, 200, 200]
        assert server.process.wait(20) in (0, -signal.SIGTERM)
        with pytest.raises(OSError):
            server.ask("/healthz")


def test_a_picture_that_takes_too_long_is_given_up(large_jpeg: bytes) -> None:
    with served(job_timeout_s="0.05") as server:
        answer = server.post("/v1/colorize", large_jpeg)
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert b"0.05 s" in answer.body


def posted(server: Serving, jpeg: bytes, *, times: int) -> list[Future[int]]:
    """The statuses to come of as many POSTs at the same time."""
    pool = ThreadPoolExecutor(times)
    posts = [pool.submit(lambda: server.post("/v1/colorize", jpeg).status) for _ in range(times)]
    pool.shutdown(wait=False)
    return posts


def wait_until_taken(server: Serving, count: int) -> None:
    """Wait until the server has taken this many pictures."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        lines = server.ask("/metrics").body.decode().splitlines()
        numbers = dict(line.rsplit(" ", 1) for line in lines if line[:1] != "#")
        taken = float(numbers["photochrom_waiting"]) + float(numbers["photochrom_under_way"])
        if taken >= count:
            return
        time.sleep(0.02)
    raise AssertionError("the pictures never arrived")


@pytest.fixture(scope="module")
def large_jpeg() -> bytes:
    """A picture that takes a while: 12 megapixels."""
    return encoded(grey_picture(4000, 3000), quality=60)
