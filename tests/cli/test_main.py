"""The command itself: its version, its help, and what errors become."""

from __future__ import annotations

import pytest

from photochrom import __version__
from photochrom.cli import main as command
from photochrom.errors import InputError, PhotochromError, SetupError, WeightsError


def test_the_version_is_printed(photochrom) -> None:
    ran = photochrom("--version")
    assert (ran.code, ran.out) == (0, f"photochrom {__version__}\n")


def test_help_names_every_command(photochrom) -> None:
    ran = photochrom("--help")
    assert ran.code == 0
    assert all(name.split()[0] in ran.out for name in command.COMMANDS)


@pytest.mark.parametrize("group", command.GROUPS)
def test_the_help_of_a_group_names_its_commands(photochrom, group: str) -> None:
    names = [name.split()[1] for name in command.COMMANDS if name.split()[0] == group]
    ran = photochrom(group, "--help")
    assert ran.code == 0
    assert names and all(name in ran.out for name in names)


def test_an_unknown_command_of_a_group_is_a_usage_error(photochrom) -> None:
    ran = photochrom("data", "inspekt", "photos")
    assert ran.code == 2
    assert "inspekt" in ran.err


def test_an_unknown_command_is_a_usage_error(photochrom) -> None:
    ran = photochrom("colourize", "a.jpg")
    assert ran.code == 2
    assert "colourize" in ran.err


def test_brackets_in_a_help_text_are_shown(photochrom) -> None:
    assert "[[x, y," in photochrom("colorize", "--help").out
    assert "[variants.NAME]" in photochrom("train", "--help").out


def test_without_arguments_the_help_is_shown(photochrom) -> None:
    ran = photochrom()
    assert "colorize" in ran.out + ran.err


@pytest.mark.parametrize("error", [InputError, WeightsError, SetupError])
def test_an_error_of_ours_is_one_line_and_its_exit_code(
    photochrom, monkeypatch, error: type[PhotochromError]
) -> None:
    def fail() -> None:
        raise error("what to do")

    monkeypatch.setattr("photochrom.cli.models.models", fail)
    ran = photochrom("models")
    assert ran.code == error.exit_code
    assert ran.err == "photochrom: what to do\n"


def test_ctrl_c_is_exit_code_130(photochrom, monkeypatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("photochrom.cli.models.models", interrupt)
    assert photochrom("models").code == 130


def test_a_picture_in_the_commands_place_says_what_to_type(photochrom, grey) -> None:
    photo = grey("a.png")
    ran = photochrom(photo)
    assert ran.code == 2
    assert f"photochrom colorize {photo}" in ran.err


@pytest.mark.parametrize("arguments", [("colorize", ""), ("colorize", "a.png", "-o", "")])
def test_an_empty_name_is_no_folder(photochrom, arguments: tuple[str, ...]) -> None:
    ran = photochrom(*arguments)
    assert ran.code == 2
    assert "is a variable unset?" in ran.err


def test_what_the_machine_refuses_is_one_line(photochrom, monkeypatch) -> None:
    def refuse() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("photochrom.cli.models.models", refuse)
    ran = photochrom("models")
    assert (ran.code, ran.err) == (4, "photochrom: No space left on device\n")
