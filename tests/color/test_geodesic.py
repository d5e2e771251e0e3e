"""Distances go round walls, and are those of the shortest ways."""

from __future__ import annotations

import heapq

import numpy as np
import pytest

from photochrom.color import geodesic
from photochrom.color.geodesic import geodesic_distance


def shortest(across: np.ndarray, down: np.ndarray, row: int, column: int) -> np.ndarray:
    """Dijkstra's algorithm, the slow and certain way."""
    height, width = across.shape[0], down.shape[1]
    distance = np.full((height, width), np.inf)
    queue = [(0.0, row, column)]
    while queue:
        so_far, y, x = heapq.heappop(queue)
        if so_far >= distance[y, x]:
            continue
        distance[y, x] = so_far
        if x + 1 < width:
            heapq.heappush(queue, (so_far + across[y, x], y, x + 1))
        if x > 0:
            heapq.heappush(queue, (so_far + across[y, x - 1], y, x - 1))
        if y + 1 < height:
            heapq.heappush(queue, (so_far + down[y, x], y + 1, x))
        if y > 0:
            heapq.heappush(queue, (so_far + down[y - 1, x], y - 1, x))
    return distance


def places(*pairs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.array(pairs, np.intp).T
    return rows, columns


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (12, 17)])
def test_enough_scans_find_what_dijkstra_finds(rng, monkeypatch, size) -> None:
    monkeypatch.setattr(geodesic, "SCANS", 40)  # a maze has many turns
    height, width = size
    across = rng.random((height, width - 1)).astype(np.float32) ** 4
    down = rng.random((height - 1, width)).astype(np.float32) ** 4
    spots = [(0, 0), (height - 1, width // 2)]
    found = geodesic_distance(across, down, *places(*spots))
    expected = np.stack([shortest(across, down, *spot) for spot in spots])
    assert np.allclose(found, expected, rtol=1e-3, atol=1e-5)


def test_a_wall_is_walked_round_or_climbed() -> None:
    across, down = np.full((20, 19), 0.01, np.float32), np.full((19, 20), 0.01, np.float32)
    across[:19, 9] = 5  # a wall between columns 9 and 10, open in the last row
    distance = geodesic_distance(across, down, *places((2, 5)))[0]
    assert distance[2, 9] == pytest.approx(0.04, abs=1e-5)
    assert distance[2, 10] == pytest.approx(2 * 17 * 0.01 + 0.05, abs=1e-5)
    across[19, 9] = 5  # closed
    distance = geodesic_distance(across, down, *places((2, 5)))[0]
    assert distance[:, 10:].min() == pytest.approx(5.04, abs=1e-4)
