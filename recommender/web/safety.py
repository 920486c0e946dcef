"""What guards every answer: the names that the server answers to, the size of a body, headers, label."""

import logging
from collections.abc import Iterable

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .._errors import Problem
from .._text import shortened
from .errors import RefusedError, error_answer

MAX_BODY = 1024 * 1024
"""Bytes that a request may send."""

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "x-evidence-label": "PRECLINICAL EVIDENCE; not for treatment decisions",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""On every answer. An answer may allow to be kept with a Cache-Control of its own."""

_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_NOT_KEPT = (b"cache-control", b"no-store")


class Guard:
    """Stands around the application, so that no answer, however it comes about, goes without its headers."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = {name_in(host) for host in (*LOOPBACK, *hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                given = [(name.lower(), value) for name, value in message.get("headers", ())]
                cached = any(name == b"cache-control" for name, _ in given)
                message["headers"] = [*given, *_HEADERS, *([] if cached else [_NOT_KEPT])]
            await send(message)

        try:
            self._check_host(scope)
            await self._app(scope, _limited(scope, receive), send_guarded)
        except RefusedError as error:
            refusal = error_answer(error.status, error.code, error.problems)
            await refusal(scope, receive, send_guarded)
        except ClientDisconnect:
            pass  # nobody waits for the answer
        except Exception:
            logging.getLogger("recommender").exception("A request could not be answered.")
            if started:
                raise
            what = "This failed, and that is no fault of the request."
            failure = error_answer(500, "Failure", [Problem("", what, "The server tells why on its stderr.")])
            await failure(scope, receive, send_guarded)

    def _check_host(self, scope: Scope) -> None:
        """Refuse names that are not ours: a page elsewhere may have its name resolve to this machine."""
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1:
            raise RefusedError(400, "RequestError", [Problem("Host", "one header Host is expected.")])
        host = given[0].decode("latin-1")
        if name_in(host) not in self._hosts:
            what = f"this server does not answer to the name '{shortened(host)}'."
            hint = "Start it with the option allow-host and this name."
            raise RefusedError(421, "RequestError", [Problem("Host", what, hint)])


def name_in(host: str) -> str:
    """Return the name in a header Host, without the port.

    >>> name_in("[::1]:8765"), name_in("LOCALHOST:80"), name_in("::1")
    ('[::1]', 'localhost', '[::1]')
    """
    if host.count(":") > 1 and not host.startswith("["):
        return f"[{host.lower()}]"
    name, colon, port = host.rpartition(":")
    return (name if colon and (port.isdecimal() or not port) else host).lower()


def _limited(scope: Scope, receive: Receive) -> Receive:
    """Receive no more than a body may have, whatever its length is said to be."""
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    size = 0

    async def receive_limited() -> Message:
        nonlocal size
        if said.isdigit() and int(said[:20]) > MAX_BODY:
            raise _too_large()
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise _too_large()
        return message

    return receive_limited


def _too_large() -> RefusedError:
    what = f"the body is too large; the limit is {MAX_BODY // 1024 // 1024} MiB."
    return RefusedError(413, "RequestError", [Problem("", what)])
