"""The network alone at 256 px, ONNX Runtime on 2 threads: pix2pix's unet_256 against ours.

    python benchmarks/network_speed.py        (needs the extra `train`: it builds unet_256)

Both run in turns in one process; the ratio is that of the fastest runs.
"""

from __future__ import annotations

import io
import time
import warnings

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from photochrom.models.network import locate

SIDE_PX = 256
ROUNDS = 40
WIDTHS = (64, 128, 256, 512, 512, 512, 512, 512)


class UNet256(nn.Module):
    """Pix2pix's generator (Isola et al. 2017, appendix 6.1.1): 54.4 M parameters with 3 → 3."""

    def __init__(self) -> None:
        super().__init__()
        downs, ups = [], []
        for depth, width in enumerate(WIDTHS):
            before = WIDTHS[depth - 1] if depth else 3
            layers: list[nn.Module] = [nn.LeakyReLU(0.2)] if depth else []
            layers.append(nn.Conv2d(before, width, 4, 2, 1, bias=depth in (0, len(WIDTHS) - 1)))
            if 0 < depth < len(WIDTHS) - 1:
                layers.append(nn.BatchNorm2d(width))
            downs.append(nn.Sequential(*layers))
            after = WIDTHS[depth - 1] if depth else 3
            taken = width if depth == len(WIDTHS) - 1 else 2 * width
            up: list[nn.Module] = [
                nn.ReLU(),
                nn.ConvTranspose2d(taken, after, 4, 2, 1, bias=not depth),
            ]
            up.append(nn.BatchNorm2d(after) if depth else nn.Tanh())
            ups.append(nn.Sequential(*up))
        self.downs = nn.ModuleList(downs)
        self.ups = nn.ModuleList(ups)

    def forward(self, rgb: Tensor) -> Tensor:
        skips = []
        features = rgb
        for down in self.downs:
            features = down(features)
            skips.append(features)
        features = self.ups[-1](skips.pop())
        for up in list(self.ups)[-2::-1]:
            features = up(torch.cat([skips.pop(), features], dim=1))
        return features


def session_of(model: bytes) -> onnxruntime.InferenceSession:
    """A session on two threads of the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def unet_session() -> onnxruntime.InferenceSession:
    """unet_256 with random weights."""
    network = UNet256().eval()
    count = sum(p.numel() for p in network.parameters())
    print(f"unet_256: {count / 1e6:.1f} M parameters")
    written = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(network, (torch.zeros(1, 3, SIDE_PX, SIDE_PX),), written, dynamo=False)
    return session_of(written.getvalue())


def main() -> None:
    path, _ = locate("flagship")
    ours, theirs = session_of(path.read_bytes()), unet_session()
    generator = np.random.default_rng(7)
    lightness = generator.uniform(0, 100, (1, 1, SIDE_PX, SIDE_PX)).astype(np.float32)
    rgb = generator.uniform(-1, 1, (1, 3, SIDE_PX, SIDE_PX)).astype(np.float32)
    best = {"ours": np.inf, "unet_256": np.inf}
    for _ in range(ROUNDS):
        for name, run in (
            ("ours", lambda: ours.run(["ab"], {"lightness": lightness})),
            ("unet_256", lambda: theirs.run(None, {theirs.get_inputs()[0].name: rgb})),
        ):
            started = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - started)
    print(", ".join(f"{name} {1000 * seconds:.1f} ms" for name, seconds in best.items()))
    print(f"unet_256 / ours: {best['unet_256'] / best['ours']:.2f}  (at least 4)")


if __name__ == "__main__":
    main()
