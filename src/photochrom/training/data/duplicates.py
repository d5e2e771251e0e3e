"""Near-duplicates: pictures whose 64-bit difference hashes differ in a few bits only.

A copy that was resized, compressed again or slightly retouched keeps its hash to within a few
bits; two different photographs differ in about 32.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HASH_BITS = 64
MOST_BITS = 4  # that near-duplicates differ in
PAIRS_AT_A_TIME = 1 << 20  # compared at once: 64 MB while their bits are counted

Hashes = NDArray[np.uint64]
Indices = NDArray[np.intp]


def difference_hash(picture: Image.Image) -> int:
    """64 bits, row by row: whether a pixel of the picture at 9×8 is lighter than the one before.

    The difference hash of N. Krawetz, "Kind of like that", 2013; of grey by Rec. 601.
    """
    grey = np.asarray(picture.convert("L").resize((9, 8), Image.Resampling.BILINEAR))
    return int.from_bytes(np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes(), "big")


def near_groups(hashes: Hashes, most_bits: int = MOST_BITS) -> Indices:
    """For each picture the first one of its group (n,); alone in its group it is its own first.

    Pictures whose hashes differ in `most_bits` bits at most are in one group, and so is what a
    chain of such pictures joins.

    >>> near_groups(np.array([0b1111, 1 << 40, 0b0111, 1 << 40, 0b0011], np.uint64), 1)
    array([0, 1, 0, 1, 0])
    """
    unique, first, place = np.unique(hashes, return_index=True, return_inverse=True)
    leader = np.arange(len(unique), dtype=np.intp)
    for one, other in near_pairs(unique, most_bits):
        leader = _joined(leader, one, other)
    firsts = np.full(len(unique), len(hashes), np.intp)
    np.minimum.at(firsts, leader, first)  # of every group the picture that comes first
    return firsts[leader[place.reshape(-1)]]


def near_pairs(unique: Hashes, most_bits: int) -> Iterator[tuple[Indices, Indices]]:
    """Which of these hashes, all different, differ in `most_bits` bits at most.

    Cut into `most_bits` + 2 blocks, two such hashes agree in two whole blocks at least, so only
    hashes that agree in two blocks are compared: for 64 bits and 4, one in two million pairs
    of random hashes for each of the 15 choices. A pair may come several times.
    """
    for mask in _pairs_of_blocks(most_bits + 2):
        order = np.argsort(unique & mask, kind="stable")
        sorted_hashes = unique[order]
        key = sorted_hashes & mask
        at, shift = np.arange(len(unique)), 1
        while True:
            at = at[at + shift < len(unique)]
            at = at[key[at] == key[at + shift]]
            if not len(at):
                break
            for start in range(0, len(at), PAIRS_AT_A_TIME):
                one = at[start : start + PAIRS_AT_A_TIME]
                near = _differing_bits(sorted_hashes[one], sorted_hashes[one + shift]) <= most_bits
                yield order[one[near]], order[one[near] + shift]
            shift += 1


def _pairs_of_blocks(blocks: int) -> Iterator[np.uint64]:
    """A mask for each choice of two of so many blocks of a hash."""
    edges = [HASH_BITS * block // blocks for block in range(blocks + 1)]
    masks = [(1 << stop) - (1 << start) for start, stop in pairwise(edges)]
    for one, other in combinations(masks, 2):
        yield np.uint64(one | other)


def _differing_bits(hashes: Hashes, others: Hashes) -> NDArray[np.uint64]:
    octets = (hashes ^ others).view(np.uint8).reshape(-1, 8)
    counts: NDArray[np.uint64] = np.unpackbits(octets, axis=1).sum(axis=1)
    return counts


def _joined(leader: Indices, one: Indices, other: Indices) -> Indices:
    """The leaders (n,), each the least of its group, once `one[i]` and `other[i]` are joined."""
    while len(one):
        least = np.minimum(leader[one], leader[other])
        joined = leader.copy()
        for side in (leader[one], leader[other]):
            np.minimum.at(joined, side, least)
        joined = joined[joined]
        if np.array_equal(joined, leader):
            break
        leader = joined
    return leader
