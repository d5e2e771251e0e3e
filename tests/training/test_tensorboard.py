"""Event files as TensorBoard itself reads them."""

from __future__ import annotations

import io
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photochrom.training.tensorboard import EventFile


@pytest.fixture
def reader() -> Any:
    """Opens a folder as TensorBoard does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own dependencies
        accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")

    def read(folder: Path) -> Any:
        found = accumulator.EventAccumulator(str(folder))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found.Reload()
        return found

    return read


def test_tensorboard_reads_the_numbers(reader: Any, tmp_path: Path) -> None:
    file = EventFile(tmp_path)
    file.scalars({"l1": 0.5, "held_out/ä": -3e-9}, 0)
    file.scalars({"l1": 0.25}, 300)
    file.close()
    found = reader(tmp_path)
    assert [(entry.step, entry.value) for entry in found.Scalars("l1")] == [(0, 0.5), (300, 0.25)]
    assert found.Scalars("held_out/ä")[0].value == pytest.approx(-3e-9)
    assert found.file_version == 2.0


def test_tensorboard_shows_the_pictures(reader: Any, tmp_path: Path) -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (6, 9, 3), dtype=np.uint8)
    encoded = io.BytesIO()
    Image.fromarray(rgb).save(encoded, "PNG")
    file = EventFile(tmp_path)
    file.picture("samples", encoded.getvalue(), (9, 6), 40)
    file.close()
    [shown] = reader(tmp_path).Images("samples")
    assert (shown.step, shown.width, shown.height) == (40, 9, 6)
    with Image.open(io.BytesIO(shown.encoded_image_string)) as picture:
        assert np.array_equal(np.asarray(picture), rgb)


def test_steps_that_are_trained_again_are_shown_once(
    reader: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = EventFile(tmp_path)
    for step in (10, 20, 30):
        first.scalars({"l1": 1.0}, step)
    first.close()
    monkeypatch.setattr("photochrom.training.tensorboard.time.time", lambda: 4e9)  # a later name
    second = EventFile(tmp_path)
    second.scalars({"l1": 2.0}, 20)
    second.close()
    found = reader(tmp_path).Scalars("l1")
    assert [(entry.step, entry.value) for entry in found] == [(10, 1.0), (20, 2.0)]


def test_a_full_disk_leaves_no_half_record(reader: Any, tmp_path: Path) -> None:
    file = EventFile(tmp_path)
    file.scalars({"l1": 1.0}, 10)
    whole = file.file
    file.file = Half(whole)  # type: ignore[assignment]
    for step in (20, 30):
        with pytest.raises(OSError, match="full"):
            file.scalars({"l1": 1.0}, step)
    file.file = whole
    file.scalars({"l1": 1.0}, 40)
    file.close()
    assert [entry.step for entry in reader(tmp_path).Scalars("l1")] == [10, 40]


class Half:
    """A file on a disk that has room for half of each record."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def write(self, record: bytes) -> int:
        written: int = self.file.write(record[: len(record) // 2])
        return written

    def truncate(self, size: int) -> None:
        self.file.truncate(size)


def test_writing_needs_no_torch() -> None:
    program = (
        "import sys, warnings; warnings.simplefilter('error');"
        "import photochrom.training.tensorboard;"
        "sys.exit('torch' in sys.modules or 'tensorflow' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
