"""How much memory a training step needs, counted before it is taken.

The networks run with PyTorch's fake tensors, which have shapes but no memory, and what autograd
keeps for the backward pass is counted.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode

from photochrom.errors import SetupError
from photochrom.generators.heads import Head
from photochrom.generators.supervised import Supervised
from photochrom.training.sides import Painted, Truth

STATES_A_WEIGHT = 5  # the weight, its gradient, Adam's two moments, the average: float32
BRIEF = 1.25  # what lives only for a moment: gradients of activations, workspaces, copies
BASE_BYTES = 500 << 20  # Python, torch and the pictures that are being made
GIB = 1 << 30
TRIALS = (2, 4)  # pictures: BatchNorm at the bottom of a U-Net wants two

Module = TypeVar("Module", bound=nn.Module)


@dataclass(frozen=True)
class MemoryEstimate:
    """What a step needs: `fixed_bytes` however many pictures, `picture_bytes` for each of `batch`.

    `batch` counts the pictures that go through one device at once; `px` is their side.
    """

    fixed_bytes: int
    picture_bytes: int
    batch: int
    px: int

    @property
    def total_bytes(self) -> int:
        """Of a whole step."""
        return self.fixed_bytes + self.picture_bytes * self.batch

    def fitting_batch(self, available_bytes: int) -> int:
        """The largest batch, up to this one, that fits; 0 where none does."""
        fits = (available_bytes - self.fixed_bytes) // self.picture_bytes
        return min(max(fits, 0), self.batch)

    def advice(self, available_bytes: int) -> str:
        """What to change so that the step fits, in words."""
        fits = self.fitting_batch(available_bytes)
        if fits < 1:
            return "Not even one picture fits: choose smaller px in run.stages, or another network."
        return (
            f"A batch of {fits} would fit: set run.batch={fits} (or that stage's own batch in "
            "run.stages), or keep the batch and raise run.accumulate until a piece holds "
            f"{fits} pictures or fewer."
        )


def estimate_memory(
    generator: nn.Module,
    discriminator: nn.Module | None,
    *,
    batch: int,
    px: int,
    precision: str,
    head: Head,
    inputs: int = 1,
    losses: Mapping[str, nn.Module] | None = None,
) -> MemoryEstimate:
    """The memory of one step with `batch` pictures of `px` × `px` in `precision`.

    `inputs` are the grey planes that the discriminator sees beside the painted ones; what the
    `losses` by name keep is counted with them. The modules are left as they are.
    """
    networks = [module for module in (generator, discriminator) if module is not None]
    weights = sum(tensor.nbytes for module in networks for tensor in module.parameters())
    others = sum(tensor.nbytes for loss in (losses or {}).values() for tensor in tensors(loss))
    few, many = (
        kept_bytes(
            generator, discriminator, head, losses or {}, Trial(count, px, inputs, precision)
        )
        for count in TRIALS
    )
    a_picture = (many - few) / (TRIALS[1] - TRIALS[0])
    however_many = few - TRIALS[0] * a_picture  # such as autocast's copies of the weights
    return MemoryEstimate(
        fixed_bytes=round(weights * STATES_A_WEIGHT + others + max(however_many, 0)) + BASE_BYTES,
        picture_bytes=round(a_picture * BRIEF),
        batch=batch,
        px=px,
    )


@dataclass(frozen=True)
class Trial:
    """A step to try: so many pictures of `px`, `inputs` planes of grey, in this precision."""

    count: int
    px: int
    inputs: int
    precision: str


def kept_bytes(
    generator: nn.Module,
    discriminator: nn.Module | None,
    head: Head,
    losses: Mapping[str, nn.Module],
    trial: Trial,
) -> int:
    """The most that autograd keeps at any moment of a step."""
    with FakeTensorMode(), autocast(trial.precision):
        lightness = torch.zeros(trial.count, 1, trial.px, trial.px)
        with counted_bytes() as painting:
            raw = faked(generator).train()(lightness)
        paintings = sides_of(raw, lightness, faked(head))
        with counted_bytes() as losing:
            for loss in losses.values():
                compare(faked(loss), paintings)
        with counted_bytes() as judging:
            if discriminator is not None:
                planes = paintings[0].planes
                grey = torch.zeros(trial.count, trial.inputs, *planes.shape[-2:])
                faked(discriminator).train()(grey, planes)
    # While the discriminator learns it keeps the real and the painted; then the painted alone.
    return painting.bytes + max(2 * judging.bytes, judging.bytes + losing.bytes)


def autocast(precision: str) -> torch.autocast:
    """The precision's autocast; its two half precisions take the same memory."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision.endswith("-mixed"))


def sides_of(raw: Tensor | Supervised, lightness: Tensor, head: Head) -> list[Painted]:
    """What was painted, several of a deeply supervised network, cut off from how it was."""
    said = raw if isinstance(raw, Supervised) else Supervised((raw,))
    has_colour = None if said.has_colour is None else said.has_colour.detach().requires_grad_()
    return [
        Painted(head, lightness, planes.detach().requires_grad_(), has_colour)
        for planes in said.planes
    ]


def compare(loss: nn.Module, paintings: Sequence[Painted]) -> list[Tensor]:
    """The loss of each painting, against a truth of the same sizes."""
    count, _, height, width = paintings[0].lightness.shape
    rows, columns = paintings[0].raw.shape[-2:]
    truth = Truth(
        rgb=torch.zeros(count, 3, height, width),
        ab=torch.zeros(count, 2, rows, columns),
        index=torch.zeros(count, rows, columns, dtype=torch.int64),
    )
    return [loss(painted, truth) for painted in paintings]


@dataclass
class Counted:
    """Bytes that autograd keeps."""

    bytes: int = 0


@contextmanager
def counted_bytes() -> Iterator[Counted]:
    """Counts what is kept for a backward pass beside the weights, each storage once."""
    counted = Counted()
    seen: dict[int, torch.UntypedStorage] = {}  # held, so that no number is given out twice

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if not isinstance(tensor, nn.Parameter) and id(storage) not in seen:
            seen[id(storage)] = storage
            counted.bytes += storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        yield counted


def tensors(module: nn.Module) -> Iterator[Tensor]:
    """Its parameters and buffers."""
    yield from module.parameters()
    yield from module.buffers()


def faked(module: Module) -> Module:
    """A copy of `module`, under fake tensors, that has shapes and no memory, wherever it lies."""
    return copy.deepcopy(module, {id(tensor): hollow(tensor) for tensor in tensors(module)})


def hollow(tensor: Tensor) -> Tensor:
    """A tensor or parameter like this one, on the CPU: there the estimate is made."""
    empty = torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype)
    return nn.Parameter(empty, tensor.requires_grad) if isinstance(tensor, nn.Parameter) else empty


@contextmanager
def out_of_memory_in_words(estimate: MemoryEstimate) -> Iterator[None]:
    """Turns a GPU's out-of-memory error into a `SetupError` that names the batch that would fit."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        _, whole = torch.cuda.mem_get_info()
        raise SetupError(too_large(estimate, whole)) from error


def too_large(estimate: MemoryEstimate, available_bytes: int) -> str:
    """Why a step failed on a GPU with so much memory, and what to do."""
    tried = min(available_bytes, estimate.total_bytes - 1)  # it did not fit, whatever was estimated
    return (
        f"The GPU's memory of {available_bytes / GIB:.1f} GiB is too small for a step with "
        f"{estimate.batch} pictures of {estimate.px} px (about "
        f"{estimate.total_bytes / GIB:.1f} GiB). {estimate.advice(round(0.9 * tried))} "
        "The last checkpoint is kept."
    )


def memory_warning(estimate: MemoryEstimate, available_bytes: int | None) -> str | None:
    """What to say before the first step where main memory will hardly do; None where it will."""
    if available_bytes is None or estimate.total_bytes <= available_bytes:
        return None
    return (
        f"A step with {estimate.batch} pictures of {estimate.px} px needs about "
        f"{estimate.total_bytes / GIB:.1f} GiB, and {available_bytes / GIB:.1f} GiB of memory are "
        f"free: the system may end the run or swap. {estimate.advice(available_bytes)}"
    )
