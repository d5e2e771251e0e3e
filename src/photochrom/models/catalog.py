"""The models that come with the package, and what is known of each."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from photochrom.errors import WeightsError

WEIGHTS = Path(__file__).parent / "weights"  # NAME.onnx and NAME.json, written by `export`


@dataclass(frozen=True)
class ModelFacts:
    """What is known of a model file. `scores` maps a measure's name to its value in words."""

    name: str
    version: str
    bytes: int
    sha256: str
    licence: str
    trained_on: str
    recipe: str
    commit: str
    scores: dict[str, str]


@cache
def shipped() -> list[ModelFacts]:
    """The shipped models, by name. Raises `WeightsError` where an entry is damaged."""
    return [read_facts(path) for path in sorted(WEIGHTS.glob("*.json"))]


def read_facts(path: Path) -> ModelFacts:
    """The facts in a JSON file beside its model."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return ModelFacts(**{field.name: entries[field.name] for field in fields(ModelFacts)})
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(
            f"The catalogue entry {path} is damaged ({error}); install photochrom again."
        ) from error


def find_model(name: str) -> tuple[Path, ModelFacts]:
    """The file and the facts of a shipped model; an unknown name is a `WeightsError`."""
    known = {facts.name: facts for facts in shipped()}
    if name not in known:
        near = difflib.get_close_matches(name, known) or sorted(known)
        raise WeightsError(
            f"There is no model {name!r}. Shipped: {', '.join(near)}; or give the path of an "
            ".onnx file that `photochrom export` wrote."
        )
    return WEIGHTS / f"{name}.onnx", known[name]
