"""The memory estimate against what autograd really keeps, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from torch import nn

from photochrom.errors import SetupError
from photochrom.generators.heads import make_head
from photochrom.generators.registry import make_generator
from photochrom.training import memory
from photochrom.training.discriminators import make_discriminator
from photochrom.training.losses.table import make_losses
from photochrom.training.memory import (
    BASE_BYTES,
    BRIEF,
    GIB,
    STATES_A_WEIGHT,
    MemoryEstimate,
    counted_bytes,
    estimate_memory,
    memory_warning,
    out_of_memory_in_words,
    too_large,
)

TEN = MemoryEstimate(fixed_bytes=2 * GIB, picture_bytes=GIB, batch=10, px=256)


def estimated(generator: nn.Module, **changes: object) -> MemoryEstimate:
    told = {"batch": 4, "px": 64, "precision": "32-true", "head": make_head("ab"), **changes}
    return estimate_memory(generator, None, **told)  # type: ignore[arg-type]


def test_one_convolution_keeps_what_it_was_given_and_what_tanh_gave() -> None:
    convolution = nn.Sequential(nn.Conv2d(1, 2, 1), nn.Tanh())
    found = estimated(convolution, px=32)
    kept = (1 + 2) * 32 * 32 * 4
    assert found.picture_bytes == round(kept * BRIEF)
    weights = (2 + 2) * 4
    assert found.fixed_bytes == BASE_BYTES + weights * STATES_A_WEIGHT
    assert found.total_bytes == found.fixed_bytes + 4 * found.picture_bytes


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_as_much_is_counted_as_is_kept_in_earnest(precision: str) -> None:
    generator = make_generator("mobile_unet", 2, {}).train()
    with (
        torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision != "32-true"),
        counted_bytes() as real,
    ):
        generator(torch.zeros(4, 1, 64, 64))
    found = estimated(generator, precision=precision)
    states = sum(weight.nbytes for weight in generator.parameters()) * STATES_A_WEIGHT
    however_many = found.fixed_bytes - BASE_BYTES - states  # autocast's copies of the weights
    assert however_many + 4 * found.picture_bytes / BRIEF == pytest.approx(real.bytes, rel=0.01)


def test_the_network_stays_as_it_was() -> None:
    generator = make_generator("mobile_unet", 2, {}).eval()
    before = {name: tensor.clone() for name, tensor in generator.state_dict().items()}
    estimated(generator)
    assert not generator.training
    assert all(torch.equal(before[name], now) for name, now in generator.state_dict().items())


def test_it_is_estimated_alike_wherever_the_networks_lie() -> None:
    here = estimated(make_generator("unet", 2, {"depth": 3, "width": 8}))
    elsewhere = make_generator("unet", 2, {"depth": 3, "width": 8}).to("meta")  # no CPU, as a GPU
    assert estimated(elsewhere) == here


def test_halves_need_less_and_larger_pictures_more() -> None:
    generator = make_generator("unet", 3, {"depth": 5, "width": 16})
    whole = estimated(generator, head=make_head("rgb"))
    half = estimated(generator, head=make_head("rgb"), precision="16-mixed")
    large = estimated(generator, head=make_head("rgb"), px=128)
    assert half.picture_bytes < 0.6 * whole.picture_bytes
    assert large.picture_bytes == pytest.approx(4 * whole.picture_bytes, rel=0.05)


def test_discriminator_and_losses_are_counted_too() -> None:
    generator = make_generator("unet", 3, {"depth": 5, "width": 16})
    head = make_head("rgb")
    alone = estimated(generator, head=head)
    judged = estimate_memory(
        generator,
        make_discriminator("patchgan", 1, 3, {}),
        batch=4,
        px=64,
        precision="32-true",
        head=head,
    )
    assert judged.picture_bytes > alone.picture_bytes
    assert judged.fixed_bytes > alone.fixed_bytes + 2_000_000 * 4
    losses = make_losses({"lpips": 1.0}, {}, centres=None, class_weights=None)
    compared = estimated(generator, head=head, losses=losses)
    assert compared.picture_bytes > alone.picture_bytes


def test_a_distribution_over_bins_is_estimated_with_its_loss() -> None:
    centres = np.array([[0, 0], [50, 0], [0, 50]], np.float32)
    weights = np.ones(3, np.float32)
    losses = make_losses(
        {"quantized_cross_entropy": 1.0}, {}, centres=centres, class_weights=weights
    )
    head = make_head("bins", torch.from_numpy(centres), torch.from_numpy(weights))
    found = estimated(make_generator("mobile_unet", 3, {}), head=head, losses=losses)
    assert found.picture_bytes > 0


@pytest.mark.parametrize(
    ("available", "fits"), [(12 * GIB, 10), (100 * GIB, 10), (11 * GIB, 9), (2 * GIB, 0), (0, 0)]
)
def test_the_batch_that_fits_is_named(available: int, fits: int) -> None:
    assert TEN.fitting_batch(available) == fits
    advice = TEN.advice(available)
    assert (f"run.batch={fits}" in advice) == (fits > 0)
    assert ("smaller px" in advice) == (fits == 0)


def test_on_a_cpu_too_little_memory_is_said_before_the_first_step() -> None:
    assert memory_warning(TEN, 13 * GIB) is None
    assert memory_warning(TEN, None) is None
    warning = memory_warning(TEN, 7 * GIB)
    assert warning is not None
    assert "12.0 GiB" in warning and "7.0 GiB" in warning and "run.batch=5" in warning


@contextmanager
def gpu_of(monkeypatch: pytest.MonkeyPatch, bytes_: int) -> Iterator[None]:
    monkeypatch.setattr(memory.torch.cuda, "mem_get_info", lambda: (0, bytes_))
    yield


def test_out_of_memory_on_a_gpu_names_the_batch_that_would_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (
        gpu_of(monkeypatch, 8 * GIB),
        pytest.raises(SetupError, match=r"8\.0 GiB.*10 pictures of 256 px.*run\.batch=5") as told,
        out_of_memory_in_words(TEN),
    ):
        raise torch.OutOfMemoryError("CUDA out of memory")
    assert isinstance(told.value.__cause__, torch.OutOfMemoryError)


def test_what_did_not_fit_is_never_advised_again() -> None:
    """However much memory there is: others may use it, or the estimate be too low."""
    assert "run.batch=8" in too_large(TEN, 1000 * GIB)


def test_other_errors_pass() -> None:
    with pytest.raises(RuntimeError, match="other"), out_of_memory_in_words(TEN):
        raise RuntimeError("other")
