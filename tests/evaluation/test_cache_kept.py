"""The cache gives back what it was given, survives runs, and does not grow for ever."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from evaluation.conftest import chart
from photochrom.errors import SetupError
from photochrom.evaluation import cache as caching
from photochrom.evaluation import versions
from photochrom.evaluation.cache import Cache, cache_path, key_of


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "cache.sqlite"


def test_what_was_kept_is_there_in_the_next_run(path):
    vector = np.arange(5, dtype=np.float32)
    with Cache(path) as cache:
        cache.keep_scores("a", {"psnr": 21.5, "ms_ssim": None})
        cache.keep_features("a", vector)
        cache.keep_picture("a", chart(1))
    with Cache(path) as cache:
        assert cache.scores("a") == {"psnr": 21.5, "ms_ssim": None}
        assert np.array_equal(cache.features("a"), vector)
        assert np.array_equal(cache.picture("a"), chart(1))


def test_what_is_not_kept_is_absent(path):
    with Cache(path) as cache:
        assert cache.scores("a") == {}
        assert cache.features("a") is None
        assert cache.picture("a") is None


def test_without_a_file_scores_are_kept_while_it_runs_and_pictures_are_not():
    with Cache(None) as cache:
        cache.keep_scores("a", {"psnr": 1.0})
        cache.keep_picture("a", chart(1))
        assert cache.scores("a") == {"psnr": 1.0}
        assert cache.picture("a") is None


def test_several_threads_may_use_it(path):
    with Cache(path) as cache, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: cache.keep_scores(str(n), {"n": n}), range(200)))
        assert list(pool.map(lambda n: cache.scores(str(n))["n"], range(200))) == list(range(200))


def test_two_runs_may_use_it_at_once(path):
    with Cache(path) as one:
        one.keep_scores("a", {"psnr": 1.0})
        one.keep_scores("b", {"psnr": 1.0})
        with Cache(path) as other:
            assert other.scores("a") == {"psnr": 1.0}
            other.keep_scores("c", {"psnr": 2.0})
        assert one.scores("c") == {"psnr": 2.0}


def test_what_was_kept_lasts_though_the_run_was_killed(path):
    killed = Cache(path)
    killed.keep_scores("a", {"psnr": 1.0})
    with Cache(path) as cache:
        assert cache.scores("a") == {"psnr": 1.0}
    killed.close()


def test_pictures_used_longest_ago_go_first(path, monkeypatch):
    for name in ("old", "middle"):
        with Cache(path) as cache:
            cache.keep_picture(name, chart(1))
    with Cache(path) as cache:
        assert cache.picture("old") is not None  # used again, so now the younger one
        monkeypatch.setattr(caching, "MOST_PICTURE_BYTES", 20_000)
        [(size,)] = sqlite3.connect(path).execute("SELECT SUM(bytes) FROM pictures")
        monkeypatch.setattr(caching, "MOST_PICTURE_BYTES", size - 1)
    with Cache(path) as cache:
        assert cache.picture("middle") is None
        assert cache.picture("old") is not None


def test_a_damaged_file_is_a_clear_error(path):
    path.parent.mkdir()
    path.write_bytes(b"this is no database, and long enough to be looked at" * 100)
    with pytest.raises(SetupError, match=r"cannot be used.*--no-cache"):
        Cache(path)


def test_damage_that_shows_later_is_a_clear_error(path):
    with Cache(path) as cache:
        for n in range(300):
            cache.keep_scores(str(n), {"psnr": float(n)} | {str(k): 0.0 for k in range(50)})
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)  # all but the first page
    path.write_bytes(content)
    with pytest.raises(SetupError, match="cannot be used"), Cache(path) as cache:
        for n in range(300):
            cache.scores(str(n))


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="cannot make the cache's folder"):
        Cache(tmp_path / "file" / "cache.sqlite")


def test_keys_depend_on_every_part_on_the_code_and_on_packages(monkeypatch):
    assert key_of("a", "b") != key_of("ab", "") != key_of("a", "c")
    before = key_of("a")
    monkeypatch.setattr(caching, "code_sha256", lambda: "other code")
    assert key_of("a") != before
    monkeypatch.undo()
    assert key_of("a") == before
    monkeypatch.setattr(caching, "versions", lambda: {"torch": "9.9"})
    assert key_of("a") != before


def test_the_code_of_the_keys_exists():
    assert all((versions.PACKAGE / name).exists() for name in versions.CODE)


def test_the_cache_lies_where_the_system_keeps_caches(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_path() == tmp_path / "photochrom" / "evaluation.sqlite"
    assert cache_path(tmp_path / "own") == tmp_path / "own" / "evaluation.sqlite"
