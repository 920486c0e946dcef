"""The site as files on a server: what is asked of it, and what it answers."""

import base64
import hashlib
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.places import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page


class _Answer(SimpleHTTPRequestHandler):
    """Static files with the headers that come with the site; `without` is left out of their policy."""

    def __init__(self, *given: Any, without: str = "", **named: Any) -> None:
        self.without = without
        super().__init__(*given, **named)

    def end_headers(self) -> None:
        lines = Path(self.directory, "_headers").read_text().splitlines()[1:]
        for name, _, value in (line.strip().partition(": ") for line in lines):
            self.send_header(name, value.replace(self.without, "") if self.without else value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the library
        """Nothing is printed for a request."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: browsers may break off a download."""


def npm_has_it() -> bool:
    """True where the registry answers, so that a failed download is a fault of ours and no outage."""
    found = re.search(r'^PYODIDE = "(.+)"$', (ROOT / "browser/carried.py").read_text(), re.MULTILINE)
    assert found
    asked = ["npm", "view", f"pyodide@{found[1]}", "version"]
    return found[1] in subprocess.run(asked, capture_output=True, text=True, check=False).stdout


@contextmanager
def hosted(folder: Path, without: str = "") -> Iterator[str]:
    """Give the address of a server of a folder, which runs until the block ends."""
    server = _Server(("127.0.0.1", 0), partial(_Answer, directory=str(folder), without=without))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def replace_by_newer(site: Path) -> None:
    """Put a newer version in place of a site: one whose page of the search has another heading."""
    page, worker = site / "docs/search.html", site / "sw.js"
    before = integrity(page)
    _replace(page, "<h1>Search", "<h1>Newer search")
    _replace(worker, before, integrity(page))
    _replace(worker, 'const VERSION = "', 'const VERSION = "newer-')


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.unlink()
    file.write_text(text.replace(old, new))


def integrity(file: Path) -> str:
    """The digest of a file as a browser checks it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode()}"


def drop(page: "Page", *files: Path) -> None:
    """Drop files on the middle of the page, as a hand does."""
    data = {"items": [], "files": [str(one) for one in files], "dragOperationsMask": 1}
    tools = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        tools.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})
    tools.detach()
