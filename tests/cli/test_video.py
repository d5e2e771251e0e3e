"""`photochrom video` and `photochrom scan` as commands: what they say, exit codes, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av")
pytest.importorskip("cv2")
from video_files import moving, pictures, two_shots, write_film

SOURCE = Path(__file__).resolve().parents[2] / "src"
MANY = 150
SIZE = {"height": 120, "width": 160}


@pytest.fixture
def film(tmp_path):
    return write_film(tmp_path / "in.mp4", two_shots(20), encoder="libx264", seconds_of_sound=0.8)


def test_a_film_is_coloured_and_a_second_run_has_nothing_to_do(photochrom, film, tmp_path):
    target = tmp_path / "out.mp4"
    ran = photochrom("video", film, target, "--threads", 1)
    assert ran.code == 0, ran.err
    assert "20 frames, 2 shots" in ran.out
    written = target.read_bytes()
    again = photochrom("video", film, target, "--threads", 1)
    assert (again.code, "nothing to do" in again.out) == (0, True)
    assert target.read_bytes() == written


def test_what_lies_there_is_replaced_only_when_asked(photochrom, film, tmp_path):
    target = tmp_path / "out.mp4"
    target.write_bytes(b"dear to me")
    ran = photochrom("video", film, target, "--threads", 1)
    assert ran.code == 2
    assert "--overwrite" in ran.err
    assert target.read_bytes() == b"dear to me"
    ran = photochrom("video", film, target, "--threads", 1, "--overwrite", "--json")
    assert ran.code == 0
    (record,) = ran.records
    assert (record["status"], record["frames"], record["shots"]) == ("coloured", 20, 2)


def test_it_says_that_a_machine_coloured_it(photochrom, film, tmp_path):
    import av

    photochrom("video", film, tmp_path / "out.mp4", "--threads", 1, "--quiet")
    with av.open(str(tmp_path / "out.mp4")) as container:
        said = container.metadata["comment"]
    assert "Colours added by a machine: Photochrom" in said
    assert "model flagship" in said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["none.mp4", "out.mp4"], 2, "does not exist"),
        (["in.mp4", "out.avi"], 2, "films are written as .mp4"),
        (["in.mp4", "out.mp4", "--codec", "ffv1"], 2, "ffv1 goes into .mkv"),
        (["in.mp4", "out.mp4", "--model", "nope"], 3, "no model 'nope'"),
        (["in.mp4", "out.mp4", "--from", "soon"], 2, "a time is wanted"),
        (["in.mp4", "out.mp4", "--hint", "3,4=#fff"], 2, "says no time"),
        (["in.mp4", "out.mp4", "--hints", "none.json"], 2, "cannot be read"),
        (["in.mp4", "out.mp4", "--key", "0.1=none.png"], 2, "does not exist"),
    ],
)
def test_what_cannot_be_is_said(photochrom, film, tmp_path, monkeypatch, words, code, said):
    monkeypatch.chdir(tmp_path)
    ran = photochrom("video", *words)
    assert ran.code == code
    assert said in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["in.mp4"]


def test_ctrl_c_leaves_a_film_that_plays_and_the_same_command_goes_on(photochrom, tmp_path):
    grain = np.random.default_rng(1).integers(0, 40, (120, 160), dtype=np.uint8)
    frames = [frame + np.roll(grain, 7 * i) for i, frame in enumerate(moving(MANY, **SIZE))]
    source = write_film(tmp_path / "in.mp4", frames, encoder="libx264")
    target = tmp_path / "out.mp4"
    command = [sys.executable, "-m", "photochrom.cli.main", "video", str(source), str(target)]
    run = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(SOURCE)}, stderr=subprocess.PIPE, text=True
    )
    parts = tmp_path / ".out.mp4.parts"
    part = parts / "0000.nut"
    while run.poll() is None and not (part.exists() and part.stat().st_size):
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=120)
    assert run.returncode == 130, err
    assert "the same command goes on" in err
    assert "Traceback" not in err
    assert 0 < len(pictures(target)) < MANY
    ran = photochrom("video", source, target, "--json")
    assert ran.code == 0, ran.err
    assert len(pictures(target)) == ran.records[0]["frames"] == MANY
    assert not parts.exists()


def test_a_scan_is_coloured_with_every_page(photochrom, tmp_path):
    tifffile = pytest.importorskip("tifffile")
    pytest.importorskip("pyvips")
    source, target = tmp_path / "in.tif", tmp_path / "out.tif"
    with tifffile.TiffWriter(source) as tiff:
        for seed in (1, 2):
            page = np.random.default_rng(seed).integers(0, 65535, (60, 80)).astype(np.uint16)
            tiff.write(page)
    ran = photochrom("scan", source, target, "--json", "--threads", 1)
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["pages"] == 2
    again = photochrom("scan", source, target)
    assert (again.code, "--overwrite" in again.err) == (2, True)
    ran = photochrom("scan", source, target, "--overwrite", "--pyramid", "--threads", 1)
    assert (ran.code, "2 pages" in ran.out) == (0, True)
