"""The Fréchet distance and the features that it is taken on."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch
from torchmetrics.image.fid import _compute_fid

from photochrom.errors import WeightsError
from photochrom.evaluation.metrics import inception
from photochrom.evaluation.metrics.frechet import FeatureSums, frechet_distance
from photochrom.evaluation.metrics.inception import Inception, load_inception
from photochrom.evaluation.metrics.mobilenet import DIMENSIONS, MobileNetFeatures
from photochrom.generators.encoders import MobileNetV2Encoder


def sums_of(vectors):
    sums = FeatureSums(vectors.shape[1])
    for vector in vectors:
        sums.add(vector)
    return sums


@pytest.fixture
def two_sets(rng):
    mixing = rng.normal(size=(12, 12))
    first = (rng.normal(size=(150, 12)) @ mixing + 5).astype(np.float32)
    second = (rng.normal(size=(90, 12)) * 1.4 + rng.normal(size=12)).astype(np.float32)
    return first, second


def test_streamed_moments_are_those_of_the_whole_set(two_sets):
    for vectors in two_sets:
        mean, covariance = sums_of(vectors).moments()
        np.testing.assert_allclose(mean, vectors.mean(axis=0, dtype=np.float64), rtol=1e-6)
        np.testing.assert_allclose(covariance, np.cov(vectors.T.astype(np.float64)), rtol=1e-9)


def test_the_distance_agrees_with_torchmetrics(two_sets):
    moments = [sums_of(vectors).moments() for vectors in two_sets]
    (mean1, covariance1), (mean2, covariance2) = moments
    expected = _compute_fid(*(torch.from_numpy(m) for pair in moments for m in pair)).item()
    assert frechet_distance(mean1, covariance1, mean2, covariance2) == pytest.approx(
        expected, rel=1e-8
    )


def test_a_set_has_no_distance_to_itself(two_sets):
    moments = sums_of(two_sets[0]).moments()
    assert frechet_distance(*moments, *moments) == pytest.approx(0, abs=1e-8)


def test_fewer_pictures_than_dimensions_still_have_a_distance(two_sets):
    few = sums_of(two_sets[0][:5]).moments()
    distance = frechet_distance(*few, *sums_of(two_sets[1]).moments())
    assert np.isfinite(distance)
    assert distance > 0


def test_one_picture_has_no_covariance(two_sets):
    with pytest.raises(ValueError, match="two"):
        sums_of(two_sets[0][:1]).moments()


def test_inception_has_the_names_and_sizes_of_the_published_file():
    network = Inception()
    state = network.state_dict()
    assert sum(p.numel() for p in network.parameters()) == 21_785_568  # 2048 × 1008 + 1008 less
    assert state["Mixed_5b.branch5x5_2.conv.weight"].shape == (64, 48, 5, 5)
    assert state["Mixed_6c.branch7x7dbl_4.conv.weight"].shape == (160, 160, 7, 1)
    assert state["Mixed_7a.branch7x7x3_2.bn.running_var"].shape == (192,)
    assert state["Mixed_7c.branch3x3dbl_3b.conv.weight"].shape == (384, 384, 3, 1)
    assert len(state) == 94 * 6  # convolutions, each with BatchNorm's five


def test_inception_loads_a_file_of_the_right_hash_only(tmp_path, monkeypatch):
    torch.manual_seed(0)
    source = Inception()
    path = tmp_path / "inception.pth"
    torch.save(source.state_dict() | {"fc.weight": torch.zeros(1008, 2048)}, path)
    with pytest.raises(WeightsError, match=r"SHA-256 is [0-9a-f]{64}, not 6726825d"):
        load_inception(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(inception, "SHA256", digest)
    picture = torch.rand(1, 3, 40, 30)
    with torch.inference_mode():
        features = load_inception(path)(picture)
        assert features.shape == (1, 2048)
        assert torch.equal(features, source.eval()(picture))


def test_absent_inception_weights_are_a_clear_error(tmp_path):
    with pytest.raises(
        WeightsError, match=r"none\.pth cannot be read: No such file.*github\.com/mseitzer"
    ):
        load_inception(tmp_path / "none.pth")


def test_mobilenet_gives_one_vector_a_picture_of_any_shape():
    network = MobileNetFeatures()
    rng = np.random.default_rng(0)
    for height, width in ((20, 30), (96, 128), (97, 65)):
        picture = torch.from_numpy(rng.random((2, 3, height, width), np.float32))
        with torch.inference_mode():
            features = network(picture)
        assert features.shape == (2, DIMENSIONS)
        assert torch.isfinite(features).all()
        assert features[0].ne(features[1]).any()


def test_the_shipped_mobilenet_is_the_published_one(shared):
    from photochrom.generators.encoders import load_encoder

    published = MobileNetV2Encoder()
    load_encoder(published, shared / "weights/mobilenet_v2_features_bnfolded.safetensors")
    own = MobileNetFeatures().encoder.state_dict()
    for name, tensor in published.state_dict().items():
        assert torch.equal(tensor, own[name]), name
