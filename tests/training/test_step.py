"""One step: one painting, the adversary's turn, then the generator's."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor

from photochrom.generators.colour_space import rgb_to_lab
from photochrom.training.batches import TensorBatch
from photochrom.training.feed import on_device
from photochrom.training.processes import make_fabric
from photochrom.training.recipe import Recipe
from photochrom.training.recipe_file import read_recipe
from photochrom.training.run import new_learner
from photochrom.training.sides import Painted, Truth
from photochrom.training.step import Learner, Pace, chroma_share, cut

PACE = Pace(step=1, rate_factor=1.0)


def smoke(*settings: str) -> Recipe:
    # Dropout and batch statistics would tell pieces of a batch from the whole of it.
    return read_recipe(
        "smoke",
        (
            "generator.options={depth=3, width=8, norm='group', dropout=0.0}",
            "discriminator.options={receptive_field=16, width=8, norm='group'}",
            *settings,
        ),
    )


def learner_of(recipe: Recipe) -> Learner:
    torch.manual_seed(7)
    learner = new_learner(recipe, None, None)
    learner.setup(make_fabric("32-true", "ddp"))
    return learner


@pytest.fixture(scope="module")
def batch() -> TensorBatch:
    rgb = torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(7))
    lightness, ab = rgb_to_lab(rgb)
    return on_device(TensorBatch(lightness, Truth(rgb=rgb, ab=ab)), torch.device("cpu"))


def weights(learner: Learner) -> dict[str, Tensor]:
    return copy.deepcopy(dict(learner.generator.state_dict()))


def moved(learner: Learner, before: dict[str, Tensor]) -> set[str]:
    """The names of what is not as before."""
    return {name for name, now in weights(learner).items() if not torch.equal(now, before[name])}


def test_both_sides_learn_in_a_step(batch: TensorBatch) -> None:
    learner = learner_of(smoke())
    assert learner.adversary is not None
    before, adversary_before = (
        weights(learner),
        copy.deepcopy(learner.adversary.network.state_dict()),
    )
    parts, painted = learner.learn(batch, PACE)
    assert set(parts) == {"discriminator", "l1", "adversarial"}
    assert painted.ab.shape == (4, 2, 32, 32)
    assert any(not torch.equal(t, before[n]) for n, t in weights(learner).items())
    after = learner.adversary.network.state_dict()
    assert any(not torch.equal(t, adversary_before[n]) for n, t in after.items())


def test_the_generator_is_painted_with_once(batch: TensorBatch) -> None:
    learner = learner_of(smoke())
    calls: list[int] = []
    learner.generator.register_forward_hook(lambda *_: calls.append(1))
    learner.learn(batch, PACE)
    assert len(calls) == 1


def test_pieces_of_a_batch_teach_what_the_whole_does(batch: TensorBatch) -> None:
    whole, pieces = learner_of(smoke()), learner_of(smoke("run.accumulate=2"))
    whole_parts, _ = whole.learn(batch, PACE)
    piece_parts, _ = pieces.learn(batch, PACE)
    for name, value in whole_parts.items():
        torch.testing.assert_close(piece_parts[name], value, rtol=1e-4, atol=1e-6)
    for name, tensor in weights(whole).items():
        torch.testing.assert_close(weights(pieces)[name], tensor, rtol=1e-3, atol=1e-4)


def test_the_generator_learns_alone_until_the_adversary_plays(batch: TensorBatch) -> None:
    learner = learner_of(smoke())
    assert learner.adversary is not None
    before = copy.deepcopy(learner.adversary.network.state_dict())
    parts, _ = learner.learn(batch, Pace(step=1, rate_factor=1.0, adversary_plays=False))
    assert set(parts) == {"l1"}
    after = learner.adversary.network.state_dict()
    assert all(torch.equal(t, before[n]) for n, t in after.items())


def test_halving_halves_what_the_discriminator_descends(batch: TensorBatch) -> None:
    halved, _ = learner_of(smoke("discriminator.loss_weight=0.5")).learn(batch, PACE)
    whole, _ = learner_of(smoke("discriminator.loss_weight=1.0")).learn(batch, PACE)
    torch.testing.assert_close(halved["discriminator"] * 2, whole["discriminator"])


def test_the_penalty_comes_at_its_own_rhythm(batch: TensorBatch) -> None:
    learner = learner_of(smoke("discriminator.r1=1.0", "discriminator.r1_every=3"))
    told = [set(learner.learn(batch, Pace(step=n, rate_factor=0.0))[0]) for n in range(4)]
    assert ["r1" in parts for parts in told] == [True, False, False, True]


@pytest.mark.parametrize(
    "settings",
    [
        ("generator.name='unet_plus_plus'", "generator.options={widths=[8, 8, 16]}"),
        ("generator.name='unet3_plus'", "generator.options={widths=[8, 8, 16], taken=8}"),
        (
            "discriminator.name='multi_scale'",
            "discriminator.options={width=8, scales=2, receptive_field=16}",
        ),
        ("generator.head='rgb'", "generator.inputs=3"),
    ],
)
def test_deep_supervision_scales_and_heads_learn_too(
    batch: TensorBatch, settings: tuple[str, ...]
) -> None:
    parts, _ = learner_of(smoke(*settings)).learn(batch, PACE)
    assert all(torch.isfinite(value) for value in parts.values())


def test_a_loss_that_is_no_number_moves_no_weight(batch: TensorBatch) -> None:
    learner = learner_of(smoke("loss={l1=1.0}"))
    before = weights(learner)
    broken = TensorBatch(batch.lightness, Truth(rgb=batch.truth.rgb, ab=batch.truth.ab * torch.nan))  # type: ignore[operator]
    with pytest.raises(FloatingPointError, match="l1 nan"):
        learner.learn(broken, PACE)
    assert all(torch.equal(tensor, before[name]) for name, tensor in weights(learner).items())


def test_a_batch_is_cut_into_equal_pieces(batch: TensorBatch) -> None:
    pieces = cut(batch, 2)
    assert [len(piece) for piece in pieces] == [2, 2]
    assert torch.equal(torch.cat([piece.lightness for piece in pieces]), batch.lightness)


def test_the_chroma_share_of_grey_is_none_and_of_the_truth_all(batch: TensorBatch) -> None:
    learner = learner_of(smoke())
    grey = Painted(learner.head, batch.lightness, torch.zeros(4, 2, 32, 32))
    assert chroma_share(grey, batch.truth) == 0
    ab: Any = batch.truth.ab
    exact = Painted(learner.head, batch.lightness, torch.atanh(ab / 110))
    assert chroma_share(exact, batch.truth) == pytest.approx(1.0, abs=1e-3)


def test_a_frozen_encoder_stands_still(batch: TensorBatch) -> None:
    learner = learner_of(
        smoke("generator.name='resnet_unet'", "generator.options={depth=18}", "loss={l1=1.0}")
    )
    before = weights(learner)
    learner.learn(batch, Pace(step=1, rate_factor=1.0, encoder_is_frozen=True))
    assert moved(learner, before)
    assert not any(name.startswith("encoder.") for name in moved(learner, before))
    learner.learn(batch, PACE)
    assert any(name.startswith("encoder.") for name in moved(learner, before))
