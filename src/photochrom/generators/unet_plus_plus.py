"""U-Net++: a U-Net whose skips are filled with convolutions, supervised at each depth.

Zhou, Siddiquee, Tajbakhsh & Liang 2018, "UNet++: A Nested U-Net Architecture for Medical Image
Segmentation". Node X^{i,j} (eq. 1) is i halvings down and j steps along its skip: two convolutions
over everything before it in its row and the enlarged node below. The nodes X^{0,1} … X^{0,4} each
paint the whole picture (section 3.2, deep supervision), so that after training any of them may be
the last: what lies deeper is pruned away, and painting gets cheaper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.generators.blocks import (
    ConvBlock,
    grey_planes,
    pad_to_multiple,
    require_inputs,
    require_widths,
)
from photochrom.generators.generator import Generator
from photochrom.generators.supervised import Supervised


class UNetPlusPlus(Generator):
    """Lightness (B, 1, H, W), L* 0…100, of any size → raw planes (B, outputs, H, W).

    `widths` are the channels of the rows, from full size down. With `deep_supervision` it returns
    every level's planes while it is trained, those of `level` first. In evaluation `level`, 1 to
    the number of rows less one, says which node paints (0: the last); nodes that it does not need
    are not computed.
    """

    paper: ClassVar[str] = "Zhou et al. 2018"
    small: ClassVar[Mapping[str, Any]] = {"widths": (8, 12, 16)}

    def __init__(
        self,
        outputs: int,
        *,
        inputs: int = 1,
        widths: Sequence[int] = (32, 64, 128, 256, 512),
        norm: str = "batch",
        deep_supervision: bool = True,
        level: int = 0,
    ) -> None:
        super().__init__()
        self.outputs, self.inputs, self.norm = outputs, require_inputs(inputs), norm
        self.widths = require_widths(widths, max(len(widths), 2))
        self.last = len(self.widths) - 1
        self.deep_supervision = deep_supervision
        self.level = self.require_level(level or self.last)
        self.nodes, self.lifts = nn.ModuleDict(), nn.ModuleDict()
        for row, column in nodes(self.last):
            width = self.widths[row]
            above = self.widths[row - 1] if row else self.inputs
            if column:  # its row so far, and the node below, enlarged
                below = self.widths[row + 1]
                self.lifts[key(row, column)] = nn.ConvTranspose2d(below, width, 2, stride=2)
            taken = (column + 1) * width if column else above
            self.nodes[key(row, column)] = ConvBlock(taken, width, norm)
        first = 1 if deep_supervision else self.last
        self.heads = nn.ModuleDict(
            {str(at): nn.Conv2d(self.widths[0], outputs, 1) for at in range(first, self.last + 1)}
        )

    def forward(self, lightness: Tensor) -> Tensor | Supervised:
        height, width = lightness.shape[-2:]
        supervised = self.training and self.deep_supervision
        deepest = self.last if supervised else self.level
        grey = pad_to_multiple(grey_planes(lightness, self.inputs), 2**deepest)
        tops = self.top_row(grey, deepest)
        levels = (self.level, *(at for at in range(deepest, 0, -1) if at != self.level))
        if not supervised:
            levels = levels[:1]
        planes = tuple(self.heads[str(at)](tops[at])[..., :height, :width] for at in levels)
        return Supervised(planes) if supervised else planes[0]

    def top_row(self, grey: Tensor, deepest: int) -> list[Tensor]:
        """X^{0,0} … X^{0,deepest}, and of the other nodes those that they need."""
        rows: list[list[Tensor]] = [[] for _ in range(deepest + 1)]
        for row, column in nodes(deepest):
            if column:
                lifted = self.lifts[key(row, column)](rows[row + 1][column - 1])
                features = torch.cat([*rows[row], lifted], dim=1)
            else:
                features = F.max_pool2d(rows[row - 1][0], 2) if row else grey
            rows[row].append(self.nodes[key(row, column)](features))
        return rows[0]

    def pruned(self, level: int) -> UNetPlusPlus:
        """A smaller network with these weights, that paints what level `level` of this one does.

        Raises `ValueError` for a level that is not there.
        """
        smaller = UNetPlusPlus(
            self.outputs,
            inputs=self.inputs,
            widths=self.widths[: self.require_level(level) + 1],
            norm=self.norm,
            deep_supervision=self.deep_supervision,
        )
        state = self.state_dict()
        smaller.load_state_dict({name: state[name] for name in smaller.state_dict()})
        return smaller.train(self.training)

    def require_level(self, level: int) -> int:
        """The level, if there is one that paints there, else a `ValueError`."""
        first = 1 if self.deep_supervision else self.last
        if not first <= level <= self.last:
            raise ValueError(
                f"level is {first} to {self.last}, not {level}; levels before the last paint only "
                "with deep_supervision"
            )
        return level


def nodes(deepest: int) -> Iterator[tuple[int, int]]:
    """(row, column) of every node down to row `deepest`, each after those that it is made of.

    >>> list(nodes(1))
    [(0, 0), (1, 0), (0, 1)]
    """
    for diagonal in range(deepest + 1):
        for column in range(diagonal + 1):
            yield diagonal - column, column


def key(row: int, column: int) -> str:
    """A node's name in the state dict."""
    return f"x{row}{column}"
