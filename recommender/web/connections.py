"""How long a connection may take to ask, how many there may be, what is said to one that makes no sense."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .._errors import Problem
from .errors import error_answer
from .safety import HEADERS

PATIENCE = 10.0
"""Seconds in which a request must have arrived whole, its body included."""

MAX_CONNECTIONS = 1000
"""At once in one process, and never more than half the files that the process may open."""


class Connection(H11Protocol):
    """A connection that is closed when it keeps us waiting, or when there are too many."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, unless too many others are there already."""
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            transport.abort()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come; go on waiting until a request is whole."""
        super().data_received(data)
        if self._is_asking():
            self._wait()
        else:
            self._stop_waiting()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - ours says it under the label
        """Say, under the label, that this was no request."""
        answer = error_answer(400, "RequestError", [Problem("", "this is no HTTP request that can be read.")])
        headers = {**HEADERS, "content-type": answer.headers["content-type"], "connection": "close"}
        head = [(name.encode(), value.encode()) for name, value in headers.items()]
        for event in (
            h11.Response(status_code=400, headers=head, reason=b"Bad Request"),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _is_asking(self) -> bool:
        """Whether a request has begun, or is to begin, and is not whole."""
        cycle: Any = self.cycle
        return cycle is None or cycle.more_body or cycle.response_complete

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(PATIENCE, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def most_connections() -> int:
    """Return how many connections a process may have at once."""
    try:
        import resource
    except ImportError:  # not on Windows
        return MAX_CONNECTIONS
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if files < 0 else min(MAX_CONNECTIONS, files // 2)
