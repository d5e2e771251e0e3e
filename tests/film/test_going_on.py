"""Stopped films play, and going on gives what an undisturbed run gives."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av")
from video_files import moving, pictures, plane, times_of, two_shots, write_film

from photochrom.errors import InputError
from photochrom.film import job

SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture(autouse=True)
def short_parts(monkeypatch):
    """Parts of a third of a second at cuts, of half a second within shots."""
    monkeypatch.setattr(job, "SHORTEST_PART_S", 0.3)
    monkeypatch.setattr(job, "LONGEST_PART_S", 0.5)


def chroma(path):
    return [np.stack([plane(picture, 1), plane(picture, 2)]) for picture in pictures(path)]


def stop_after(count):
    def on_frame(done):
        if done == count:
            raise KeyboardInterrupt

    return on_frame


@pytest.mark.parametrize("stop", [3, 20, 41, 55])
def test_an_interrupted_film_plays_and_goes_on(coloured, tmp_path, stop):
    frames = [*two_shots(30), *moving(30, seed=3)]
    source = write_film(tmp_path / "in.mkv", frames, seconds_of_sound=2.4)
    whole = coloured(source, "whole.mkv")
    first = coloured(source, "stopped.mkv", on_frame=stop_after(stop))
    assert first.interrupted
    assert first.frames == len(pictures(first.path)) == stop
    second = coloured(source, "stopped.mkv")
    assert not second.interrupted
    assert second.gone_on_from == (stop > 12) * second.gone_on_from <= stop
    assert (second.frames, second.shots) == (whole.frames, whole.shots) == (60, 3)
    assert times_of(second.path) == times_of(whole.path)
    assert all(
        np.array_equal(own, other)
        for own, other in zip(chroma(second.path), chroma(whole.path), strict=True)
    )
    assert not list(tmp_path.glob(".*"))


def test_another_job_begins_anew(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", two_shots(40))
    assert coloured(source, on_frame=stop_after(30)).interrupted
    outcome = coloured(source, strength=0.5)
    assert (outcome.gone_on_from, outcome.frames) == (0, 40)


def test_a_killed_run_is_gone_on_with(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", two_shots(40))
    whole = coloured(source, "whole.mkv")
    program = (
        "import os, sys; from pathlib import Path; from photochrom import Colorizer\n"
        "from photochrom.film import job; from photochrom.film.plan import Wanted, plan_film\n"
        "job.SHORTEST_PART_S = 0.3; job.LONGEST_PART_S = 0.5\n"
        "plan = plan_film(Path(sys.argv[1]), Path(sys.argv[2]), Wanted(codec='ffv1'))\n"
        "stop = lambda done: os.kill(os.getpid(), 9) if done == 30 else None\n"
        "job.colour_film(plan, Colorizer(threads=1), on_frame=stop)\n"
    )
    command = [sys.executable, "-c", program, str(source), str(tmp_path / "out.mkv")]
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    ran = subprocess.run(command, check=False, env=environment, timeout=120)
    assert ran.returncode == -signal.SIGKILL
    assert not (tmp_path / "out.mkv").exists()
    outcome = coloured(source)
    assert 12 < outcome.gone_on_from < 30
    assert not list(tmp_path.glob(".*"))
    assert all(
        np.array_equal(own, other)
        for own, other in zip(chroma(outcome.path), chroma(whole.path), strict=True)
    )


@pytest.mark.parametrize("strength", [1.0, 0.5])
def test_a_second_run_to_the_same_result_is_refused(coloured, tmp_path, strength):
    source = write_film(tmp_path / "in.mkv", two_shots(40))
    refused = []

    def second(done):
        if done == 20:
            with pytest.raises(InputError, match="another run is writing") as raised:
                coloured(source, strength=strength)
            refused.append(raised.value)

    outcome = coloured(source, on_frame=second)
    assert len(refused) == 1
    assert len(pictures(outcome.path)) == outcome.frames == 40
    assert coloured(source, strength=strength).frames == 40
    assert not list(tmp_path.glob(".*"))


def test_a_file_system_without_locks_will_do(coloured, tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def flock(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    assert coloured(write_film(tmp_path / "in.mkv", two_shots(4))).frames == 4
    assert not list(tmp_path.glob(".*"))


def test_two_commands_to_one_result_end_with_one_film_and_one_refusal(tmp_path):
    source = write_film(tmp_path / "in.mkv", moving(60, height=120, width=160))
    command = [sys.executable, "-m", "photochrom.cli.main", "video"]
    command += [str(source), str(tmp_path / "out.mkv"), "--codec", "ffv1", "--threads", "1"]
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    first = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    while first.poll() is None and not (tmp_path / ".out.mkv.parts").exists():
        time.sleep(0.01)
    first.send_signal(signal.SIGSTOP)
    try:
        second = subprocess.run(
            command, check=False, env=environment, capture_output=True, text=True, timeout=120
        )
    finally:
        first.send_signal(signal.SIGCONT)
    _, err = first.communicate(timeout=120)
    assert (second.returncode, first.returncode) == (2, 0), err
    assert "another run is writing" in second.stderr
    assert "Traceback" not in second.stderr
    assert len(pictures(tmp_path / "out.mkv")) == 60
    assert not list(tmp_path.glob(".*"))


def test_a_full_disk_is_said_and_nothing_is_lost(coloured, tmp_path):
    source = write_film(tmp_path / "in.mkv", two_shots(40))
    program = (
        "import resource, sys; from photochrom.cli.main import main\n"
        "from photochrom.film import job; job.SHORTEST_PART_S = 0.3\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))\n"
        "sys.exit(main(['video', sys.argv[1], sys.argv[2], '--codec', 'ffv1', '--threads', '1']))\n"
    )
    command = [sys.executable, "-c", program, str(source), str(tmp_path / "out.mkv")]
    ran = subprocess.run(
        command,
        check=False,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        timeout=120,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 4, ran.stderr
    assert "the disk is full" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "out.mkv").exists()
    outcome = coloured(source, encoder=_one_thread())
    assert outcome.frames == 40


def _one_thread():
    from photochrom.media.video_writing import EncoderSettings

    return EncoderSettings(threads=1)
