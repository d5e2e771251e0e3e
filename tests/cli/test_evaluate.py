"""`photochrom evaluate` as it is typed: tables, JSON, files, bad input, exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.evaluation.result import read_evaluation

FAST = ("--metric", "psnr", "--metric", "delta_e", "--metric", "colourfulness")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of four colour photos."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in range(4):
        patches = np.random.default_rng(seed).integers(0, 256, (4, 5, 3), dtype=np.uint8)
        picture = Image.fromarray(patches).resize((64, 48), Image.Resampling.BICUBIC)
        picture.save(folder / f"{seed}.png")
    return folder


@pytest.fixture
def evaluate(photochrom, tmp_path):
    """Run `photochrom evaluate` with a cache of its own."""

    def run(*arguments):
        return photochrom("evaluate", *arguments, "--cache", tmp_path / "cache")

    return run


def test_a_table_with_its_protocol_is_printed(evaluate, photos):
    ran = evaluate("flagship", "grey", photos, *FAST)
    assert ran.code == 0
    assert ran.err == ""
    lines = ran.out.splitlines()
    assert lines[0].split() == ["flagship", "grey", "true", "colours"]
    assert any(line.startswith("ΔE2000") and "[" in line for line in lines)
    assert any(line.startswith("resize: short side at most 256 px") for line in lines)
    assert any(line.startswith("photos: 4, SHA-256") for line in lines)


def test_json_is_one_object_with_everything(evaluate, photos):
    ran = evaluate("flagship", "grey", photos, "--json")
    assert ran.code == 0
    [line] = ran.out.splitlines()
    found = read_evaluation(line)
    assert [model.name for model in found.models] == ["flagship", "grey"]
    assert len(found.pictures) == 4
    assert found.scores["flagship"]["lpips_alex"].shape == (4,)
    assert json.loads(line)["scores"]["grey"]["ms_ssim"] == [None] * 4


def test_quiet_says_nothing(evaluate, photos):
    ran = evaluate("grey", photos, *FAST, "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_report_and_sheet_are_written_and_not_written_over(evaluate, photos, tmp_path):
    report, sheet = tmp_path / "new/report.html", tmp_path / "sheet.png"
    arguments = ("flagship", "grey", photos, *FAST, "--report", report, "--sheet", sheet)
    ran = evaluate(*arguments)
    assert ran.code == 0
    assert "<html" in report.read_text(encoding="utf-8")
    with Image.open(sheet) as picture:
        assert picture.format == "PNG"
    again = evaluate(*arguments)
    assert again.code == 2
    assert "exists already" in again.err
    assert evaluate(*arguments, "--overwrite").code == 0


def test_a_second_run_paints_nothing(evaluate, photos, monkeypatch):
    from photochrom.evaluation.models import Trained

    first = evaluate("flagship", photos, *FAST, "--json")
    monkeypatch.setattr(Trained, "paint", lambda self, given: pytest.fail("it painted"))
    second = evaluate("flagship", photos, *FAST, "--json")
    assert json.loads(second.out)["scores"] == json.loads(first.out)["scores"]


def test_without_a_cache_nothing_is_written(photochrom, photos, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert photochrom("evaluate", "grey", photos, *FAST, "--no-cache").code == 0
    assert not (tmp_path / "cache").exists()


def test_without_torch_the_missing_package_is_named(photos):
    statement = (
        "import sys; sys.modules['torch'] = None; from photochrom.cli.main import main; "
        f"sys.exit(main(['evaluate', 'grey', {str(photos)!r}, '--no-cache']))"
    )
    source = str(Path(__file__).resolve().parents[2] / "src")
    ran = subprocess.run(
        [sys.executable, "-c", statement],
        env=os.environ | {"PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 4
    assert "pip install 'photochrom[evaluate]'" in ran.stderr


class TestBadInput:
    """What went wrong is said, what is left is measured, and the exit code tells."""

    def test_one_failed_photo_of_several_is_listed(self, evaluate, photos):
        (photos / "1.png").write_bytes(b"no picture")
        ran = evaluate("grey", photos, *FAST)
        assert ran.code == 1
        assert ran.err.startswith("photochrom: 1.png: ")
        assert "photos: 3," in ran.out

    def test_failures_are_in_the_json_and_not_on_stderr(self, evaluate, photos):
        (photos / "1.png").write_bytes(b"no picture")
        ran = evaluate("grey", photos, *FAST, "--json")
        assert (ran.code, ran.err) == (1, "")
        [skipped] = json.loads(ran.out)["skipped"]
        assert skipped["name"] == "1.png"

    def test_a_missing_partner_is_listed_with_its_model(self, evaluate, photos, tmp_path):
        theirs = tmp_path / "theirs"
        shutil.copytree(photos, theirs)
        (theirs / "2.png").unlink()
        ran = evaluate("grey", theirs, photos, *FAST)
        assert ran.code == 1
        assert "2.png (theirs): " in ran.err

    def test_an_unknown_model_among_others_is_listed(self, evaluate, photos):
        ran = evaluate("grey", "flagshp", photos, *FAST)
        assert ran.code == 1
        assert "no model 'flagshp'. Give flagship" in ran.err
        assert "PSNR" in ran.out

    def test_an_unknown_model_alone_ends_the_run(self, evaluate, photos):
        assert evaluate("flagshp", photos, *FAST).code == 2

    def test_a_checkpoint_of_another_version_alone_ends_the_run(self, evaluate, photos, tmp_path):
        from safetensors.numpy import save_file

        path = tmp_path / "old.safetensors"
        metadata = {"photochrom.checkpoint": '{"format": 1}'}
        save_file({"ema.a": np.zeros(1, np.float32)}, path, metadata=metadata)
        ran = evaluate(path, photos, *FAST)
        assert ran.code == 3
        assert "Use the version of Photochrom that wrote it" in ran.err

    def test_no_photos_at_all(self, evaluate, tmp_path):
        (tmp_path / "empty").mkdir()
        ran = evaluate("grey", tmp_path / "empty", *FAST)
        assert ran.code == 2
        assert "no photos in" in ran.err

    def test_photos_that_do_not_exist(self, evaluate, tmp_path):
        assert evaluate("grey", tmp_path / "nowhere", *FAST).code == 2

    def test_photos_without_a_model(self, evaluate, photos):
        ran = evaluate(photos)
        assert ran.code == 2
        assert "photochrom evaluate flagship grey PHOTOS" in ran.err

    def test_an_inception_of_the_wrong_hash(self, evaluate, photos, tmp_path):
        path = tmp_path / "inception.pth"
        path.write_bytes(b"other weights")
        ran = evaluate("grey", photos, *FAST, "--inception", path)
        assert ran.code == 1
        assert ran.err.startswith(f"photochrom: FID: {path} is not the Inception that FID is")
        assert "PSNR" in ran.out
        alone = evaluate("grey", photos, "--inception", path, "--metric", "fid")
        assert alone.code == 3

    def test_a_model_in_the_photos_place(self, evaluate, photos):
        ran = evaluate(photos, "grey")
        assert ran.code == 2
        assert "photochrom evaluate grey PHOTOS" in ran.err

    def test_a_reason_that_names_its_model_names_it_once(self, evaluate, photos, tmp_path):
        path = tmp_path / "nonsense.onnx"
        path.write_bytes(b"nothing")
        ran = evaluate("grey", path, photos, *FAST)
        assert ran.code == 1
        assert ran.err.count("nonsense.onnx") == 1

    def test_frames_are_compared_of_films_only(self, evaluate, photos):
        ran = evaluate("grey", photos, "--metric", "video")
        assert ran.code == 2
        assert "--video" in ran.err

    def test_fid_without_weights(self, evaluate, photos):
        ran = evaluate("grey", photos, "--metric", "fid")
        assert ran.code == 2
        assert "--inception" in ran.err

    def test_a_damaged_cache(self, photochrom, photos, tmp_path):
        (tmp_path / "evaluation.sqlite").write_bytes(b"no database, long enough to look at" * 99)
        ran = photochrom("evaluate", "grey", photos, *FAST, "--cache", tmp_path)
        assert ran.code == 4
        assert "--no-cache" in ran.err

    @pytest.mark.parametrize(
        ("option", "name"), [("--report", "report.pdf"), ("--sheet", "sheet.jpg")]
    )
    def test_a_file_of_another_kind(self, evaluate, photos, tmp_path, option, name):
        ran = evaluate("grey", photos, option, tmp_path / name)
        assert ran.code == 2
        assert "must end in" in ran.err

    def test_photos_without_colour_are_named(self, evaluate, photos):
        Image.new("RGB", (64, 48), (90, 90, 90)).save(photos / "flat.png")
        ran = evaluate("grey", photos, *FAST)
        assert ran.code == 0
        assert "without colour: 1 photo, see --skip-grey:\n  flat.png" in ran.out
        left = evaluate("grey", photos, *FAST, "--skip-grey")
        assert left.code == 0
        assert "left out: 1 photo:\n  flat.png" in left.out


class TestFilm:
    """A film is a DATA too."""

    @pytest.fixture
    def film(self, tmp_path: Path) -> Path:
        av = pytest.importorskip("av")
        path = tmp_path / "film.mp4"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("mpeg4", rate=12)
            stream.width, stream.height, stream.pix_fmt = 80, 64, "yuv420p"
            for level in range(6):
                frame = np.full((64, 80, 3), (40 * level, 90, 120), np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
            container.mux(stream.encode(None))
        return path

    def test_its_frames_are_measured(self, evaluate, film):
        ran = evaluate("sepia", film, "--video", "--metric", "video", "--json")
        assert ran.code == 0
        found = read_evaluation(ran.out)
        assert [photo.name for photo in found.pictures] == [f"{i:06}.png" for i in range(1, 7)]
        assert np.isfinite(found.summaries["sepia"]["cdc"].value)
        assert np.isfinite(found.summaries["sepia"]["warp_error"].value)

    def test_a_coloured_film_is_a_model(self, evaluate, film, tmp_path):
        theirs = tmp_path / "theirs.mp4"
        shutil.copy(film, theirs)
        (tmp_path / "broken.mp4").write_bytes(b"no film")
        ran = evaluate(
            *(theirs, tmp_path / "broken.mp4", film, "--video", "--metric", "video"),
            *("--metric", "psnr", "--json"),
        )
        assert ran.code == 1
        found = read_evaluation(ran.out)
        [model] = found.models
        assert (model.name, model.source) == ("theirs", str(theirs))
        assert found.summaries["theirs"]["psnr"].value == pytest.approx(100)
        assert found.summaries["theirs"]["cdc"] == found.truth_summaries["cdc"]
        [skipped] = found.skipped
        assert "cannot be read as a film" in skipped.reason

    def test_without_video_it_is_refused(self, evaluate, film):
        ran = evaluate("sepia", film)
        assert ran.code == 2
        assert "add --video" in ran.err
