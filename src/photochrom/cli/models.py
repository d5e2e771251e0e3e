"""`photochrom models`: the models that come with the package."""

from __future__ import annotations

import dataclasses
import json

import typer

from photochrom.cli import options
from photochrom.models.catalog import ModelFacts, shipped


def models(*, as_json: options.Json = False) -> None:
    """List the shipped models: size, licence, SHA-256, what they were trained on, and scores."""
    for facts in shipped():
        typer.echo(json.dumps(dataclasses.asdict(facts)) if as_json else description(facts))


def description(facts: ModelFacts) -> str:
    """A model's facts in a few aligned lines."""
    scores = ", ".join(f"{name} {score}" for name, score in facts.scores.items())
    rows = {
        "size": f"{facts.bytes / 1e6:.1f} MB",
        "licence": facts.licence,
        "trained on": facts.trained_on,
        "recipe": facts.recipe,
        "scores": scores or "not measured",
        "sha256": facts.sha256,
    }
    lines = [f"{facts.name} {facts.version}"]
    return "\n".join(lines + [f"  {title:<11}{value}" for title, value in rows.items()])
