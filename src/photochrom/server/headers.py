"""Headers that every answer carries, whatever it is."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = tuple[tuple[bytes, bytes], ...]

#: What a page of ours may do: run its own scripts and WebAssembly, nothing from anywhere else.
PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self' blob:",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self' blob: data:",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

#: What everything else may do when a browser shows it: nothing.
NOTHING_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

ON_EVERY_ANSWER: Headers = (
    # Threads in WebAssembly need both.
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
)
UNLESS_SAID: Headers = (
    (b"content-security-policy", NOTHING_POLICY.encode()),
    (b"cache-control", b"no-store"),
)


class SecurityHeaders:
    """Adds them around an app, its own error answers included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *ON_EVERY_ANSWER]
                said = {name.lower() for name, _ in headers}
                headers += [entry for entry in UNLESS_SAID if entry[0] not in said]
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_with)
