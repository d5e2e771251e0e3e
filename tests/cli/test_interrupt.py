"""Ctrl-C: what is finished is whole, nothing half is left, and the same command goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from PIL import Image

SOURCE = Path(__file__).resolve().parents[2] / "src"
MANY = 30


def test_an_interrupted_run_leaves_whole_results_and_can_go_on(photochrom, grey, tmp_path) -> None:
    for number in range(MANY):
        grey(f"box/{number:02}.jpg", seed=number, size=(640, 480))
    out = tmp_path / "out"
    run = subprocess.Popen(
        [sys.executable, "-u", "-m", "photochrom.cli.main", "colorize", "box", "-o", "out"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    run.stdout.readline()
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert "interrupted" in err
    assert "Traceback" not in err
    finished = sorted(out.iterdir())
    assert 0 < len(finished) < MANY
    for path in finished:
        with Image.open(path) as coloured:
            coloured.load()
            assert coloured.size == (640, 480)

    ran = photochrom("colorize", tmp_path / "box", "-o", out, "--json")
    assert ran.code == 0, ran.err
    statuses = list(ran.statuses.values())
    assert statuses.count("finished") == len(finished)
    assert statuses.count("coloured") == MANY - len(finished)
