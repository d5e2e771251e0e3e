"""The API's description as a page to read: no script, and nothing from anywhere else."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; border-top: 1px solid #8886; padding-top: 1.5rem; font-size: 1.2rem; }
code, pre { font: 0.9rem/1.5 ui-monospace, monospace; }
pre { background: #8882; padding: 0.75rem; overflow-x: auto; border-radius: 4px; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; }
tr + tr { border-top: 1px solid #8883; }
th { font-weight: 600; white-space: nowrap; }
.method { font-weight: 700; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"

Document = Mapping[str, Any]


def reading_route(app: FastAPI) -> APIRouter:
    """The route of `/docs`."""
    routes = APIRouter()

    @routes.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()), headers={"Content-Security-Policy": POLICY})

    return routes


def page(document: Document) -> str:
    """The page that an OpenAPI document makes."""
    about = document["info"]
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(about["title"])} API'
        '</title><meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style><main><h1>{escape(about['title'])} API {about['version']}</h1>",
        f"<p>{escape(about['description'])}</p>",
        '<p>For programs: <a href="openapi.json">openapi.json</a>.</p>',
        *(
            _call(path, method, call)
            for path, calls in document["paths"].items()
            for method, call in calls.items()
            if method != "head"
        ),
    ]
    return "\n".join(parts) + "</main></html>"


def _call(path: str, method: str, call: Document) -> str:
    title = f'<span class="method">{method.upper()}</span> <code>{escape(path)}</code>'
    return "\n".join(
        (
            f'<h2 id="{call["operationId"]}">{title} {escape(call["summary"])}</h2>',
            f"<p>{_marked(call.get('description', ''))}</p>",
            _example(path, call) if method == "post" else "",
            _table("Options", _options(call)),
            _table("Answers", _answers(call)),
        )
    )


def _example(path: str, call: Document) -> str:
    colours = call["operationId"] == "colorize"
    options = " -F strength=0.9" if colours else ""
    line = f"curl -F file=@photo.jpg{options} http://127.0.0.1:8000{path} -O -J"
    return f"<pre>{escape(line)}</pre>"


def _options(call: Document) -> Iterator[tuple[str, str]]:
    for option in call.get("parameters", ()):
        schema = option["schema"]
        default = f" Default: {json.dumps(schema['default'])}." if "default" in schema else ""
        yield option["name"], f"{_kind(schema)} {option.get('description', '')}{default}"


def _kind(schema: Document) -> str:
    """What a value may be: `0 … 2`, `a | b`, or a type."""
    if "enum" in schema:
        return " | ".join(f"`{choice}`" for choice in schema["enum"]) + "."
    if "minimum" in schema and "maximum" in schema:
        return f"{schema['minimum']:g} … {schema['maximum']:g}."
    return f"{schema.get('type', 'text')}.".capitalize()


def _answers(call: Document) -> Iterator[tuple[str, str]]:
    for status, answer in call["responses"].items():
        types = " ".join(f"`{name}`" for name in answer.get("content", ()))
        yield status, f"{answer['description']} {types}"
        for name, header in answer.get("headers", {}).items():
            yield f"{status} {name}", header.get("description", "")


def _table(title: str, rows: Iterator[tuple[str, str]]) -> str:
    cells = [f"<tr><th><code>{escape(name)}</code><td>{_marked(text)}</tr>" for name, text in rows]
    return f"<h3>{title}</h3><table>{''.join(cells)}</table>" if cells else ""


def _marked(text: str) -> str:
    """Text with its `code` marked and its paragraphs kept."""
    pieces = escape(text).split("`")
    coded = [f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces)]
    return "".join(coded).replace("\n\n", "</p><p>")
