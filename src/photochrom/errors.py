"""The exceptions that Photochrom raises on purpose.

    PhotochromError
    ├── InputError      the user can mend it: a file, an option, an array     exit code 2, HTTP 422
    ├── WeightsError    a model file is missing, damaged or not ours          exit code 3, HTTP 503
    └── SetupError      the machine lacks something: a package, disk, rights  exit code 4, HTTP 500

Programmers' mistakes stay `ValueError` and `TypeError`.
"""

from __future__ import annotations


class PhotochromError(Exception):
    """Base of every error with a message for the user: what failed, what was seen, what to do."""

    exit_code = 1
    http_status = 500


class InputError(PhotochromError):
    """The user's input cannot be used as it is, and the user can mend it."""

    exit_code = 2
    http_status = 422


class WeightsError(PhotochromError):
    """A model file is missing, damaged, or not one of ours."""

    exit_code = 3
    http_status = 503


class SetupError(PhotochromError):
    """The machine lacks something: an optional package, disk space, permission."""

    exit_code = 4
    http_status = 500


def missing_extra(job: str, package: str, extra: str) -> SetupError:
    """A `SetupError` that names the command which installs the missing optional package."""
    return SetupError(
        f"{job} needs the package {package}, which is not installed. "
        f"Install it with: pip install 'photochrom[{extra}]' "
        f"(in a copy of the repository: pip install '.[{extra}]')"
    )
