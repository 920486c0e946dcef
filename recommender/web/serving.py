"""The server: one process or several on one port, until Ctrl-C."""

import gc
import json
import os
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_REUSEADDR, SOL_SOCKET, TCP_NODELAY, socket
from typing import NamedTuple

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from .._errors import InputError, Problem, RecommenderError
from .._label import LABEL
from .._text import shortened
from ..recommender import Recommender
from .app import create_app
from .connections import Connection
from .safety import name_in

MAX_WORKERS = 4
"""By default; more can be asked for."""

_HANDED_ON = "RECOMMENDER_SERVING"
"""The variable of the environment by which the processes learn what to serve."""


class Serving(NamedTuple):
    """Where to listen, to which further names to answer, and which rules are laid over the shipped ones."""

    host: str = "127.0.0.1"
    port: int = 8765
    allow_host: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


def run_server(serving: Serving, tell: Callable[[str], None], *, workers: int | None = None) -> None:
    """Serve until stopped by SIGINT or SIGTERM; both are a usual end. `tell` takes lines for the user.

    Raises InputError where the address cannot be listened on; RuleBaseError.
    """
    workers = workers or min(os.cpu_count() or 1, MAX_WORKERS)
    Recommender(rules=serving.rules, engine="plain")  # what is wrong with the rules is told here, and once
    config = uvicorn.Config(
        f"{__name__}:application",
        factory=True,
        host=serving.host.strip("[]"),
        port=serving.port,
        workers=workers,
        ws="none",
        http=Connection,
        lifespan="off",
        # The address of a request may hold a query, and a query a profile: requests are not logged.
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    started = True
    with _bound(config, serving) as listening, suppress(KeyboardInterrupt, SystemExit):
        os.environ[_HANDED_ON] = json.dumps(serving)
        _tell_where(serving, listening.getsockname()[1], tell)
        if workers > 1:
            supervisor = Multiprocess(config, sockets=[listening])
            supervisor.run()
            started = not any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes)
        else:
            server = uvicorn.Server(config)
            try:
                server.run(sockets=[listening])
            finally:
                started = server.started or server.should_exit
    if not started:
        raise RecommenderError("The server could not start.")
    tell("Stopped.")


def application() -> FastAPI:
    """Return the application that this process serves, as its environment says.

    The engine is the plain one: durable-rules is C code that can end the process, and with it the answers
    to everybody else.
    """
    host, _, allow_host, rules = Serving(*json.loads(os.environ[_HANDED_ON]))
    app = create_app(Recommender(rules=rules, engine="plain"), hosts=(host, *allow_host))
    # What has been made by now stays: the collector need not look through it at every turn.
    gc.set_threshold(100_000, 50, 50)
    gc.collect()
    gc.freeze()
    return app


def _bound(config: uvicorn.Config, serving: Serving) -> socket:
    """The socket of the address. What connects from now on waits until the first process is ready."""
    listening = socket(AF_INET6 if ":" in config.host else AF_INET)
    try:
        listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        listening.bind((config.host, config.port))
        listening.set_inheritable(True)
        # asyncio does so only for sockets that it makes itself. Without, each answer on a kept connection
        # waits for the client's system to confirm its head.
        listening.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        listening.listen(config.backlog)
    except (OSError, TypeError, UnicodeError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or "it is no address"
        what = f"cannot listen on {shortened(serving.host)}, port {serving.port}: {reason}."
        raise InputError(
            [Problem("", what, "Is it served already? Give another `port=` or `host=`.")]
        ) from None
    return listening


def _tell_where(serving: Serving, port: int, tell: Callable[[str], None]) -> None:
    if not _is_loopback(serving.host):
        tell(
            "WARNING: other machines can reach this server. It asks for no password and does not encrypt: "
            "whoever reaches it can ask it, and whoever is between can read the profiles. "
            "It answers only to the names of `host=` and `allow_host=`."
        )
    tell(f"{LABEL}, not for treatment decisions.")
    tell(f"Answers at http://{name_in(serving.host)}:{port}/ (API: /openapi.json). Stop with Ctrl-C.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
