"""Connections that stall, or ask for nothing: a server in this process, so that its patience is short."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
from support.servers import ASKED, served, unread

from recommender import LABEL, Recommender
from recommender.web import connections

pytestmark = pytest.mark.once


@contextmanager
def in_thread(monkeypatch: pytest.MonkeyPatch, **settings: float) -> Iterator[int]:
    """A server in this process, so that its patience can be made short."""
    for name, value in settings.items():
        monkeypatch.setattr(connections, name, value)
    with served(Recommender(engine="plain"), http=connections.Connection, log_level="error") as port:
        yield port


def rest_of(client: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    data = b""
    with suppress(ConnectionResetError):
        while piece := client.recv(65536):
            data += piece
    return data


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HTTP/1.1\r\nHost: loc", b"POST /api/recommend HTTP/1.1\r\nHost: localhost\r\n"]
)
def test_a_connection_that_does_not_ask_is_ended(monkeypatch: pytest.MonkeyPatch, begun: bytes) -> None:
    if b"POST" in begun:
        begun += b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    with (
        in_thread(monkeypatch, PATIENCE=0.2) as port,
        socket.create_connection(("127.0.0.1", port)) as client,
    ):
        client.settimeout(20)
        client.sendall(begun)
        assert rest_of(client) == b""
        kept = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False)
        with kept:  # one that asks is kept for its next request
            assert kept.get("/api/version").status_code == 200
            time.sleep(0.5)
            assert kept.get("/api/version").status_code == 200


def test_no_more_connections_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_thread(monkeypatch, MAX_CONNECTIONS=3) as port:
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        time.sleep(0.2)
        with socket.create_connection(("127.0.0.1", port)) as one_more:
            one_more.settimeout(20)
            assert rest_of(one_more) == b""
        for client in clients:
            client.close()
        time.sleep(0.2)
        assert httpx.get(f"http://127.0.0.1:{port}/api/version", trust_env=False).status_code == 200


def all_that_was_asked(port: int) -> int:
    """Bytes, without the heads."""
    return ASKED * len(httpx.get(f"http://127.0.0.1:{port}/api/references", trust_env=False).content)


def test_a_reader_that_stalls_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_thread(monkeypatch, PATIENCE=0.5) as port, unread(port) as client:
        time.sleep(2)
        assert len(rest_of(client)) < all_that_was_asked(port)


def test_a_reader_that_is_slow_gets_all(monkeypatch: pytest.MonkeyPatch) -> None:
    patience = 1.0
    with in_thread(monkeypatch, PATIENCE=patience, MIN_READ=10_000) as port:
        expected = all_that_was_asked(port)
        with unread(port) as client:
            taken = 0
            start = time.monotonic()
            while taken < expected:
                piece = client.recv(50_000)
                assert piece
                taken += len(piece)
                time.sleep(0.05)
        assert time.monotonic() - start > patience


def test_stalled_readers_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_thread(monkeypatch, MAX_CONNECTIONS=3, GRACE=0.3) as port:
        clients = [unread(port) for _ in range(3)]
        time.sleep(2)
        for _ in range(3):
            assert httpx.get(f"http://127.0.0.1:{port}/api/version", trust_env=False).status_code == 200
        for client in clients:
            client.close()


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET /?id=\xff HTTP/1.1\r\n\r\n"])
def test_what_is_no_request_is_refused_under_the_label(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    with in_thread(monkeypatch) as port, socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(20)
        client.sendall(sent)
        head, _, body = rest_of(client).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert b"x-evidence-label: PRECLINICAL EVIDENCE" in head
    assert b"content-security-policy" in head
    assert b"x-rule-base: " in head
    assert json.loads(body)["label"] == LABEL
