"""The command line reference, docs/cli.md, made from the commands themselves.

python -m photochrom.cli.reference docs/cli.md            writes it
python -m photochrom.cli.reference --check docs/cli.md    fails where it is stale
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

from photochrom import errors
from photochrom.cli.main import COMMANDS

_HEAD = """\
# The command line

Made from the commands themselves by `make reference`; do not edit by hand.

`photochrom --help` and `photochrom COMMAND --help` say the same; `photochrom --version` prints the
version; `photochrom --install-completion` teaches your shell the options.

"""

_EXIT_CODES = """\
## Exit codes

| code | what | error |
|---|---|---|
| 0 | all done, or done before, or left out for the reason that is printed | |
| 1 | of several pictures some failed; they are listed | |
{errors}
| 130 | interrupted (Ctrl-C); what was finished is kept, and the same command goes on | |

Codes 2 to 4 are for a run with a single picture, and for what stops a whole run.
"""


def reference() -> str:
    """The whole reference, in Markdown."""
    sections = [_HEAD]
    sections += [_section(name, _function(target)) for name, target in COMMANDS.items()]
    return "".join(sections) + _EXIT_CODES.format(errors="\n".join(_error_rows()))


def _function(target: str) -> Callable[..., None]:
    module, name = target.split(":")
    function: Callable[..., None] = getattr(import_module(module), name)
    return function


def _section(name: str, function: Callable[..., None]) -> str:
    rows = list(_parameters(function))
    arguments = [label for label, _, is_argument in rows if is_argument]
    table = [f"| {label} | {text} |" for label, text, _ in rows]
    usage = " ".join(["photochrom", name, *(label.strip("`") for label in arguments), "[OPTIONS]"])
    lines = [f"## photochrom {name}", "", "```", usage, "```", "", inspect.getdoc(function) or ""]
    return "\n".join([*lines, "", "| | |", "|---|---|", *table, "", ""])


def _parameters(function: Callable[..., None]) -> Iterator[tuple[str, str, bool]]:
    """Each parameter's label, description, and whether it is an argument."""
    hints = get_type_hints(function, include_extras=True)
    for parameter in inspect.signature(function).parameters.values():
        annotation = hints[parameter.name]
        info, default = _info(annotation, parameter.default)
        kind = get_args(annotation)[0] if get_args(annotation) else annotation
        if isinstance(info, ArgumentInfo):
            yield f"`{info.metavar or parameter.name.upper()}`", info.help or "", True
        else:
            yield _label(parameter.name, kind, info), _text(info, kind, default), False


def _info(annotation: Any, default: Any) -> tuple[ArgumentInfo | OptionInfo, Any]:
    """Typer's declaration, in `Annotated[…]` or as the default, and the real default."""
    if isinstance(default, ArgumentInfo | OptionInfo):
        return default, default.default
    metadata = getattr(annotation, "__metadata__", ())
    declared = [entry for entry in metadata if isinstance(entry, ArgumentInfo | OptionInfo)]
    return (declared[0] if declared else OptionInfo()), default


def _label(name: str, kind: Any, info: OptionInfo) -> str:
    names = _declared_names(info) or [f"--{name.replace('_', '-')}"]
    spelled = ", ".join(f"`{spelling}`" for spelling in sorted(names, key=len, reverse=True))
    return f"{spelled} {_values(kind, info)}".rstrip()


def _declared_names(info: OptionInfo) -> list[str]:
    """The option's spellings; inside `Annotated[…]` Typer keeps the first one as the default."""
    declared = [info.default, *(info.param_decls or ())]
    return [name for name in declared if isinstance(name, str) and name.startswith("-")]


def _values(kind: Any, info: OptionInfo) -> str:
    """What the option takes: its choices, its range, its metavar, or nothing for a flag."""
    if kind is bool:
        return ""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "\\|".join(str(choice.value) for choice in kind)
    if info.min is not None and info.max is not None:
        return f"{info.min:g}…{info.max:g}"
    return (info.metavar or "").replace("|", "\\|")


def _text(info: OptionInfo, kind: Any, default: Any) -> str:
    said = " ".join((info.help or "").split()).replace("|", "\\|")
    if default is inspect.Parameter.empty:
        return f"{said} Required."
    if kind is bool or default is None:
        return said
    return f"{said} Default: {default.value if isinstance(default, Enum) else default}."


def _error_rows() -> Iterator[str]:
    for error in (errors.InputError, errors.WeightsError, errors.SetupError):
        what = (inspect.getdoc(error) or "").splitlines()[0].rstrip(".")
        yield f"| {error.exit_code} | {what} | `{error.__name__}` |"


def main(arguments: list[str]) -> int:
    """Write the reference to the path given, or with --check compare; 1 where it is stale."""
    path = Path(arguments[-1])
    if "--check" not in arguments:
        path.write_text(reference(), encoding="utf-8")
        return 0
    if path.read_text(encoding="utf-8") == reference():
        return 0
    sys.stderr.write(f"{path} is stale: run make reference\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
