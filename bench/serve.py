"""How `recommender serve` holds out against many clients at once: `make bench-serve`.

Each client keeps a connection and asks again as soon as it has its answer (a closed loop), so the time is
the number of clients over the answers a second. The clients run in this process, the server in its own.
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time

from recommender import Profile
from recommender._data import shipped

BOUND = 1.0
"""Seconds that 99 of 100 answers may take."""


async def client(port: int, requests: list[bytes], first: int, until: float, times: list[float]) -> int:
    """Ask the cases in turn, noting the seconds each took; return how often that failed."""
    failures = 0
    reader = writer = None
    turn = first
    while time.perf_counter() < until:
        start = time.perf_counter()
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert reader is not None
            writer.write(requests[turn % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            found = re.search(rb"content-length: (\d+)", head)
            body = await reader.readexactly(int(found[1])) if found else b""
            if not head.startswith(b"HTTP/1.1 200") or b"PRECLINICAL EVIDENCE" not in body:
                failures += 1
        except (OSError, asyncio.IncompleteReadError):
            failures += 1
            writer = None
        times.append(time.perf_counter() - start)
        turn += 1
    if writer is not None:
        writer.close()
    return failures


async def load(port: int, requests: list[bytes], clients: int, seconds: float) -> tuple[int, list[float]]:
    """Return the failures, and the seconds that each request took."""
    times: list[float] = []
    until = time.perf_counter() + seconds
    failures = await asyncio.gather(*(client(port, requests, n, until, times) for n in range(clients)))
    return sum(failures), times


def cases() -> list[bytes]:
    """The teaching cases as requests for the full answer."""
    found = []
    for file in sorted(shipped("profiles").glob("*.*")):
        body = json.dumps(Profile.read(file.read_bytes()).model_dump(mode="json", exclude_none=True)).encode()
        head = "POST /api/recommend HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        found.append(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return found


def main() -> None:
    """Start a server, put it under load, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--workers", type=int, help="as the server chooses where it is not given")
    asked = parser.parse_args()
    command = [sys.executable, "-m", "recommender", "serve", "--port", "0"]
    command += ["--workers", str(asked.workers)] if asked.workers else []
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {asked.clients} clients, {asked.seconds:g} s"
    )
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            line = next(line for line in server.stderr if "http://" in line)
            port = int(re.findall(r":(\d+)/", line)[0])
            asyncio.run(load(port, cases(), 4, 3))
            failures, times = asyncio.run(load(port, cases(), asked.clients, asked.seconds))
        finally:
            server.terminate()
    shares = statistics.quantiles(times, n=100)
    print(f"{len(times):,} requests, {len(times) / asked.seconds:.0f} a second, {failures} failed")
    print(f"p50 {shares[49]:.3f} s, p99 {shares[98]:.3f} s (bound: {BOUND:g} s), longest {max(times):.3f} s")


if __name__ == "__main__":
    main()
