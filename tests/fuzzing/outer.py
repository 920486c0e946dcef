"""The entrances from outside: arguments of the command line, and requests to the page and the API."""

import asyncio
import io
import json
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, quote_from_bytes

from support.generators import MARKERS, THERAPIES
from support.places import ROOT

from recommender import LABEL, Recommender
from recommender.cli import run
from recommender.web.app import create_app
from recommender.web.safety import HEADERS

from . import laws, material
from .entrances import Entrance, recommender

_FORMATS = ("table", "json", "ndjson", "markdown", "html", "csv", "svg", "mermaid", "x")
_LABELLED = ("recommend", "explain", "whatif", "next-tests", "map", "tour", "audit", "refs", "report")
_COMMANDS: dict[str, tuple[str, ...]] = {
    "recommend": (
        "FILE",
        "--format",
        "--top",
        "--brief",
        "--strict",
        "--any-disease",
        "--engine",
        "-o",
        "--width",
    ),
    "explain": ("FILE", "ID", "--format", "--width"),
    "whatif": ("FILE", "--set", "--unset", "--therapy", "--format", "--any-disease"),
    "next-tests": ("FILE", "--format", "--top", "--any-disease"),
    "map": ("FILE", "--format"),
    "report": ("FILE", "-o", "--format"),
    "replay": ("FILE", "FILE", "--format"),
    "tour": ("FILE", "--list", "--no-pause", "--format", "--width"),
    "profile validate": ("FILE", "FILE", "--format", "--strict"),
    "profile new": ("--id", "--disease", "--therapy", "--mutation", "--marker", "--note", "-o"),
    "profile import": (
        "FILE",
        "--from",
        "--therapy",
        "--sample",
        "--z-high",
        "--z-low",
        "--panel",
        "--format",
    ),
    "rules list": ("--format", "--kind", "--therapy", "--width"),
    "rules show": ("ID", "--format"),
    "audit": ("--ref", "--format", "--width"),
    "refs": ("--format", "--for"),
    "schema": ("WORD",),
    "cohort summary": ("FILE", "--by"),
}


class Arguments(Entrance):
    """Arguments of the command line, over good and hostile files. No server is started."""

    name = "cli"

    def __init__(self, folder: Path) -> None:
        """Lay out the files."""
        super().__init__(folder)
        for number, data in enumerate(material.WHOLE):
            suffix = (".json", ".yaml", ".ndjson", ".csv", ".maf")[number % 5]
            (folder / f"hostile{number}{suffix}").write_bytes(data)
        for pattern in ("profiles/*.*", "docs/examples/*.*"):
            for file in ROOT.glob(pattern):
                if file.is_file():
                    (folder / file.name).write_bytes(file.read_bytes())
        self.files = sorted(file.name for file in folder.iterdir())

    def make(self, source: Random) -> Any:
        """Return arguments and what stands on stdin."""
        command = source.choice(list(_COMMANDS))
        words = command.split()
        for name in _COMMANDS[command]:
            if name in ("FILE", "ID", "WORD"):
                words.append(self._word(source, name))
            elif source.random() < 0.3:
                words.append(name)
                if name not in ("--brief", "--strict", "--any-disease", "--list", "--no-pause"):
                    words.append(self._word(source, name))
        if not source.randrange(8):
            words.insert(source.randrange(len(words) + 1), self._word(source, "any"))
        if not source.randrange(30):
            words.append("--help")
        # Arguments of a process hold no NUL, and bytes that are no UTF-8 arrive as surrogate escapes.
        return [word.replace("\0", "") for word in words], material.as_json(source, material.profile(source))

    def _word(self, source: Random, name: str) -> str:
        if not source.randrange(12):
            return (
                material.text(source).encode("utf-8", "replace").decode()
                if source.randrange(5)
                else "\udcff\udc80"
            )
        match name:
            case "FILE" | "--panel" | "--for":
                return source.choice((*self.files, "-", ".", "nowhere.json"))
            case "ID":
                return source.choice(("orlistat", "orlistat-with-sorafenib", "orlistat-against-fasn", "x"))
            case "--format":
                return source.choice(_FORMATS)
            case "--top" | "--ref" | "--width" | "--z-high" | "--z-low":
                return source.choice(("1", "2", "80", "0", "-1", "1e3", "nan", "inf", "9" * 30, "²"))
            case "--set" | "--marker":
                return f"{source.choice(MARKERS)}={source.choice(material.STATES)}"
            case "--unset" | "--by" | "--mutation":
                return source.choice(MARKERS)
            case "--therapy":
                return source.choice("+- ").strip() + source.choice(THERAPIES)
            case "--engine":
                return source.choice(("plain", "durable", "x"))
            case "--from" | "WORD" | "--kind":
                return source.choice(("maf", "table", "phenopacket", "profile", "result", "rule", "strategy"))
            case "-o":
                return source.choice(("out/made.json", "out/made.html", "nowhere/made.json", "out"))
            case _:
                return source.choice(("--", "-", "HCC", "profile", "--verbose", "--rules", "--width=x"))

    def attempt(self, given: Any) -> None:
        """Run the command in this process, and look at its exit code and at what it says."""
        words, stdin = given
        with _inside(self.folder, stdin) as (out, err):
            code = run(words)
        laws.holds(code in (0, 2, 3, 4), f"the exit code is {code}", (words, err.getvalue()[-300:]))
        for text in (out.getvalue(), err.getvalue()):
            # Usage errors are worded by the library for command lines, which shows arguments as they are.
            laws.plain(text) if not text.startswith("Usage:") else laws.no_controls(text)
            laws.holds("Traceback (most recent" not in text, "a traceback is shown", text[-300:])
        if code:
            laws.holds(bool(err.getvalue().strip() or out.getvalue().strip()), "a failure is silent", words)
            problem = "refused"
            raise Refused(problem)
        if words[0] in _LABELLED and out.getvalue().strip() and "--help" not in words and "-h" not in words:
            laws.holds(LABEL in " ".join(out.getvalue().split()), "the label is missing", words)

    def outcome(self, given: Any) -> bool:
        """Return whether the exit code was 0."""
        try:
            self.attempt(given)
        except Refused:
            return False
        return True


class Refused(Exception):
    """The program said no, as it should."""


def _shared(*, rules: Sequence[Any] = (), engine: str | None = None, **more: Any) -> Recommender:
    """The recommender of this process, where no other rules are asked for: loading it takes long."""
    return (
        recommender()
        if not rules and not more.get("base")
        else Recommender(rules=rules, engine="plain", **more)
    )


@contextmanager
def _inside(folder: Path, stdin: bytes) -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """Stand in a folder, with streams of our own, and with one recommender for all commands."""
    import os

    before = Path.cwd()
    out = folder / "out"
    out.mkdir(exist_ok=True)
    streams = [
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace", write_through=True)
        for _ in range(2)
    ]
    given = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    texts = io.StringIO(), io.StringIO()
    os.chdir(folder)
    try:
        with (
            patch.object(sys, "stdin", given),
            patch.object(sys, "stdout", streams[0]),
            patch.object(sys, "stderr", streams[1]),
            patch("recommender.recommender.Recommender", _shared),
            patch("recommender.knowledge.loading.load_rules", lambda packs=(): _shared(rules=packs).base),
        ):
            yield texts
    finally:
        os.chdir(before)
        for stream, text in zip(streams, texts, strict=True):
            text.write(stream.buffer.getvalue().decode("utf-8"))


class Web(Entrance):
    """Requests to the page and the API."""

    name = "http"
    routes = ("recommend", "explain", "whatif", "next-tests", "rules", "references", "audit", "version")

    def __init__(self, folder: Path) -> None:
        """Make the application and a loop to run it."""
        super().__init__(folder)
        self.app = create_app(recommender())
        self.loop = asyncio.new_event_loop()

    def close(self) -> None:
        """Close the loop."""
        self.loop.close()

    def make(self, source: Random) -> Any:
        """Return method, path, query, headers and body of a request."""
        page = not source.randrange(20)
        query = self._query(source, page)
        headers = {b"host": b"localhost", b"content-type": b"application/json"}
        for name in (b"host", b"content-type", b"content-length", b"origin", b"x-a"):
            if not source.randrange(20):
                headers[name] = material.text(source)[:200].encode("utf-8", "replace")
        if page:
            path = source.choice(
                ("/", "/answer", "/answer", "/profile.json", "/report.html", "/static/local.css")
            )
            return "GET", path, query, headers, b""
        route = source.choice(self.routes)
        path, method, body = f"/api/{route}", "POST", b""
        if route in self.routes[4:]:
            method = "GET"
            if not source.randrange(2):
                path = f"/api/{source.choice(('rules', 'schema', 'x'))}/{material.text(source)[:300]}"
        else:
            profile = material.profile(source, hostile=source.choice((0.02, 0.2)))
            made: Any = profile
            if route != "recommend":
                made = {"profile": profile}
                if route == "explain":
                    made["id"] = source.choice(("orlistat", "x", material.text(source)))
                if route == "whatif":
                    made |= {
                        "set": [f"{source.choice(MARKERS)}={source.choice(material.STATES)}"],
                        "unset": [material.text(source)],
                        "therapy": [f"+{material.text(source)}"],
                    }
                    for part in ("set", "unset", "therapy"):
                        if source.randrange(2):
                            del made[part]
                if not source.randrange(4):
                    made[source.choice(("top", "any_disease", "set", "x"))] = material.value(source)
            body = material.as_json(source, made)
            if not source.randrange(5):
                body = material.damaged(source, source.choice((body, *material.WHOLE)), [body])
        if not source.randrange(20):
            method = source.choice(("GET", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "x"))
        return method, path, query, headers, body

    def _query(self, source: Random, page: bool) -> bytes:
        parts = []
        for _ in range(source.choice((0, 0, 1, 3))):
            name = source.choice(("top", "brief", "strict", "any_disease", "kind", "therapy", "ref", "x"))
            value = source.choice(
                ("1", "true", "-1", "9" * 50, "strategy", "sorafenib", material.text(source)[:300])
            )
            parts.append((name, value))
        if page:
            parts += [
                source.choice(
                    (
                        ("therapy", source.choice(THERAPIES)),
                        ("level:FASN", "high"),
                        (f"level:{source.choice(MARKERS)}", source.choice(material.STATES)),
                        ("id", material.text(source)[:300]),
                        ("note", material.text(source)[:300]),
                        ("disease", material.text(source)[:300]),
                        (material.text(source)[:300], material.text(source)[:300]),
                        ("case", material.text(source)[:300]),
                        ("was", f"therapy=sorafenib&{material.text(source)[:300]}"),
                    )
                )
                for _ in range(source.randrange(6))
            ]
        made = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in parts).encode("ascii")
        return material.damaged(source, made, []) if not source.randrange(20) else made

    def attempt(self, given: Any) -> None:
        """Send it, and look at the answer."""
        method, path, query, headers, body = given
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode("utf-8", "replace"),
            "query_string": query,
            "root_path": "",
            "headers": list(headers.items()),
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8765),
        }
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        self.loop.run_until_complete(self.app(scope, receive, send))
        status = sent[0]["status"]
        text = b"".join(one.get("body", b"") for one in sent[1:])
        got = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
        laws.holds(
            status in (200, 303, 400, 404, 405, 413, 415, 421, 422), f"the status is {status}", text[:300]
        )
        laws.holds(all(got.get(name) == value for name, value in HEADERS.items()), "a header is missing", got)
        laws.holds(not any("\r" in one or "\n" in one for one in got.values()), "a header is split", got)
        if method != "HEAD" and text:
            self._body(text.decode("utf-8"), got.get("content-type", ""), path)
        if status >= 400:
            problem = "refused"
            raise Refused(problem)

    @staticmethod
    def _body(text: str, kind: str, path: str) -> None:
        if kind.startswith("text/html"):
            laws.html(text) if path != "/answer" else laws.html(f"{text} {LABEL} not for treatment decisions")
        elif kind == "application/json" and path == "/profile.json":
            json.loads(text)
        elif kind == "application/json":
            value = json.loads(text)
            laws.plain(text)
            if not path.startswith("/api/schema/"):
                laws.holds(value.get("label") == LABEL, "the label is missing", text)

    def outcome(self, given: Any) -> bool:
        """Return whether the request was answered and not refused."""
        try:
            self.attempt(given)
        except Refused:
            return False
        return True


def _quoted(text: str) -> str:
    with suppress(UnicodeEncodeError):
        return quote(text)
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))
