"""Every discriminator of the table: sizes, fields, parameters, options."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from photochrom.errors import InputError
from photochrom.training.discriminators import (
    DISCRIMINATORS,
    FIELDS,
    Discriminator,
    make_discriminator,
)
from photochrom.training.spectral import SpectralConv2d

SMALL = {"width": 4}


def sides(height: int, width: int, *, inputs: int = 1, outputs: int = 2) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(3)
    condition = torch.rand(2, inputs, height, width, generator=generator)
    return condition, torch.rand(2, outputs, height, width, generator=generator)


def maps(logits: Tensor | list[Tensor]) -> list[Tensor]:
    return logits if isinstance(logits, list) else [logits]


@pytest.fixture(params=sorted(DISCRIMINATORS))
def discriminator(request: pytest.FixtureRequest) -> Discriminator:
    torch.manual_seed(1)
    return make_discriminator(request.param, 1, 2, SMALL)


def test_the_patchgan_of_70_px_is_pix2pixs() -> None:
    with torch.device("meta"):
        patchgan = make_discriminator("patchgan", 3, 3, {})
        logits = patchgan(torch.empty(1, 3, 256, 256), torch.empty(1, 3, 256, 256))
    assert sum(weight.numel() for weight in patchgan.parameters()) == 2_768_705
    assert logits.shape == (1, 1, 30, 30)


@pytest.mark.parametrize("field", FIELDS)
def test_a_patchgans_logit_sees_its_receptive_field_and_no_more(field: int) -> None:
    side = 2 * field + 32
    patchgan = make_discriminator(
        "patchgan", 1, 1, {"receptive_field": field, "width": 2, "norm": "none"}
    )
    for weight in patchgan.parameters():
        nn.init.constant_(weight, 0.01)  # no path cancels another
    planes = torch.ones(1, 1, side, side, requires_grad=True)
    logits = patchgan(torch.ones(1, 1, side, side), planes)
    middle = logits.shape[-1] // 2
    logits[0, 0, middle, middle].backward()
    rows = planes.grad[0, 0].abs().sum(dim=1).nonzero()
    assert rows.max() - rows.min() + 1 == field


def test_the_pixel_discriminator_sees_one_pixel() -> None:
    pixel = make_discriminator("pixel", 1, 1, {**SMALL, "norm": "none"})
    planes = torch.ones(1, 1, 5, 7, requires_grad=True)
    logits = pixel(torch.ones(1, 1, 5, 7), planes)
    logits[0, 0, 2, 3].backward()
    assert logits.shape == (1, 1, 5, 7)
    assert planes.grad.nonzero().tolist() == [[0, 0, 2, 3]]


def test_the_patch_classifier_judges_each_tile_of_64_px_alone() -> None:
    classifier = make_discriminator("patch_classifier", 1, 1, {**SMALL, "norm": "none"})
    planes = torch.rand(1, 1, 100, 256, requires_grad=True)
    logits = classifier(torch.rand(1, 1, 100, 256), planes)
    logits[0, 0, 0, 1].backward()
    rows, columns = (planes.grad[0, 0].abs().sum(dim=dim).nonzero() for dim in (1, 0))
    assert logits.shape == (1, 1, 2, 4)
    assert (rows.min(), rows.max()) == (0, 63)
    assert (columns.min(), columns.max()) == (64, 127)


def test_the_whole_picture_gets_one_logit() -> None:
    assert make_discriminator("whole_picture", 1, 2, SMALL)(*sides(70, 96)).shape == (2, 1)


def test_multi_scale_judges_a_picture_at_halving_sizes() -> None:
    options = {**SMALL, "receptive_field": 16, "scales": 2}
    logits = make_discriminator("multi_scale", 1, 2, options)(*sides(64, 96))
    assert [tuple(scale.shape) for scale in logits] == [(2, 1, 30, 46), (2, 1, 14, 22)]


@pytest.mark.parametrize(("inputs", "outputs"), [(1, 2), (3, 3)])
@pytest.mark.parametrize("name", sorted(DISCRIMINATORS))
def test_any_channels_go_in_and_gradients_reach_the_painted_planes(
    name: str, inputs: int, outputs: int
) -> None:
    judge = make_discriminator(name, inputs, outputs, SMALL)
    condition, planes = sides(97, 113, inputs=inputs, outputs=outputs)
    planes.requires_grad_()
    torch.stack([scale.sum() for scale in maps(judge(condition, planes))]).sum().backward()
    assert planes.grad is not None
    assert planes.grad.isfinite().all()
    assert all(weight.grad is not None for weight in judge.parameters())


def test_the_condition_counts(discriminator: Discriminator) -> None:
    condition, planes = sides(96, 96)
    discriminator.eval()
    one, other = (maps(discriminator(c, planes)) for c in (condition, 1 - condition))
    assert not torch.equal(one[0], other[0])


def test_the_smallest_size_is_judged_and_a_smaller_one_refused_in_words(
    discriminator: Discriminator,
) -> None:
    least = discriminator.smallest_px
    assert all(logits.numel() for logits in maps(discriminator(*sides(least, least))))
    if least > 1:
        with pytest.raises(InputError, match=f"at least {least} px .* {least - 1}×{least}: raise"):
            discriminator(*sides(least, least - 1))


@pytest.mark.parametrize("norm", ["batch", "group", "instance", "none"])
@pytest.mark.parametrize("name", sorted(DISCRIMINATORS))
def test_every_norm_can_be_chosen(name: str, norm: str) -> None:
    judge = make_discriminator(name, 1, 2, {**SMALL, "norm": norm})
    has_batch_statistics = any(isinstance(layer, nn.BatchNorm2d) for layer in judge.modules())
    assert has_batch_statistics == (norm == "batch")
    assert all(logits.isfinite().all() for logits in maps(judge(*sides(96, 96))))


@pytest.mark.parametrize("name", sorted(DISCRIMINATORS))
def test_spectral_norm_reaches_every_convolution(name: str) -> None:
    judge = make_discriminator(name, 1, 2, {**SMALL, "spectral_norm": True, "norm": "none"})
    kinds = {type(layer) for layer in judge.modules() if isinstance(layer, nn.Conv2d)}
    assert kinds == {SpectralConv2d}
    assert all(logits.isfinite().all() for logits in maps(judge(*sides(96, 96))))


def test_a_state_comes_back_whole(discriminator: Discriminator) -> None:
    condition, planes = sides(96, 96)
    discriminator(condition, planes)
    name = next(key for key, kind in DISCRIMINATORS.items() if type(discriminator) is kind)
    copy = make_discriminator(name, 1, 2, SMALL)
    copy.load_state_dict(discriminator.state_dict())
    first, second = (maps(judge.eval()(condition, planes)) for judge in (discriminator, copy))
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("patch_gan", {}, r"no discriminator 'patch_gan'\. Did you mean: patchgan"),
        ("patchgan", {"receptive": 70}, r"no option 'receptive'\. Did you mean: receptive_field"),
        ("patchgan", {"receptive_field": 71}, r"\[16, 34, 70, 142, 286\], not 71"),
        ("multi_scale", {"receptive_field": 71}, "not 71"),
        ("patchgan", {"norm": "layer"}, "batch, group, instance, none, not 'layer'"),
        ("multi_scale", {"scales": 0}, "scales is 1 at least, not 0"),
        ("whole_picture", {"depth": 0}, "depth is 1 at least, not 0"),
        *((name, {"width": 0}, "width is 1 at least, not 0") for name in DISCRIMINATORS),
    ],
)
def test_what_a_recipe_gets_wrong_is_said(
    name: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        make_discriminator(name, 1, 2, options)
