"""Ctrl-C is held back until a step is taken."""

from __future__ import annotations

import signal
import threading

import pytest

from photochrom.archive.interrupts import one_step


def test_a_step_is_taken_before_ctrl_c_counts() -> None:
    before = signal.getsignal(signal.SIGINT)
    taken = []
    with pytest.raises(KeyboardInterrupt), one_step():
        signal.raise_signal(signal.SIGINT)
        taken.append("whole")
    assert taken == ["whole"]
    assert signal.getsignal(signal.SIGINT) is before


def test_without_ctrl_c_nothing_is_raised_and_errors_pass() -> None:
    before = signal.getsignal(signal.SIGINT)
    with one_step():
        pass
    with pytest.raises(ValueError, match="own"), one_step():
        raise ValueError("own")
    assert signal.getsignal(signal.SIGINT) is before


def test_on_another_thread_the_block_just_runs() -> None:
    ran = []

    def step() -> None:
        with one_step():
            ran.append(True)

    thread = threading.Thread(target=step)
    thread.start()
    thread.join()
    assert ran == [True]
