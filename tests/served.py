"""A server in a thread of this process, on a free port of loopback."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from recommender import Recommender
from recommender.web.app import create_app


@contextmanager
def served(recommender: Recommender, **settings: Any) -> Iterator[int]:
    """Give the port of a server that runs until the block ends; `settings` are those of uvicorn."""
    config = uvicorn.Config(
        create_app(recommender), port=0, lifespan="off", **{"log_level": "warning", **settings}
    )
    listening = config.bind_socket()
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
