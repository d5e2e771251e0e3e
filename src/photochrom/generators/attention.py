"""Attention over the places of a picture: what is far apart may agree on a colour."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from photochrom.generators.blocks import depthwise3x3

HEAD_CHANNELS = 32


class AttentionBlock(nn.Module):
    """Self-attention over all places, then two linear layers with a 3×3 depthwise between them.

    (B, C, h, w) → the same; C is a multiple of 32. The block is that of Dosovitskiy et al. 2021;
    the depthwise step, which tells places apart instead of a table of positions, is SegFormer's
    (Xie et al. 2021), so that any size fits. Time and memory grow with (h · w)². Adds nothing at
    first: a generator that was trained without it paints as before.
    """

    def __init__(self, channels: int, *, expansion: int = 2) -> None:
        """Raises `ValueError` for channels that the heads do not divide."""
        super().__init__()
        if channels % HEAD_CHANNELS:
            raise ValueError(
                f"attention wants a multiple of {HEAD_CHANNELS} channels, not {channels}"
            )
        hidden = expansion * channels
        self.norm_places = nn.LayerNorm(channels)
        self.queries_keys_values = nn.Linear(channels, 3 * channels)
        self.gathered = nn.Linear(channels, channels)
        self.norm_channels = nn.LayerNorm(channels)
        self.widen = nn.Linear(channels, hidden)
        self.around = depthwise3x3(hidden)
        self.narrow = nn.Linear(hidden, channels)
        for last in (self.gathered, self.narrow):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, features: Tensor) -> Tensor:
        height, width = features.shape[-2:]
        places = features.flatten(2).transpose(1, 2)  # (B, h · w, C)
        places = places + self.gathered(self.attended(self.norm_places(places)))
        widened = as_planes(self.widen(self.norm_channels(places)), height, width)
        mixed = F.relu(self.around(widened)).flatten(2).transpose(1, 2)
        return as_planes(places + self.narrow(mixed), height, width)

    def attended(self, places: Tensor) -> Tensor:
        """Each place's weighted mean of what all places (B, N, C) have to say."""
        count = places.shape[1]
        each = self.queries_keys_values(places)
        each = each.reshape(-1, count, 3, places.shape[2] // HEAD_CHANNELS, HEAD_CHANNELS)
        queries, keys, values = each.permute(2, 0, 3, 1, 4)
        told = F.scaled_dot_product_attention(queries, keys, values)  # (B, heads, N, 32)
        return told.transpose(1, 2).reshape(places.shape)


def as_planes(places: Tensor, height: int, width: int) -> Tensor:
    """(B, h · w, C) → (B, C, h, w)."""
    return places.transpose(1, 2).reshape(-1, places.shape[2], height, width)
