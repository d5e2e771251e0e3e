"""What scores depend on besides pictures, models and options: our code, packages under it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
PACKAGES = ("numpy", "pillow", "onnxruntime", "torch")
#: The code that makes predictions and scores.
CODE = (
    *("color", "evaluation/metrics", "generators", "media", "models", "perception"),
    *(f"evaluation/{name}.py" for name in ("baselines", "compare", "film", "folder", "hints")),
    *(f"evaluation/{name}.py" for name in ("measure", "measures", "models", "photos", "planes")),
    *(f"evaluation/{name}.py" for name in ("steadiness", "subject")),
    *("export.py", "training/data/decode.py", "training/data/picture.py", "training/networks.py"),
)


@cache
def code_sha256() -> str:
    """SHA-256 of the source files that predictions and scores come from."""
    digest = hashlib.sha256()
    for name in CODE:
        path = PACKAGE / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()


@cache
def versions() -> dict[str, str]:
    """The version of each of `PACKAGES`, "absent" where one is not installed."""
    return {name: _version(name) for name in PACKAGES}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
