"""Guards of every answer: names of the server, requests of other pages, sizes of bodies, headers, label."""

import logging
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .._errors import Problem
from .._text import shortened
from ..knowledge.base import KnowledgeBase
from ..page.reading import MAX_FILE
from .errors import RefusedError, error_answer

MAX_BODY = 1024 * 1024
"""Bytes that a request may send, but for a file that the page reads."""

MAX_BODIES = 64 * 1024 * 1024
"""Bytes of all bodies that one process holds at once, of half-sent requests too."""

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
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

PAGE, READ = "/", "/read"
"""Where a link of another page may lead, and where a file is sent that the page reads."""

_NOT_KEPT = (b"cache-control", b"no-store")


class Guard:
    """Stands around the application, so that no answer, however it comes about, goes without its headers."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], headers: Mapping[str, str]) -> None:
        self._app = app
        self._hosts = {name_in(host) for host in (*LOOPBACK, *hosts)}
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._held = 0
        """Bytes of the bodies of all requests that are being answered or are still arriving."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        headless = scope["method"] == "HEAD"
        if headless:  # the same headers as for GET, and no body
            scope = {**scope, "method": "GET"}

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                given = [(name.lower(), value) for name, value in message.get("headers", ())]
                cached = any(name == b"cache-control" for name, _ in given)
                message["headers"] = [*given, *self._headers, *([] if cached else [_NOT_KEPT])]
            elif headless:
                message = {**message, "body": b""}
            await send(message)

        body = _Body(scope, receive, self._hold, MAX_FILE if scope["path"] == READ else MAX_BODY)

        try:
            self._check_host(scope)
            _check_origin(scope)
            await self._app(scope, body.receive, send_guarded)
        except RefusedError as error:
            await error.answer()(scope, receive, send_guarded)
        except ClientDisconnect:
            pass  # nobody waits for the answer
        except Exception:
            logging.getLogger("recommender").exception("A request could not be answered.")
            if started:
                raise
            what = "This failed, and that is no fault of the request."
            failure = error_answer(500, "Failure", [Problem("", what, "The server tells why on its stderr.")])
            await failure(scope, receive, send_guarded)
        finally:
            self._held -= body.size

    def _hold(self, size: int) -> None:
        """Count bytes of a body. Raises RefusedError where there are too many of all bodies."""
        self._held += size
        if self._held > MAX_BODIES:
            problem = Problem("", "too much is being sent at the moment.", "Send it again in a few seconds.")
            raise RefusedError(503, "RequestError", [problem], headers={"retry-after": "10"})

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


def headers_of(base: KnowledgeBase) -> dict[str, str]:
    """Return the headers of every answer, which say by which rules and packs it was made."""
    rules = [f"{base.info.version} sha256:{base.sha256}"]
    packs = [f"{quote(pack.name)} sha256:{pack.sha256}" for pack in base.packs]
    return {**HEADERS, "x-rule-base": ", ".join(rules + packs)}


def _check_origin(scope: Scope) -> None:
    """Refuse what a browser sends for another site, but for a link to the page that somebody follows."""
    headers = dict(scope["headers"])
    if headers.get(b"sec-fetch-site") != b"cross-site":
        return
    followed = (headers.get(b"sec-fetch-mode"), headers.get(b"sec-fetch-dest")) == (b"navigate", b"document")
    if not (followed and scope["method"] == "GET" and scope["path"] == PAGE):
        what = "a page of another site asked for this; it can only link to the page of the server."
        raise RefusedError(403, "RequestError", [Problem("Sec-Fetch-Site", what)])


class _Body:
    """The body of a request: no more than one may have, whatever its length is said to be."""

    def __init__(self, scope: Scope, receive: Receive, hold: Callable[[int], None], limit: int) -> None:
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        self._said = int(said[:20]) if said.isdigit() else 0
        self._receive = receive
        self._hold = hold
        self._limit = limit
        self.size = 0
        """Bytes that have come."""

    async def receive(self) -> Message:
        """Return what has come. Raises RefusedError where it is too much."""
        if self._said > self._limit:
            raise _too_large(self._limit)
        message = await self._receive()
        came = len(message.get("body", b""))
        self.size += came
        self._hold(came)
        if self.size > self._limit:
            raise _too_large(self._limit)
        return message


def _too_large(limit: int) -> RefusedError:
    what = f"the body is too large; the limit is {limit // 1024 // 1024} MiB."
    return RefusedError(413, "RequestError", [Problem("", what)])
