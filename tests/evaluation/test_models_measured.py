"""Every kind of model is opened by its word, and paints as it does elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from evaluation.conftest import chart
from photochrom import Colorizer
from photochrom.color.lab import rgb_to_lab
from photochrom.errors import InputError, WeightsError
from photochrom.evaluation.baselines import BASELINES
from photochrom.evaluation.models import Given, facts_of, open_model, open_models
from photochrom.media.pixels import rgb_to_grey
from photochrom.models.catalog import find_model


@pytest.fixture
def given():
    rgb = chart(4, 90, 120)
    return Given(rgb_to_grey(rgb), "photo.png", (90, 120))


@pytest.mark.parametrize("name", BASELINES)
def test_baselines_paint_one_colour_as_light_as_the_grey(name, given):
    rgb = open_model(name).paint(given)
    lightness, ab = rgb_to_lab(rgb)
    own = rgb_to_lab(np.repeat(given.grey[..., None], 3, axis=2))[0]
    assert np.abs(lightness - own).max() < 0.5
    middle = (lightness > 30) & (lightness < 80)
    np.testing.assert_allclose(ab[middle].mean(axis=0), BASELINES[name], atol=0.5)


def test_grey_is_exactly_the_grey(given):
    rgb = open_model("grey").paint(given)
    assert (rgb == given.grey[..., None]).all()


@pytest.mark.parametrize("by_path", [False, True])
def test_a_model_file_paints_as_the_colorizer_does(given, by_path):
    text = str(find_model("flagship")[0]) if by_path else "flagship"
    model = open_model(text)
    assert model.kind == "onnx"
    assert model.sha256() == Colorizer().model.sha256
    assert np.array_equal(model.paint(given), Colorizer(threads=1).colorize(given.grey).rgb)


def test_a_checkpoint_and_its_run_paint(tiny_checkpoint, given):
    model, run = open_model(str(tiny_checkpoint)), open_model(str(tiny_checkpoint.parent))
    assert facts_of(model).kind == facts_of(run).kind == "checkpoint"
    rgb = model.paint(given)
    assert rgb.shape == (90, 120, 3)
    assert rgb.dtype == np.uint8
    assert rgb.std(axis=2).max() > 0  # it has colour
    assert np.abs(rgb_to_grey(rgb).astype(int) - given.grey).max() <= 1


def test_a_checkpoint_paints_what_its_painter_does(tiny_checkpoint, given):
    import torch

    from photochrom.color.merge import merge, small_lightness
    from photochrom.export import open_origin, usual_look
    from photochrom.training.networks import painter_of

    checkpoint = open_origin(tiny_checkpoint).checkpoint
    side = usual_look(checkpoint).short_side_px
    small = small_lightness(given.grey, side, side * 4 // 3)
    with torch.inference_mode():
        ab = painter_of(checkpoint).colours(torch.from_numpy(small)[None, None])[0]
    expected = merge(given.grey, np.ascontiguousarray(np.moveaxis(ab.numpy(), 0, -1)))
    painted = open_model(str(tiny_checkpoint)).paint(given)
    difference = np.abs(painted.astype(int) - expected)
    assert difference.max() <= 1  # torch's last digits depend on where arrays lie
    assert difference.mean() < 0.02


def test_a_checkpoint_that_takes_hints_is_told_colours(tiny_checkpoint, given):
    model = open_model(str(tiny_checkpoint))
    assert model.takes_hints
    none = np.zeros((3, *model.grid(given)), np.float32)
    alone = model.paint_hinted(given, none)
    assert np.abs(alone.astype(int) - model.paint(given)).max() <= 1
    told = none.copy()
    told[:, 8:40, 8:40] = np.array([60, 40, 1])[:, None, None]
    assert not np.array_equal(model.paint_hinted(given, told), alone)


def test_checkpoints_are_called_as_their_runs(tiny_checkpoint, tmp_path):
    run = tmp_path / "my.run"
    run.mkdir()
    shutil.copy(tiny_checkpoint, run / "best.safetensors")
    shutil.copy(tiny_checkpoint, tmp_path / "sent.by.mail.safetensors")
    assert open_model(str(run)).name == "my.run"
    assert open_model(str(run / "best.safetensors")).name == "my.run"
    assert open_model(str(tmp_path / "sent.by.mail.safetensors")).name == "sent.by.mail"


def test_a_checkpoint_of_another_version_is_refused(tmp_path):
    from safetensors.numpy import save_file

    path = tmp_path / "old.safetensors"
    metadata = {"photochrom.checkpoint": '{"format": 1}'}
    save_file({"ema.a": np.zeros(1, np.float32)}, path, metadata=metadata)
    with pytest.raises(WeightsError, match="format 1, not of this version's"):
        open_model(str(path))


def test_an_unknown_name_lists_the_near_ones():
    with pytest.raises(InputError, match=r"no model 'sepai'. Give sepia, an .onnx file"):
        open_model("sepai")


def test_an_absent_onnx_file_is_named(tmp_path):
    with pytest.raises(WeightsError, match=r"none\.onnx"):
        open_model(str(tmp_path / "none.onnx"))


def test_models_of_one_name_are_told_apart(tmp_path):
    copy = tmp_path / "other.onnx"
    shutil.copy(find_model("flagship")[0], copy)
    models, skipped = open_models(["flagship", str(copy), "grey"], threads=1, device="cpu")
    assert [model.name for model in models] == ["flagship", "flagship (2)", "grey"]
    assert not skipped


def test_models_that_cannot_be_opened_are_listed_and_the_rest_go_on(tmp_path):
    models, skipped = open_models(["grey", "nothing", "no.onnx"], threads=1, device="cpu")
    assert [model.name for model in models] == ["grey"]
    assert [entry.model for entry in skipped] == ["nothing", "no.onnx"]
    assert [entry.exit_code for entry in skipped] == [2, 3]


def test_the_first_error_is_raised_where_no_model_can_be_opened():
    with pytest.raises(InputError, match="nothing"):
        open_models(["nothing", "no.onnx"], threads=1, device="cpu")


class TestColouredFolder:
    """Pictures that any tool has coloured."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "theirs"
        folder.mkdir()
        return folder

    def put(self, folder: Path, name: str, size=(90, 120)) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(chart(9, *size)).save(path)

    @pytest.mark.parametrize(
        "name", ["photo.png", "photo.webp", "photo.color.png", "photo.color.JPG"]
    )
    def test_a_picture_is_found_by_the_photos_name(self, folder, given, name):
        self.put(folder, name)
        model = open_model(str(folder))
        assert (model.kind, model.name) == ("folder", "theirs")
        assert model.paint(given).shape == (90, 120, 3)

    def test_a_folders_name_is_kept_whole(self, tmp_path):
        for name in ("theirs.v1", "theirs.v2"):
            (tmp_path / name).mkdir()
            self.put(tmp_path / name, "photo.png")
        texts = [str(tmp_path / "theirs.v1"), str(tmp_path / "theirs.v2")]
        models, _ = open_models(texts, threads=1, device="cpu")
        assert [model.name for model in models] == ["theirs.v1", "theirs.v2"]

    def test_subfolders_are_part_of_the_name(self, folder, given):
        self.put(folder, "a/photo.png")
        with pytest.raises(InputError, match=r"no picture of photo\.png"):
            open_model(str(folder)).paint(given)
        there = Given(given.grey, "a/photo.jpg", given.full_size)
        assert open_model(str(folder)).paint(there).shape == (90, 120, 3)

    def test_a_full_size_picture_is_made_as_small_as_its_photo(self, folder):
        self.put(folder, "photo.png", (300, 400))
        small = Given(np.zeros((90, 120), np.uint8), "photo.png", (300, 400))
        assert open_model(str(folder)).paint(small).shape == (90, 120, 3)

    def test_another_size_is_refused_with_both_sizes(self, folder, given):
        self.put(folder, "photo.png", (91, 120))
        with pytest.raises(InputError, match=r"120 × 91 px, and its photo 120 × 90 px"):
            open_model(str(folder)).paint(given)

    def test_two_pictures_of_one_photo_are_refused(self, folder, given):
        self.put(folder, "photo.png")
        self.put(folder, "photo.color.png")
        with pytest.raises(InputError, match="both pictures of photo"):
            open_model(str(folder)).paint(given)

    def test_a_folder_without_pictures_is_refused(self, folder):
        with pytest.raises(InputError, match="holds no pictures"):
            open_model(str(folder))

    def test_a_broken_picture_is_refused(self, folder, given):
        (folder / "photo.png").write_bytes(b"nothing")
        with pytest.raises(InputError, match=r"photo\.png"):
            open_model(str(folder)).paint(given)

    def test_its_identity_changes_with_its_pictures(self, folder, given):
        self.put(folder, "photo.png")
        model = open_model(str(folder))
        before = model.key("photo.png")
        Image.fromarray(chart(1, 90, 120)).save(folder / "photo.png")
        assert open_model(str(folder)).key("photo.png") != before
