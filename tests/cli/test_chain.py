"""The whole chain, for a photo recipe of either head and for drawings: train, export, colorize."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.color.lab import grey_to_lightness, rgb_to_lab

BRIEFLY = (
    *("run.steps=40", "run.epochs=0.0", "run.batch=4", "run.stages=[{until=1.0, px=32}]"),
    *("run.precision=32-true", "run.sample_steps=40", "data.short_side_px=48"),
    *("optimizer.decoder_rate=5e-3", "optimizer.ema_decay=0.5", "data.validation_share=0.2"),
    "generator.options={depth=5, width=8}",
    "discriminator.options={receptive_field=16, width=8}",
)
RECIPES = {  # what the recipe needs said, and the planes that its generator takes and gives
    "landscape-pix2pix": ('data.include=["*"]', 3, 3),
    "photo-lab": ('data.include=["*"]', 1, 2),
    "sketch": ("data.layout=pairs", 3, 3),
}


@pytest.fixture
def pairs(photos: Path, tmp_path: Path) -> Path:
    """The photos beside their outlines, colour left, as the anime sketch set has them."""
    folder = tmp_path / "pairs"
    folder.mkdir()
    for path in photos.iterdir():
        rgb = np.asarray(Image.open(path))
        grey = rgb.mean(axis=2)
        edges = np.abs(np.diff(grey, axis=0, prepend=grey[:1])) > 25
        outline = np.where(edges, 0, 255).astype(np.uint8)
        Image.fromarray(np.hstack([rgb, np.dstack([outline] * 3)])).save(folder / path.name)
    return folder


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A grey photo of a size that no network works at."""
    coarse = np.random.default_rng(3).integers(120, 256, (7, 9), dtype=np.uint8)
    path = tmp_path / "wedding.jpg"
    Image.fromarray(coarse).resize((331, 217), Image.Resampling.BICUBIC).save(path, quality=92)
    return path


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_becomes_a_model_that_colours_at_full_size(
    photochrom, photos, pairs, photograph, tmp_path, name
) -> None:
    said, inputs, outputs = RECIPES[name]
    data = pairs if name == "sketch" else photos
    run, model = tmp_path / "run", tmp_path / "mine.onnx"
    settings = [word for setting in (*BRIEFLY, said) for word in ("--set", setting)]
    ran = photochrom("train", name, "--data", data, "--run", run, "--quiet", *settings)
    assert ran.code == 0, ran.err
    trained = json.loads((run / "resolved.json").read_text())["recipe"]["generator"]
    assert (trained["inputs"], {"ab": 2, "rgb": 3}[trained["head"]]) == (inputs, outputs)
    ran = photochrom("export", run, "-o", model)
    assert ran.code == 0, ran.err
    ran = photochrom("colorize", photograph, "--model", model, "--json")
    assert ran.code == 0, ran.err
    way = "ordinary" if name == "sketch" else "splice"
    assert [(record["status"], record["way"]) for record in ran.records] == [("coloured", way)]
    grey = np.asarray(Image.open(photograph))
    with Image.open(tmp_path / "wedding.color.jpg") as coloured:
        rgb = np.asarray(coloured)
    assert rgb.shape == (*grey.shape, 3)
    lightness, ab = rgb_to_lab(rgb)
    assert np.abs(ab).max() > 1
    kept = np.abs(lightness - grey_to_lightness(grey)).mean() < 3
    assert kept == (name != "sketch")
