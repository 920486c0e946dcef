"""How long a connection may take to ask and to read, how many there may be, and what nonsense gets."""

import asyncio
import math
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .._errors import Problem
from .errors import error_answer

PATIENCE = 10.0
"""Seconds in which a request must have arrived whole, its body included."""

MIN_READ = 64 * 1024
"""Bytes of an answer that a client must take in as many seconds, or the rest of it where that is less."""

GRACE = 1.0
"""Seconds after which a connection that keeps us waiting makes room for a new one where all are taken."""

LAST_PATIENCE = 1.5
"""Seconds in which requests must have come and answers must be read once the server is to end."""

MAX_CONNECTIONS = 1000
"""At once in one process, and never more than half the files that the process may open."""


class Connection(H11Protocol):
    """A connection that is closed when it keeps us waiting, or when there are too many."""

    _deadline: asyncio.TimerHandle | None = None
    """When a request must be whole."""
    _unread: asyncio.TimerHandle | None = None
    """When more of an answer must have been taken."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, unless too many others are there already."""
        super().connection_made(transport)
        # So that `pause_writing` is called as soon as anything is left over, and `resume_writing` when
        # nothing is: no answer is begun before the one before it was taken.
        transport.set_write_buffer_limits(high=0)
        if len(self.connections) > most_connections() and not self._replaces_another():
            transport.abort()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        self._stop_watching()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to watch whether the client takes what it was sent."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """Go on, for all that was sent has been taken."""
        self._stop_watching()
        super().resume_writing()

    def shutdown(self) -> None:
        """Send what was asked, and wait for the client no longer than is left."""
        super().shutdown()
        self.loop.call_later(LAST_PATIENCE, self.transport.abort)

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
        headers = {
            **self.app.state.headers,
            "content-type": answer.headers["content-type"],
            "connection": "close",
        }
        head = [(name.encode(), value.encode()) for name, value in headers.items()]
        for event in (
            h11.Response(status_code=400, headers=head, reason=b"Bad Request"),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _is_asking(self) -> bool:
        """Return True where a request has begun, or is to begin, and is not whole."""
        cycle: Any = self.cycle
        return cycle is None or cycle.more_body or cycle.response_complete

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(PATIENCE, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _watch(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._unread = self.loop.call_later(PATIENCE, self._check_reading, left)

    def _check_reading(self, before: int) -> None:
        """Break off an answer that is not taken, or too slowly."""
        if before - self.transport.get_write_buffer_size() < MIN_READ:
            self.transport.abort()
        else:
            self._watch()

    def _stop_watching(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def idle_since(self) -> float:
        """Return since when we have waited for the client, in the time of the loop."""
        waits = [
            (self._deadline, PATIENCE),
            (self._unread, PATIENCE),
            (self.timeout_keep_alive_task, self.timeout_keep_alive),
        ]
        return min((timer.when() - length for timer, length in waits if timer), default=math.inf)

    def _replaces_another(self) -> bool:
        """Close the connection that has kept us waiting the longest, if any has for long enough."""
        others: list[Any] = [other for other in self.connections if other is not self]
        oldest = min(others, key=Connection.idle_since, default=None)
        if oldest is None or oldest.idle_since() > self.loop.time() - GRACE:
            return False
        self.connections.discard(oldest)
        oldest.transport.abort()
        return True


def most_connections() -> int:
    """Return how many connections a process may have at once."""
    return min(MAX_CONNECTIONS, _most_files() // 2)


def most_at_once() -> int:
    """Return how many connections a process may accept at a time.

    They are open before any of them is refused, and so are those of the turns before that are being closed:
    with too many there would be no file left to accept one with.
    """
    return min(MAX_CONNECTIONS, _most_files() // 8)


def _most_files() -> int:
    """Return how many files a process may have open; a large number where there is no limit."""
    try:
        import resource
    except ImportError:  # not on Windows
        return sys.maxsize
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if files < 0 else files
