"""Every generator: parameters, multiply-adds, and how fast it paints and learns on this machine.

    python benchmarks/networks.py [NAME…] [--px 256] [--batch 4] [--threads 2]
    python benchmarks/networks.py --write docs/networks.md      (the page's tables, nothing timed)

Painting is ONNX Runtime with one picture, learning PyTorch's forward and backward pass in float32
with `--batch` pictures; of several rounds the fastest counts. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import io
import logging
import re
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import onnxruntime
import torch

from photochrom.generators.generator import Generator
from photochrom.generators.registry import (
    GENERATORS,
    generator_table,
    make_generator,
    options_of,
)
from photochrom.generators.supervised import Supervised

ROUNDS = 5
ENOUGH_S = 4.0  # no further round after so many seconds
OUTPUTS = 3
SIZES = {1: "H × W", 4: "⌈H/4⌉ × ⌈W/4⌉"}


def table() -> str:
    """The page's table: what a recipe's `generator.name` may be."""
    head = ("| name | paper | parameters | GMAC at 256 px | paints |", "|---|---|---:|---:|---|")
    rows = (
        f"| [`{row.name}`](#{row.name}) | {row.paper} | {row.parameters / 1e6:.2f} M "
        f"| {row.multiply_adds / 1e9:.2f} | {SIZES[GENERATORS[row.name].output_stride]} |"
        for row in generator_table()
    )
    return "\n".join((*head, *rows))


def options_line(name: str) -> str:
    """The page's line of a generator's options with their defaults."""
    options = ", ".join(f"`{option}` {shown(value)}" for option, value in options_of(name).items())
    return f"Options of `{name}`: {options}."


def shown(value: object) -> str:
    """A default as a recipe writes it.

    >>> shown((8, 16)), shown(True), shown(0.5)
    ('[8, 16]', 'true', '0.5')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return str(list(value)) if isinstance(value, tuple) else str(value)


def with_fresh_tables(page: str) -> str:
    """The page with its table and options lines as the code has them now."""
    page = re.sub(r"^\| name \| paper .*?(?=\n\n)", lambda _: table(), page, flags=re.M | re.S)
    for name in GENERATORS:
        page = re.sub(
            rf"^Options of `{name}`:.*?\.(?=\n\n|\n?\Z)",
            lambda _, name=name: options_line(name),  # type: ignore[misc]
            page,
            flags=re.M | re.S,
        )
    return page


def fastest(act: Callable[[], object]) -> float:
    """Seconds of the fastest of several rounds, after one to warm up."""
    act()
    best, started = float("inf"), time.perf_counter()
    for _ in range(ROUNDS):
        before = time.perf_counter()
        act()
        best = min(best, time.perf_counter() - before)
        if time.perf_counter() - started > ENOUGH_S:
            break
    return best


def painting_s(network: Generator, px: int, threads: int) -> float:
    """Seconds for one picture with ONNX Runtime."""
    lightness = torch.rand(1, 1, px, px) * 100
    written = io.BytesIO()
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations
        torch.onnx.export(network.eval(), (lightness,), written, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(written.getvalue(), options)
    given = {session.get_inputs()[0].name: lightness.numpy()}
    return fastest(lambda: session.run(None, given))


def learning_s(network: Generator, px: int, batch: int) -> float:
    """Seconds for a forward and a backward pass."""
    lightness = torch.rand(batch, 1, px, px) * 100
    network.train()

    def step() -> None:
        network.zero_grad(set_to_none=True)
        painted = network(lightness)
        planes = painted.planes if isinstance(painted, Supervised) else (painted,)
        torch.stack([each.square().mean() for each in planes]).sum().backward()

    return fastest(step)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--px", type=int, default=256)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--write", type=Path, metavar="PAGE")
    told = parser.parse_args()
    if told.write:
        told.write.write_text(with_fresh_tables(told.write.read_text("utf-8")), "utf-8")
        return
    torch.set_num_threads(told.threads)
    print(f"{told.px} px, {told.threads} threads; painting 1, learning {told.batch} at a time;")
    print("* of one picture of 256×256")
    print(f"{'':16} {'parameters':>11} {'GMAC*':>7} {'painting':>10} {'learning':>10}")
    for row in generator_table():
        if told.names and row.name not in told.names:
            continue
        network = make_generator(row.name, OUTPUTS, {})
        painting = painting_s(network, told.px, told.threads)
        learning = told.batch / learning_s(network, told.px, told.batch)
        print(
            f"{row.name:16} {row.parameters / 1e6:9.2f} M {row.multiply_adds / 1e9:7.2f} "
            f"{painting * 1000:7.0f} ms {learning:6.1f} im/s",
            flush=True,
        )


if __name__ == "__main__":
    main()
