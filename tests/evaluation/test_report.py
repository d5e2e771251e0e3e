"""The report as a file: its size, its numbers, its pictures, its words."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photochrom.errors import InputError
from photochrom.evaluation import report_table as tables
from photochrom.evaluation.report import write_report
from photochrom.evaluation.report_pictures import LADDER, Plan, block, encode, evenly
from photochrom.evaluation.result import Difference, Evaluation, Interval, MetricFacts
from report_example import MODELS, DrawnPictures, example


def data_of(page: str) -> dict[str, Any]:
    [text] = re.findall(r'<script type="application/json" id="report">(.*?)</script>', page)
    data: dict[str, Any] = json.loads(text)
    return data


def views_of(page: str, place: int) -> list[Image.Image]:
    [found] = re.findall(rf'id="p{place}">\n(.*?)\n</script>', page, re.DOTALL)
    lines = found.split("\n")
    whole = [lines[int(line[1:])] if line.startswith("=") else line for line in lines]
    return [Image.open(io.BytesIO(base64.b64decode(line))) for line in whole]


@pytest.mark.parametrize("most_bytes", [150_000, 400_000, 1_500_000])
def test_the_file_is_as_large_as_allowed_and_says_how_its_pictures_are_kept(
    tmp_path: Path, most_bytes: int
) -> None:
    path = tmp_path / "report.html"
    facts = write_report(example(24), DrawnPictures(), path, most_bytes=most_bytes)
    page = path.read_text(encoding="utf-8")
    assert facts.size_bytes == path.stat().st_size <= most_bytes
    rung = facts.plan.rung
    assert f"at {rung.longest_px} px at most, WebP of quality {rung.quality}" in page
    assert page.count('<script type="text/plain"') == len(facts.plan.shown)
    sizes = [view.size for view in views_of(page, 0)]
    assert len(sizes) == len(MODELS) + 2
    assert max(sizes[0]) <= rung.longest_px


def test_more_room_gives_better_pictures(tmp_path: Path) -> None:
    places = [
        LADDER.index(
            write_report(
                example(4), DrawnPictures(2), tmp_path / "report.html", most_bytes=most_bytes
            ).plan.rung
        )
        for most_bytes in (160_000, 260_000, 2_000_000)
    ]
    assert places == sorted(places, reverse=True)
    assert len(set(places)) == 3
    assert places[-1] == 0


def test_where_not_all_pictures_fit_an_even_choice_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    evaluation = example(120)
    facts = write_report(evaluation, DrawnPictures(), path, most_bytes=220_000)
    page = path.read_text(encoding="utf-8")
    shown = facts.plan.shown
    assert facts.size_bytes <= 220_000
    assert 5 < len(shown) < 120
    assert np.ptp(np.diff(shown)) <= 1
    assert f"Of 120 pictures {len(shown)}, evenly chosen" in page
    data = data_of(page)
    assert [one["name"] for one in data["pictures"]] == [evaluation.pictures[i].name for i in shown]
    assert len(data["scores"][0]["psnr"]) == len(shown)
    assert "on 120 photographs" in page


def test_the_report_of_no_picture_or_of_no_room_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    with pytest.raises(InputError, match="nothing was measured"):
        write_report(example(0), DrawnPictures(), path)
    with pytest.raises(InputError, match="no room for pictures"):
        write_report(example(3), DrawnPictures(), path, most_bytes=20_000)
    assert not path.exists()


def test_a_picture_that_fails_leaves_the_old_report(tmp_path: Path) -> None:
    class Broken(DrawnPictures):
        def painted(self, model: str, i: int) -> Any:
            if i == 5:
                raise InputError("broken")
            return super().painted(model, i)

    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(InputError, match="broken"):
        write_report(example(8), Broken(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_pictures_inside_are_the_pictures(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    drawn = DrawnPictures()
    write_report(example(4), drawn, path)
    page = path.read_text(encoding="utf-8")
    for i in range(4):
        wanted = [drawn.grey(i), *(drawn.painted(model, i) for model in MODELS), drawn.truth(i)]
        for view, rgb in zip(views_of(page, i), wanted, strict=True):
            whole = np.broadcast_to(rgb[..., None], (*rgb.shape, 3)) if rgb.ndim == 2 else rgb
            error = np.asarray(view.convert("RGB")).astype(float) - whole
            assert np.abs(error).mean() < 6


def test_equal_pictures_are_kept_once() -> None:
    assert block(3, [b"grey", b"ours", b"grey"]) == (
        b'<script type="text/plain" id="p3">\nZ3JleQ==\nb3Vycw==\n=0\n</script>\n'
    )


def test_the_picture_at_the_top_comes_before_the_script(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(example(9), DrawnPictures(), path)
    page = path.read_text(encoding="utf-8")
    data = data_of(page)
    ours = data["scores"][0]["delta_e"]
    assert sorted(ours).index(ours[data["typical"]]) == 4
    order = [int(place) for place in re.findall(r'id="p(\d+)"', page)]
    assert order[0] == data["typical"]
    assert (
        page.index(f'id="p{order[0]}"')
        < page.index('"use strict"')
        < page.index(f'id="p{order[1]}"')
    )
    assert [ours[place] for place in order[1:]] == sorted(
        (value for place, value in enumerate(ours) if place != order[0]), reverse=True
    )


def test_the_numbers_in_the_page_are_those_measured(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    evaluation = example(12)
    write_report(evaluation, DrawnPictures(), path)
    data = data_of(path.read_text(encoding="utf-8"))
    for place, model in enumerate(MODELS):
        for metric, values in evaluation.scores[model].items():
            shown = np.array(data["scores"][place][metric], float)
            np.testing.assert_allclose(shown, values, atol=1e-4)
    assert data["scores"][0]["saturation_ratio"][1] is None
    found = evaluation.difference("psnr", MODELS[1], MODELS[0])
    [stored] = [
        one
        for one in data["differences"]
        if (one["metric"], one["first"], one["second"]) == ("psnr", 0, 1)
    ]
    assert found is not None
    assert stored["value"] == pytest.approx(-found.interval.value, abs=1e-6)


def test_progress_is_told_picture_by_picture(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_report(
        example(5),
        DrawnPictures(),
        tmp_path / "report.html",
        on_progress=lambda done, of: told.append((done, of)),
    )
    assert told == [(done, 5) for done in range(1, 6)]


def test_nothing_in_the_page_is_fetched(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(example(2), DrawnPictures(), path)
    page = path.read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not re.findall(r'(?:src|href)="(?!#|data:)', page)
    assert set(re.findall(r"https?://[\w.]+", page)) <= {"http://www.w3.org"}


def test_a_plan_gets_smaller_until_few_pictures_are_left() -> None:
    plan = Plan(tuple(range(100)), LADDER[0])
    sizes = []
    while len(plan.shown) > 50:
        sizes.append((LADDER.index(plan.rung), -len(plan.shown)))
        plan = plan.smaller()
    assert sizes == sorted(sizes)
    assert plan.rung == LADDER[-1]


def test_every_rung_is_smaller_than_the_one_above() -> None:
    photos = [DrawnPictures(2).truth(i) for i in range(6)]
    sizes = [sum(len(encode(photo, rung)) for photo in photos) for rung in LADDER]
    assert sizes == sorted(sizes, reverse=True)


def test_an_even_choice_has_the_first_and_no_doubles() -> None:
    assert evenly(range(10), 4) == (0, 2, 5, 7)
    assert evenly([5, 6], 4) == (5, 6)


def two_models(metric: MetricFacts, low: float, high: float) -> Evaluation:
    """Ours beside grey, the difference grey − ours within [low, high]."""
    middle = (low + high) / 2
    evaluation = example(2)
    names = ("ours", "grey")
    return dataclasses.replace(
        evaluation,
        metrics=(metric,),
        models=tuple(model for model in evaluation.models if model.name in names),
        scores={name: {metric.name: np.array([1.0, 1.0])} for name in names},
        summaries={
            "ours": {metric.name: Interval(1.0, 0.9, 1.1, 2)},
            "grey": {metric.name: Interval(1.0 + middle, 1.0 + low, 1.0 + high, 2)},
        },
        differences=(Difference(metric.name, "grey", "ours", Interval(middle, low, high, 2)),),
    )


@pytest.mark.parametrize(
    ("better", "low", "high", "mark"),
    [
        ("higher", 0.1, 0.3, "better"),
        ("higher", -0.3, -0.1, "worse"),
        ("higher", -0.1, 0.3, "same"),
        ("lower", 0.1, 0.3, "worse"),
        ("lower", -0.3, -0.1, "better"),
        ("closest", 0.1, 0.3, "worse"),
        ("none", 0.1, 0.3, "differs"),
        ("lower", 0.0, 0.3, "same"),
    ],
)
def test_a_model_is_marked_only_where_the_paired_interval_excludes_zero(
    better: Any, low: float, high: float, mark: str
) -> None:
    metric = MetricFacts("m", "M", "colour", better, 2, "Meaning.", target=1.0)
    kind, sign = tables.verdict(two_models(metric, low, high), metric, "grey", "ours")
    assert kind == mark
    assert f'<i class="mark {mark}">{sign}</i>' in tables.table(two_models(metric, low, high))


def test_the_best_of_a_row_is_by_distance_where_a_target_is_best() -> None:
    evaluation = example(2)
    metric = evaluation.metric("saturation_ratio")
    scores = {
        "ours": {metric.name: np.array([0.9, 1.1])},
        MODELS[1]: {metric.name: np.array([0.2, 1.8])},  # its mean is 1 as well
        "grey": {metric.name: np.array([0.0, 0.0])},
    }
    summaries = {
        model: {metric.name: Interval(float(np.mean(of[metric.name])))}
        for model, of in scores.items()
    }
    changed = dataclasses.replace(evaluation, scores=scores, summaries=summaries)
    assert tables.best_models(changed, metric) == {"ours"}


def test_means_intervals_protocol_and_who_is_missing_are_in_words(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    evaluation = example(20)
    write_report(evaluation, DrawnPictures(), path)
    page = path.read_text(encoding="utf-8")
    metric = evaluation.metric("psnr")
    mean = evaluation.summaries["ours"]["psnr"]
    assert f"<b>{mean.value:.2f}</b>" in page
    assert f"<small>[{mean.low:.2f}, {mean.high:.2f}]</small>" in page
    assert f'<td data-model="1">{"<b>n/a</b>"}' in page  # hints, which it does not take
    assert metric.meaning in page
    for words in (
        "<dt>Resampling</dt><dd>none &lt; needed</dd>",
        "broken.jpg: the file ends after 12 bytes",
        "1 left out on request",
        "1 grey photo, measured with the others",
        "1 failed, 1 left out",
        "a &lt;b&gt;other&lt;/b&gt; &amp; more",
    ):
        assert words in page
    assert "<b>other" not in page
