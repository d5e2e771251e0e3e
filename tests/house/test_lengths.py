"""Files and functions stay short, and functions take few positional parameters."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path
    for folder in ("src", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
)
MOST_LINES_A_FILE = 300
MOST_LINES_A_FUNCTION = 60
MOST_MEDIAN_LINES = 10
MOST_POSITIONAL = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def lines_of(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_file_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES_A_FILE
    assert ast.get_docstring(ast.parse(text)), "a module docstring is missing"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_functions_are_short_and_take_few_positional_parameters(path: Path) -> None:
    for function in functions(path):
        assert lines_of(function) <= MOST_LINES_A_FUNCTION, function.name
        positional = [
            argument.arg
            for argument in (*function.args.posonlyargs, *function.args.args)
            if argument.arg not in ("self", "cls")
        ]
        if not is_a_test(function, path):
            assert len(positional) <= MOST_POSITIONAL, function.name


def is_a_test(function: Function, path: Path) -> bool:
    """Tests take fixtures by name: the count means nothing there."""
    return "tests" in path.parts and function.name.startswith("test_")


def test_the_median_function_is_ten_lines_at_most() -> None:
    lengths = [
        lines_of(function)
        for path in FILES
        if path.is_relative_to(ROOT / "src")
        for function in functions(path)
    ]
    assert statistics.median(lengths) <= MOST_MEDIAN_LINES


def test_names_of_files_say_their_idea() -> None:
    vague = {"utils", "util", "helpers", "common", "misc", "core", "manager"}
    assert not [named(path) for path in FILES if path.stem in vague]
