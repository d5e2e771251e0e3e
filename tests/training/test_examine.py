"""Held-out pictures: numbers checked against pictures whose errors are known, and the sheet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from photochrom.color.difference import delta_e_2000
from photochrom.generators.colour_space import lab_to_rgb, rgb_to_lab
from photochrom.generators.heads import MOST_AB, make_head
from photochrom.training.batches import TensorBatch
from photochrom.training.examine import AT_ONCE, SHOWN, Examiner
from photochrom.training.sides import Painted, Truth

PX = 32


class Constant(nn.Module):
    """Paints the same raw planes everywhere."""

    def __init__(self, raw: list[float], stride: int = 1) -> None:
        super().__init__()
        self.raw = nn.Parameter(torch.tensor(raw))
        self.stride = stride

    def forward(self, lightness: Tensor) -> Tensor:
        count, _, height, width = lightness.shape
        size = (count, len(self.raw), height // self.stride, width // self.stride)
        return self.raw[:, None, None].expand(size)


class AbDistance(nn.Module):
    """The mean distance in a*."""

    def forward(self, painted: Painted, truth: Truth) -> Tensor:
        assert truth.ab is not None
        return (painted.ab - truth.ab)[:, 0].abs().mean()


def raw_for(a: float, b: float) -> list[float]:
    """What an ab head wants to paint these."""
    return torch.tensor([a / MOST_AB, b / MOST_AB]).atanh().tolist()


def batch_of(a: float, b: float, *, count: int = 20, stride: int = 1) -> TensorBatch:
    """Pictures of lightness 60 and one colour."""
    lightness = torch.full((count, 1, PX, PX), 60.0)
    colour = torch.tensor([a, b])[:, None, None]
    return TensorBatch(lightness, Truth(ab=colour.expand(count, 2, PX // stride, PX // stride)))


def test_errors_are_those_of_the_colours(tmp_path: Path) -> None:
    generator = Constant(raw_for(20.0, 0.0), stride=4)
    examiner = Examiner(
        make_head("ab"),
        {"distance": AbDistance()},
        batch_of(20.0, 30.0, stride=4),
        weights={"distance": 2.0, "adversarial": 1.0},
    )
    numbers = examiner.examine(generator, generator.state_dict(), tmp_path / "a.png")
    assert numbers["ab_error"] == pytest.approx(30.0, abs=1e-3)
    assert numbers["grey_ab_error"] == pytest.approx(1300**0.5, rel=1e-5)
    assert numbers["chroma_share"] == pytest.approx(20 / 1300**0.5, rel=1e-4)
    assert numbers["held_out_distance"] == pytest.approx(0.0, abs=1e-3)
    expected = delta_e_2000(np.array([60.0, 20, 0]), np.array([60.0, 20, 30]))
    assert numbers["delta_e"] == pytest.approx(float(expected), rel=1e-4)
    grey = delta_e_2000(np.array([60.0, 0, 0]), np.array([60.0, 20, 30]))
    assert numbers["grey_delta_e"] == pytest.approx(float(grey), rel=1e-4)


def test_held_out_losses_carry_their_weights(tmp_path: Path) -> None:
    generator = Constant(raw_for(10.0, 0.0))
    losses = {"first": AbDistance(), "second": AbDistance(), "has_colour": AbDistance()}
    weights = {"first": 2.0, "second": 0.5, "has_colour": 1.0}
    examiner = Examiner(make_head("ab"), losses, batch_of(0.0, 5.0), weights=weights)
    numbers = examiner.examine(generator, generator.state_dict(), tmp_path / "a.png")
    assert numbers["held_out_first"] == pytest.approx(20.0, rel=1e-4)
    assert numbers["held_out"] == pytest.approx(25.0, rel=1e-4)
    assert "held_out_has_colour" not in numbers


def test_the_given_weights_are_examined_and_the_network_left_alone(tmp_path: Path) -> None:
    generator = Constant(raw_for(0.0, 0.0)).train()
    examiner = Examiner(make_head("ab"), {}, batch_of(30.0, 0.0))
    averaged = {"raw": torch.tensor(raw_for(30.0, 0.0))}
    good = examiner.examine(generator, averaged, tmp_path / "a.png")
    assert good["ab_error"] == pytest.approx(0.0, abs=1e-3)
    assert generator.training
    assert generator.raw.tolist() == [0.0, 0.0]
    bad = examiner.examine(generator, generator.state_dict(), tmp_path / "b.png")
    assert bad["ab_error"] == pytest.approx(30.0, abs=1e-3)


def test_means_are_over_pictures_however_they_are_cut(tmp_path: Path) -> None:
    count = AT_ONCE + 1
    ab = torch.zeros(count, 2, PX, PX)
    ab[-1] += 17.0  # the one picture of the second piece
    batch = TensorBatch(torch.full((count, 1, PX, PX), 50.0), Truth(ab=ab))
    generator = Constant([0.0, 0.0])
    examiner = Examiner(make_head("ab"), {"distance": AbDistance()}, batch)
    numbers = examiner.examine(generator, generator.state_dict(), tmp_path / "a.png")
    assert numbers["held_out_distance"] == pytest.approx(17.0 / count, rel=1e-5)


def test_an_rgb_head_is_compared_with_the_photos_own_lightness(tmp_path: Path) -> None:
    """It paints lightness wrongly, but only its colours are taken."""
    lab = rgb_to_lab(torch.tensor([0.5, 0.3, 0.2]).view(1, 3, 1, 1))
    darker = lab_to_rgb(lab[0] - 10, lab[1])
    generator = Constant((darker * 2 - 1).atanh().flatten().tolist())
    rgb = torch.tensor([0.5, 0.3, 0.2]).view(1, 3, 1, 1).expand(4, 3, PX, PX)
    batch = TensorBatch(lab[0].expand(4, 1, PX, PX), Truth(rgb=rgb))
    as_ab = Examiner(make_head("rgb"), {}, batch)
    numbers = as_ab.examine(generator, generator.state_dict(), tmp_path / "a.png")
    assert numbers["delta_e"] == pytest.approx(0.0, abs=0.02)
    assert numbers["chroma_share"] == pytest.approx(1.0, abs=1e-3)
    as_rgb = Examiner(make_head("rgb"), {}, batch, paints="rgb")
    numbers = as_rgb.examine(generator, generator.state_dict(), tmp_path / "b.png")
    assert numbers["delta_e"] > 5


def test_the_bare_outline_is_a_sketchs_grey(tmp_path: Path) -> None:
    rgb = torch.full((2, 3, PX, PX), 0.5)
    batch = TensorBatch(torch.full((2, 1, PX, PX), 100.0), Truth(rgb=rgb))
    generator = Constant([0.0, 0.0, 0.0])  # the truth itself
    examiner = Examiner(make_head("rgb"), {}, batch, paints="rgb")
    numbers = examiner.examine(generator, generator.state_dict(), tmp_path / "a.png")
    assert numbers["delta_e"] == pytest.approx(0.0, abs=1e-3)
    assert numbers["grey_delta_e"] > 20


def test_the_sheet_has_rows_of_input_ours_and_truth(tmp_path: Path) -> None:
    generator = Constant(raw_for(40.0, 0.0), stride=4)
    batch = batch_of(0.0, 40.0, stride=4, count=SHOWN + 9)
    Examiner(make_head("ab"), {}, batch).examine(
        generator, generator.state_dict(), tmp_path / "sheet.png"
    )
    with Image.open(tmp_path / "sheet.png") as sheet:
        rgb = np.asarray(sheet).astype(int)
    assert rgb.shape == (3 * PX, SHOWN * PX, 3)
    given, ours, truth = (rgb[row * PX + 16, 16] for row in range(3))
    assert given[0] == given[1] == given[2]
    assert ours[0] > ours[1] + 50, "reddish"
    assert truth[2] < truth[0] - 50, "yellowish"


def test_large_pictures_are_shown_smaller(tmp_path: Path) -> None:
    ab = torch.zeros(2, 2, 600, 600)
    batch = TensorBatch(torch.full((2, 1, 600, 600), 50.0), Truth(ab=ab))
    generator = Constant([0.0, 0.0])
    examiner = Examiner(make_head("ab"), {}, batch)
    examiner.examine(generator, generator.state_dict(), tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (2 * 200, 3 * 200)


def test_a_sheet_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    generator = Constant([0.0, 0.0])
    examiner = Examiner(make_head("ab"), {}, batch_of(1.0, 1.0))
    nowhere = tmp_path / "no folder" / "sheet.png"
    assert examiner.examine(generator, generator.state_dict(), nowhere)["ab_error"] > 0
    assert not nowhere.exists()


def test_a_batch_without_the_truth_is_a_mistake(tmp_path: Path) -> None:
    batch = TensorBatch(torch.full((1, 1, PX, PX), 50.0), Truth())
    generator = Constant([0.0, 0.0])
    with pytest.raises(ValueError, match="true"):
        Examiner(make_head("ab"), {}, batch).examine(
            generator, generator.state_dict(), tmp_path / "a.png"
        )
