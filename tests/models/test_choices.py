"""What a model file can be asked beside lightness: vividness, hints, its distribution."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hint_model import CENTRES, write_hint_model
from photochrom.errors import InputError, WeightsError
from photochrom.models.network import Network
from rgb_model import write_rgb_model


@pytest.fixture
def told(tmp_path: Path) -> Network:
    return Network(write_hint_model(tmp_path / "told.onnx"), threads=1)


def test_hints_and_vividness_are_optional(told: Network) -> None:
    assert told.takes_hints
    assert told.takes_vividness
    assert not told.paint(np.full((32, 40), 50, np.float32)).any()


def test_the_network_is_shown_the_hints(told: Network) -> None:
    hints = np.zeros((3, 32, 40), np.float32)
    hints[:, 8:12, 16:20] = np.array([12, -34, 1], np.float32)[:, None, None]
    ab = told.paint(np.full((32, 40), 50, np.float32), hints=hints)
    assert ab[2, 4] == pytest.approx((12, -34))
    assert np.count_nonzero(ab) == 2


def test_vividness_sets_alpha_and_temperature(tmp_path: Path) -> None:
    told = Network(
        write_hint_model(tmp_path / "own.onnx", vividness="[[0.9, 0.5], [0.3, 0.5]]"), threads=1
    )
    hints = np.ones((3, 32, 32), np.float32)
    lightness = np.full((32, 32), 50, np.float32)
    painted = [told.paint(lightness, vividness=v, hints=hints)[0, 0, 0] for v in (0, 0.5, 1)]
    assert painted == pytest.approx([0.9, 0.6, 0.3], abs=1e-5)


def test_the_shipped_model_has_bins_and_no_more_than_asked_is_computed(monkeypatch) -> None:
    flagship = Network("flagship", threads=1)
    asked = []
    run = flagship.session.run
    monkeypatch.setattr(
        flagship, "session", Recorder(lambda names, given: asked.append(names) or run(names, given))
    )
    flagship.paint(np.full((32, 32), 50, np.float32), vividness=0.8)
    assert asked == [["ab"]]
    assert flagship.logits(np.full((32, 32), 50, np.float32)).shape[0] == len(flagship.bins.centres)


class Recorder:
    """An ONNX Runtime session of which only `run` is used."""

    def __init__(self, run) -> None:
        self.run = run


def test_more_vivid_is_more_colourful(rng: np.random.Generator) -> None:
    flagship = Network("flagship", threads=1)
    lightness = np.repeat(np.repeat(rng.uniform(20, 90, (8, 10)), 12, 0), 12, 1).astype(np.float32)
    chroma = [
        float(np.hypot(*np.moveaxis(flagship.paint(lightness, vividness=v), -1, 0)).mean())
        for v in (0, 0.5, 1)
    ]
    assert chroma[0] < chroma[1] < chroma[2]


def test_a_model_that_does_not_choose_says_so(tmp_path: Path) -> None:
    inks = Network(write_rgb_model(tmp_path / "inks.onnx"), threads=1)
    assert inks.bins is None
    assert not inks.takes_hints
    with pytest.raises(InputError, match="inks paints one colour without choosing"):
        inks.look_at(0.5)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("bin_centres", "no JSON"),
        ("bin_centres", "[[1, 2]]"),
        ("bin_centres", "7"),
        ("class_weights", "[1, 1, 1]"),
        ("class_weights", "[1, 1, 1, 0]"),
        ("class_weights", "7"),
    ],
)
def test_damaged_bins_are_refused(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(WeightsError, match="bin"):
        Network(write_hint_model(tmp_path / "told.onnx", **{key: value}))


def test_bins_are_read_with_their_weights(told: Network) -> None:
    assert told.bins.centres.tolist() == [list(centre) for centre in CENTRES]
    assert np.exp(told.bins.log_weights).tolist() == pytest.approx([0.5, 2, 2, 2])
