"""Dask as the crew: the same results, also where a worker is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from archive_runs import Heard, grey_scan, rows_of
from distributed import Client, LocalCluster
from distributed.system import MEMORY_LIMIT

from photochrom.archive import cluster
from photochrom.archive.begin import Who, beginning
from photochrom.archive.crew import Death
from photochrom.archive.records import Answer, Order, Task
from photochrom.errors import InputError, SetupError

PICTURES = 30


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The worker processes of a cluster; nannies and the resource tracker have other commands."""
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


def test_a_killed_dask_worker_loses_and_doubles_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "many", tmp_path / "colour"
    source.mkdir()
    for number in range(PICTURES):
        grey_scan(number, 240, 320).save(source / f"{number:02}.jpg")
    called = [sys.executable, "-m", "photochrom.cli.main", "archive", str(source), str(target)]
    with subprocess.Popen(
        [*called, "--workers", "2", "--json"], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        first = json.loads(running.stdout.readline())
        assert first["status"] == "coloured"
        os.kill(workers_of(running)[0].pid, signal.SIGKILL)
        records = [first, *map(json.loads, running.stdout)]
    assert running.returncode == 0
    assert sorted(record["source"] for record in records) == sorted(os.listdir(source))  # noqa: PTH208
    rows = rows_of(target / "photochrom.sqlite")
    assert {row["state"] for row in rows.values()} == {"coloured"}
    assert len(rows) == PICTURES


def test_ctrl_c_reaches_the_run_and_not_its_workers(tmp_path: Path) -> None:
    source, target = tmp_path / "many", tmp_path / "colour"
    source.mkdir()
    for number in range(80):
        grey_scan(number, 480, 640).save(source / f"{number:02}.jpg")
    called = [sys.executable, "-m", "photochrom.cli.main", "archive", str(source), str(target)]
    with subprocess.Popen(
        [*called, "--workers", "1", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        done = [json.loads(running.stdout.readline())]
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does
        done += map(json.loads, running.stdout)
    assert running.returncode == 130
    assert {record["status"] for record in done} == {"coloured"}
    assert 1 <= len(done) < 80


def test_a_cluster_that_runs_elsewhere_is_worked_on(scans: Path, target: Path) -> None:
    heard = Heard()
    with (
        LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as dask,
        beginning(
            Order(str(scans), str(target)), heard, who=Who(scheduler=dask.scheduler_address)
        ) as run,
    ):
        assert run.crew.words.startswith("1 Dask workers")
        run.prepare()
        run.work()
    assert sorted(heard.states.values()) == [*6 * ["coloured"], "failed", "left out"]
    assert len(list(target.rglob("*.jpg"))) == 4


def test_what_was_put_off_goes_one_to_a_machine(
    scans: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_machine_of", lambda address: address)  # two of them
    order = Order(str(scans), str(target))
    dask = cluster.Cluster(order, scheduler=None, workers=2)
    tasks = [Task(id=number, name=f"1923/{number}.jpg", alone=True) for number in range(3)]
    try:
        for task, fits in zip(tasks, (True, True, False), strict=True):
            assert dask.has_room()
            assert dask.fits(task) is fits
            if fits:
                dask.give(task)
        assert len(set(dask._machines.values())) == 2
        answers: list[Answer | Death] = []
        while len(answers) < 2:
            answers += dask.outcomes(1.0)
        workers = {answer.worker for answer in answers if isinstance(answer, Answer)}
        assert len(workers) == 2
        assert dask.fits(tasks[2])
        assert dask.is_idle()
    finally:
        dask.close()


def test_a_worker_with_little_memory_counts_as_one_of_many() -> None:
    """Its share of the machine is what Dask gives it, however few workers there are."""
    threads, parts = 2, 8
    with (
        LocalCluster(
            n_workers=1,
            threads_per_worker=threads,
            memory_limit=MEMORY_LIMIT // parts,
            dashboard_address=None,
        ) as dask,
        Client(dask) as client,
    ):
        assert client.submit(cluster._at_once_by_limit).result() in (
            threads * parts,
            threads * parts + 1,
        )


def test_a_scheduler_that_is_not_there_is_said(
    scans: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photochrom.archive.cluster.WAIT_FOR_WORKERS_S", 2)
    started = time.monotonic()
    who = Who(scheduler="tcp://127.0.0.1:9")
    with (
        pytest.raises(SetupError, match="no Dask scheduler"),
        beginning(Order(str(scans), str(target)), _Nobody(), who=who),
    ):
        pass
    assert time.monotonic() - started < 20


def test_a_place_that_no_worker_sees_is_refused(scans: Path) -> None:
    order = Order(str(scans), "memory://colour")
    with (
        pytest.raises(InputError, match="memory://"),
        beginning(order, _Nobody(), who=Who(workers=2)),
    ):
        pass


def test_without_the_extra_the_message_names_it(
    scans: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SetupError, match=r"photochrom\[archive\]"):
        cluster.Cluster(Order(str(scans), str(target)), scheduler=None, workers=1)


class _Nobody:
    """A watcher that is told nothing."""

    def begins(self, counts: object) -> None: ...
    def settled(self, answer: object) -> None: ...
    def waits(self) -> None: ...
