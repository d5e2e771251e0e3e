"""Near-duplicates: pictures whose 64-bit difference hashes differ in a few bits only.

A copy that was resized, compressed again, made grey, brighter or darker keeps its hash to within
a few bits; two different photographs differ in about 32. Alone the hash is too weak for pictures
that are composed alike: of 4,000 portraits 775 pairs agreed by chance, and chains of these joined
242 portraits. So the hash of the turned picture has to agree as well: 19 pairs were left.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HASH_BITS = 64
MOST_BITS = 4  # that the hashes of near-duplicates differ in
MOST_TURNED_BITS = 6  # that the hashes of the turned pictures differ in
PAIRS_AT_A_TIME = 1 << 20  # compared at once: 64 MB while their bits are counted

Hashes = NDArray[np.uint64]
Indices = NDArray[np.intp]


class Likeness(NamedTuple):
    """What near-duplicates are told by: the difference hash, and that of the turned picture."""

    across: int
    turned: int


def likeness(picture: Image.Image) -> Likeness:
    """The hashes of a picture and of it turned over its diagonal."""
    grey = picture.convert("L")
    return Likeness(
        difference_hash(grey), difference_hash(grey.transpose(Image.Transpose.TRANSPOSE))
    )


def difference_hash(picture: Image.Image) -> int:
    """64 bits, row by row: whether a pixel of the picture at 9×8 is lighter than the one before.

    The difference hash of N. Krawetz, "Kind of like that", 2013; of grey by Rec. 601.
    """
    grey = np.asarray(picture.convert("L").resize((9, 8), Image.Resampling.BILINEAR))
    return int.from_bytes(np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes(), "big")


def near_groups(pictures: list[Likeness]) -> list[int]:
    """For each picture the first one of its group; alone in its group it is its own first.

    Near-duplicates are in one group, and so is what a chain of them joins.

    >>> near_groups([Likeness(0b1111, 0), Likeness(2**64 - 1, 0), Likeness(0, 0b111111)])
    [0, 1, 0]
    >>> near_groups([Likeness(0b11111, 0), Likeness(0, 0), Likeness(0b11111, 0b1111111)])
    [0, 1, 2]
    """
    hashes = np.array(pictures, np.uint64).reshape(-1, 2)
    unique, first, place = np.unique(hashes, axis=0, return_index=True, return_inverse=True)
    leader = np.arange(len(unique), dtype=np.intp)
    for one, other in near_pairs(unique):
        leader = _joined(leader, one, other)
    firsts = np.full(len(unique), len(hashes), np.intp)
    np.minimum.at(firsts, leader, first)  # of every group the picture that comes first
    groups: list[int] = firsts[leader[place.reshape(-1)]].tolist()
    return groups


def near_pairs(unique: Hashes) -> Iterator[tuple[Indices, Indices]]:
    """Which of these pictures (n, 2), across and turned, are near-duplicates of each other.

    Cut into `MOST_BITS` + 2 blocks, two hashes that differ in so few bits agree in two whole
    blocks at least, so only hashes that agree in two blocks are compared: of random ones, one
    pair in two million for each of the 15 choices. A pair may come several times.
    """
    for mask in _pairs_of_blocks(MOST_BITS + 2):
        order = np.argsort(unique[:, 0] & mask, kind="stable")
        across, turned = np.ascontiguousarray(unique[order].T)
        key = across & mask
        at, shift = np.arange(len(unique)), 1
        while True:
            at = at[at + shift < len(unique)]
            at = at[key[at] == key[at + shift]]
            if not len(at):
                break
            for start in range(0, len(at), PAIRS_AT_A_TIME):
                one = at[start : start + PAIRS_AT_A_TIME]
                one = one[_differing_bits(across[one], across[one + shift]) <= MOST_BITS]
                one = one[_differing_bits(turned[one], turned[one + shift]) <= MOST_TURNED_BITS]
                yield order[one], order[one + shift]
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
