"""Every error of the API in one form: RFC 9457's `application/problem+json`, with words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as AnyHTTPException

from photochrom.errors import PhotochromError

MEDIA_TYPE = "application/problem+json"

#: What a status means here, for the documentation of each call.
MEANINGS = {
    400: "The request ended early, or its sender left.",
    401: "The API key is missing or is another one.",
    403: "Another website's page asked, and it is not among the allowed ones.",
    404: "There is no such thing here.",
    408: "The upload took too long.",
    413: "The upload has too many bytes, or the picture too many pixels.",
    415: "What was sent is no picture that can be read here.",
    422: "The picture is damaged, or an option is not allowed; `detail` says which and why.",
    429: "Too many pictures wait already. Try again after `Retry-After` seconds.",
    500: "The server lacks something.",
    503: "A model cannot be used, or colouring took too long.",
}


class Problem(BaseModel):
    """What went wrong: RFC 9457."""

    type: str = "about:blank"
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What failed, what was seen, what is allowed, what to do.")


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers with these statuses, as FastAPI declares them."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": schema}},
            **({"headers": _RETRY_AFTER} if status in (429, 503) else {}),
        }
        for status in statuses
    }


_RETRY_AFTER = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
}


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer that tells of an error."""
    content = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return JSONResponse(
        content.model_dump(), status, headers=dict(headers or {}), media_type=MEDIA_TYPE
    )


def in_words(errors: Iterable[Mapping[str, Any]]) -> str:
    """What pydantic found wrong with a request, in a sentence for each."""
    said = []
    for error in errors:
        if error["type"] == "none_required":  # the other half of "a number, or left out"
            continue
        [name, *_] = [part for part in error["loc"] if part not in ("query", "path", "body")]
        wrong = error["msg"][:1].lower() + error["msg"][1:]
        if error["type"] == "extra_forbidden":
            wrong = "there is no such option"
        said.append(f"{name}: {wrong}")
    return "; ".join(said)


def in_api_words(message: str, name: str) -> str:
    """A message of the library in the words of the API: the upload's name, its own options.

    >>> in_api_words("bytes ends early, or allow it (--allow-truncated)", "a.jpg")
    'a.jpg ends early, or allow it (allow_truncated)'
    """
    message = re.sub(r"^bytes\b", lambda _: name, message)
    return re.sub(r"--([a-z][a-z-]*)", lambda found: found[1].replace("-", "_"), message)


def add_problem_answers(app: FastAPI) -> None:
    """Let every error that reaches `app` be answered as a `Problem`."""

    @app.exception_handler(AnyHTTPException)
    async def of_http(_: Request, error: AnyHTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    async def of_validation(_: Request, error: RequestValidationError) -> JSONResponse:
        return problem(422, in_words(error.errors()))

    @app.exception_handler(PhotochromError)
    async def of_ours(_: Request, error: PhotochromError) -> JSONResponse:
        return problem(error.http_status, str(error))

    @app.exception_handler(Exception)
    async def of_anything(_: Request, __: Exception) -> JSONResponse:
        return problem(500, "something went wrong inside; the server's log says what")


def refused(status: int, detail: str, **headers: str) -> HTTPException:
    """An error to raise: `status`, words, and headers (`Retry_After=…`)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HTTPException(status, detail, headers=named)
