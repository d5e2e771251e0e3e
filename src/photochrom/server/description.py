"""What FastAPI cannot say of the API by itself: errors' form, the models here, the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from photochrom.server.problems import Problem

KEY_SCHEME = "key"


def described(document: dict[str, Any], *, models: list[str], has_key: bool) -> dict[str, Any]:
    """The OpenAPI `document` completed, in place: the names of `models` are all that are taken."""
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
    if models:
        for schema in _schemas_of_names(document):
            schema["enum"] = models
    if has_key:
        components["securitySchemes"] = {KEY_SCHEME: {"type": "http", "scheme": "bearer"}}
        for call in _calls(document):
            if "requestBody" in call:
                call["security"] = [{KEY_SCHEME: []}]
    return document


def _calls(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for calls in document["paths"].values():
        yield from calls.values()


def _schemas_of_names(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every schema of a model's name, in queries, paths and forms."""
    for call in _calls(document):
        for option in call.get("parameters", ()):
            if option["name"] == "model" or (option["name"], option["in"]) == ("name", "path"):
                yield option["schema"]
        for content in call.get("requestBody", {}).get("content", {}).values():
            properties = content["schema"].get("properties", {})
            if "model" in properties:
                yield properties["model"]
