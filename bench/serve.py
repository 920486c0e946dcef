"""How `recommender serve` holds out against many clients at once: `make bench`.

Each client keeps a connection and asks again as soon as it has its answer (a closed loop), so the time is
the number of clients over the answers a second. The clients run in this process, the server in its own.
"""

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import sys
import time

from bounds import Section, table

from recommender import Profile
from recommender._data import shipped


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


def serve(clients: int = 200, seconds: float = 30, workers: int | None = None) -> Section:
    """Start a server, put it under load, and tell what came of it."""
    command = [sys.executable, "-m", "recommender", "serve", "--port", "0"]
    command += ["--workers", str(workers)] if workers else []
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            line = next(line for line in server.stderr if "http://" in line)
            port = int(re.findall(r":(\d+)/", line)[0])
            asyncio.run(load(port, cases(), 4, 3))
            failures, times = asyncio.run(load(port, cases(), clients, seconds))
        finally:
            server.terminate()
    shares = statistics.quantiles(times, n=100)
    values = {"serve-failures": float(failures), "serve-p99": shares[98]}
    text = table(
        ["Clients", "Seconds", "Requests a second", "Failed", "p50", "p99", "Longest"],
        [
            [
                f"{clients}",
                f"{seconds:g}",
                f"{len(times) / seconds:,.0f}",
                f"{failures}",
                f"{shares[49]:.3f} s",
                f"{shares[98]:.3f} s",
                f"{max(times):.3f} s",
            ]
        ],
    )
    return Section("Server", values, text)


def main() -> None:
    """Print what a load does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--workers", type=int, help="as the server chooses where it is not given")
    asked = parser.parse_args()
    print(serve(asked.clients, asked.seconds, asked.workers).text)


if __name__ == "__main__":
    main()
