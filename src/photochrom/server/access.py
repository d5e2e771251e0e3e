"""Who may have pictures coloured: the key, and which websites' pages."""

from __future__ import annotations

import hmac
from collections.abc import Collection

from fastapi import Request
from pydantic import SecretStr

from photochrom.server.problems import refused

OWN_PAGES = ("same-origin", "none")  # of Sec-Fetch-Site; "none" is the user's own doing


def require_key(request: Request, key: SecretStr | None) -> None:
    """Refuse with 401 a request without the key, where there is one."""
    if key is None:
        return
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    wanted = key.get_secret_value().encode()
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), wanted):
        raise refused(
            401,
            "this server wants its API key: send the header Authorization: Bearer KEY",
            WWW_Authenticate="Bearer",
        )


def refuse_other_websites(request: Request, allowed: Collection[str]) -> None:
    """Refuse with 403 a request that another website's page makes a visitor's browser send.

    A browser sends such a form without asking first, and only keeps the answer from the page; so
    any page could have this server work. Programs send neither header and pass.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if origin in allowed or site in OWN_PAGES:
        return
    if site is None and (origin is None or _host_of(origin) == request.headers.get("host")):
        return
    raise refused(
        403,
        f"a page of {origin or 'another website'} may not use this server; whoever runs it can "
        "allow that with PHOTOCHROM_CORS_ORIGINS",
    )


def _host_of(origin: str) -> str:
    return origin.partition("://")[2]
