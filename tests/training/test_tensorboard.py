"""Event files as TensorBoard itself reads them, and by the byte."""

from __future__ import annotations

import io
import struct
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photochrom.training.tensorboard import EventFile, crc32c, event, number, record, varint


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


def test_a_record_carries_checksums_of_length_and_content() -> None:
    """Of nothing the checksum is 0, and what is stored is the mask alone."""
    assert record(b"")[12:] == struct.pack("<I", 0xA282EAD8)
    length, content = struct.pack("<Q", 1), b"a"
    whole = record(content)
    assert whole[:8] == length and whole[12:13] == content
    for part, stored in ((length, whole[8:12]), (content, whole[13:])):
        masked = (struct.unpack("<I", stored)[0] - 0xA282EAD8) & 0xFFFFFFFF
        assert (masked >> 17 | masked << 15) & 0xFFFFFFFF == crc32c(part)


@pytest.mark.parametrize(
    ("content", "checksum"),
    [(bytes(32), 0x8A9136AA), (b"\xff" * 32, 0x62A8AB43), (bytes(range(32)), 0x46DD794E)],
)
def test_the_checksum_is_that_of_rfc_3720(content: bytes, checksum: int) -> None:
    assert crc32c(content) == checksum


@pytest.mark.parametrize(("value", "encoded"), [(0, "00"), (127, "7f"), (128, "8001")])
def test_whole_numbers_are_written_in_groups_of_seven_bits(value: int, encoded: str) -> None:
    assert varint(value).hex() == encoded


def test_an_event_says_when_and_at_which_step() -> None:
    written = event(b"", step=5)
    assert written[0] == 0x09
    assert struct.unpack("<d", written[1:9])[0] > 1.7e9
    assert written[9:] == number(2, 5)
