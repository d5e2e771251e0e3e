"""The command `photochrom`: which commands there are, and what an error becomes.

A command's module is imported only when it is the one asked for, so that colorizing a single
photo does not pay for training.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from photochrom.errors import InputError, PhotochromError, SetupError
from photochrom.version import __version__

INTERRUPTED = 130

#: Where each command's function lies. The order is the one of `photochrom --help`; a name of two
#: words is a command of the group that its first word names.
COMMANDS = {
    "colorize": "photochrom.cli.colorize:colorize",
    "restore": "photochrom.cli.restore:restore",
    "video": "photochrom.cli.video:video",
    "scan": "photochrom.cli.scan:scan",
    "archive": "photochrom.cli.archive:archive",
    "verify": "photochrom.cli.verify:verify",
    "serve": "photochrom.cli.serve:serve",
    "app gradio": "photochrom.cli.app:gradio",
    "app streamlit": "photochrom.cli.app:streamlit",
    "models": "photochrom.cli.models:models",
    "train": "photochrom.cli.train:train",
    "export": "photochrom.cli.export:export",
    "evaluate": "photochrom.cli.evaluate:evaluate",
    "data inspect": "photochrom.cli.data_inspect:inspect",
    "data split": "photochrom.cli.data_split:split",
    "data pair": "photochrom.cli.data_pair:pair",
    "data pack": "photochrom.cli.data_pack:pack",
}

#: What the commands of each group are about.
GROUPS = {
    "app": "Ready-made pages: one with Gradio, one with Streamlit.",
    "data": "Photos to train on: look them over, split, pair and pack them.",
}


def build_app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The typer application with these commands; only their modules are imported."""
    app = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",  # brackets in a help text are not markup
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(photochrom)
    groups: dict[str, typer.Typer] = {}
    for name in names:
        module, function = COMMANDS[name].split(":")
        *group, command = name.split()
        of = _group(app, group[0], groups) if group else app
        of.command(command)(getattr(import_module(module), function))
    return app


def _group(app: typer.Typer, name: str, groups: dict[str, typer.Typer]) -> typer.Typer:
    """The group of that name, added to `app` where it is not there yet."""
    if name not in groups:
        groups[name] = typer.Typer(no_args_is_help=True, help=GROUPS[name])
        app.add_typer(groups[name], name=name)
    return groups[name]


def _print_version(asked_for: bool) -> None:
    if asked_for:
        typer.echo(f"photochrom {__version__}")
        raise typer.Exit


def photochrom(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Believable colour for black-and-white photographs, at full size, on an ordinary computer."""
    del version  # answered by its callback


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or as `photochrom.errors` and docs/cli.md say."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    # Photochrom's own threads share its work; OpenBLAS, which reads this when NumPy is first
    # imported, would have more that only wait for each other: ten times the time on busy cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _print_any_name()
    try:
        _refuse_missing_command(arguments)
        build_app(_needed(arguments))(arguments, prog_name="photochrom")
    except PhotochromError as error:
        typer.echo(f"photochrom: {error}", err=True)
        return error.exit_code
    except OSError as error:  # such as a full disk behind stdout
        typer.echo(f"photochrom: {error.strerror or error}", err=True)
        return SetupError.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    return 0


def _refuse_missing_command(arguments: Sequence[str]) -> None:
    """Say what to type where a picture stands in the command's place."""
    first = arguments[0] if arguments else ""
    if not _commands_of(first) and Path(first).suffix and Path(first).exists():
        raise InputError(f"{first} is no command. To colour it: photochrom colorize {first}")


def _print_any_name() -> None:
    """Let file names that the terminal cannot show be printed as escapes rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _needed(arguments: Sequence[str]) -> Iterable[str]:
    """The command that is asked for, or its group's for their help; none for the version.

    All of them for help and for errors.
    """
    first, second = (*arguments[:2], "", "")[:2]
    if first == "--version":
        return ()
    asked_for = f"{first} {second}"
    return (asked_for,) if asked_for in COMMANDS else _commands_of(first) or COMMANDS


def _commands_of(word: str) -> list[str]:
    """The command of that name, or all commands of the group of that name."""
    return [name for name in COMMANDS if word and name.split()[0] == word]


def leave() -> NoReturn:
    """The command as installed: run, then end the process without taking it apart.

    Unloading ONNX Runtime and every module takes a tenth of a cold start and changes nothing.
    """
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # whoever read our output has left
        code = code or 1
    os._exit(code)


if __name__ == "__main__":
    leave()
