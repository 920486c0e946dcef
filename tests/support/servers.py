"""A server on a free port of loopback: in a thread of this process, or in a process of its own."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx
import uvicorn

from recommender import Recommender
from recommender.web.app import create_app
from recommender.web.serving import Serving, _bound

ASKED = 60
"""Requests of a reader, whose answers fill the buffers of the system."""


@contextmanager
def served(recommender: Recommender, **settings: Any) -> Iterator[int]:
    """Give the port of a server that runs until the block ends; `settings` are those of uvicorn."""
    usual = {"lifespan": "off", "proxy_headers": False, "log_level": "warning"}
    config = uvicorn.Config(create_app(recommender), port=0, **{**usual, **settings})
    listening = _bound(config, Serving(port=0))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


class Server(NamedTuple):
    process: subprocess.Popen[str]
    said: str
    port: int

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        address = f"http://127.0.0.1:{self.port}{path}"
        # Reading the certificates of all authorities would take longer than an answer.
        return httpx.request(method, address, timeout=60, trust_env=False, verify=False, **more)


@contextmanager
def serving(*options: str) -> Iterator[Server]:
    """A server on a free port. What connects before it is ready waits."""
    command = [sys.executable, "-m", "recommender", "serve", "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert process.stderr is not None
            said = ""
            while "http://" not in said:
                line = process.stderr.readline()
                assert line, said
                said += line
            yield Server(process, said, int(re.findall(r":(\d+)/", said)[0]))
        finally:
            if process.poll() is None:
                process.terminate()


def unread(port: int) -> socket.socket:
    """A connection that asks for more than fits into the buffers of the system, and reads nothing."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    client.settimeout(20)
    client.connect(("127.0.0.1", port))
    try:
        client.sendall(b"GET /api/references HTTP/1.1\r\nHost: localhost\r\n\r\n" * ASKED)
    except ConnectionError:  # it was dropped already
        client.close()
        raise
    return client


def half_sent(port: int) -> socket.socket:
    """A connection that has sent half of a request."""
    client = socket.create_connection(("127.0.0.1", port))
    head = b"POST /api/recommend HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    client.sendall(head + b"Content-Length: 100\r\n\r\n{")
    return client
