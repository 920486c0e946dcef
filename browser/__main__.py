"""`python -m browser FOLDER` writes the site into a folder; what was downloaded is kept in build/site."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from recommender import Recommender
from recommender._version import VERSION
from recommender.knowledge.cache import ENDING
from recommender.page.reading import MAX_FILE
from recommender.views.templating import asset, letters

from . import carried
from .documents import documents
from .prerendered import POLICY, plain_pages

HERE = Path(__file__).resolve().parent
FONTS = carried.ROOT / "recommender/views/static/fonts"
KEPT = carried.ROOT / "build/site"
LOADED = (
    "pyodide/pyodide.mjs",
    "pyodide/pyodide.asm.mjs",
    "pyodide/pyodide.asm.wasm",
    "pyodide/pyodide-lock.json",
    "pyodide/python_stdlib.zip",
    "program.zip",
)
"""What the worker loads before the first answer."""
SCRIPTS = ("shell.js", "static/local.js")


def main(folder: Path) -> None:
    """Write the site."""
    try:
        files = carried.downloaded(KEPT)
        node = carried.tool("node")
    except carried.MissingTool as error:
        raise SystemExit(str(error)) from None
    with tempfile.TemporaryDirectory(prefix="site-", dir=KEPT) as made:
        site = Path(made) / "site"
        carried.interpreter(files["interpreter"], site / "pyodide")
        recommender, entry = _checked(Path(made) / "cache")
        carried.staged(files["core"], entry, Path(made) / "stage.zip")
        given = [site / "pyodide", Path(made) / "stage.zip", site / "program.zip"]
        subprocess.run([node, str(HERE / "bundle.mjs"), *map(str, given)], check=True)
        _write(site, recommender)
        if folder.exists():
            shutil.rmtree(folder)
        shutil.move(site, folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size / 1e6:.1f} MB. To try it: python -m http.server --directory {folder}")


def _checked(folder: Path) -> tuple[Recommender, Path]:
    """Return the program with the shipped rules, and the file in which the checked rules were kept."""
    os.environ["XDG_CACHE_HOME"] = str(folder)
    os.environ.pop("RECOMMENDER_RULES", None)
    recommender = Recommender(engine="plain")
    (entry,) = folder.rglob(f"*{ENDING}")
    return recommender, entry


def _write(site: Path, recommender: Recommender) -> None:
    texts = {
        "static/report.css": letters("fonts/{}".format, "font-display: swap; ") + asset("report.css"),
        "static/local.css": asset("local.css"),
        "static/quiz.css": asset("quiz.css"),
        "static/local.js": asset("local.js"),
        "static/site.css": (HERE / "static/site.css").read_text(),
        "docs/search.js": (HERE / "static/search.js").read_text(),
        **_headers(),
        **documents(recommender),
    }
    shutil.copytree(FONTS, site / "static/fonts")
    no_pictures = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(carried.ROOT / "docs/pictures", site / "docs/pictures", ignore=no_pictures)
    put(site, texts)
    loaded = {
        name: {"size": (site / name).stat().st_size, "integrity": _integrity(site / name)} for name in LOADED
    }
    put(site, {"worker.js": _filled("worker.js", files=loaded)})
    put(site, {"shell.js": _filled("shell.js", worker=_digest(site / "worker.js"), most=str(MAX_FILE))})
    put(site, plain_pages(recommender, {name: _integrity(site / name) for name in SCRIPTS}))
    kept = {
        path.relative_to(site).as_posix(): _integrity(path)
        for path in sorted(site.rglob("*"))
        if path.is_file() and not path.name.startswith((".", "_")) and path.suffix != ".conf"
    }
    version = f"{VERSION}-{hashlib.sha256(json.dumps(kept).encode()).hexdigest()[:12]}"
    put(site, {"sw.js": _filled("sw.js", version=version, files=kept)})


def put(site: Path, texts: Mapping[str, str]) -> None:
    """Write texts into the files of these names."""
    for name, text in texts.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8", newline="\n")


def _filled(name: str, **values: object) -> str:
    text = (HERE / "static" / name).read_text()
    for key, value in values.items():
        written = value if isinstance(value, str) else json.dumps(value)
        text = text.replace(f"{{/* {key} */}}", written).replace(f"/* {key} */", written)
    return text


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _integrity(file: Path) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode()


def _headers() -> dict[str, str]:
    """Return the headers of the site as files for common servers; the worker is bound by them too."""
    policy = f"{POLICY}; frame-ancestors 'none'"
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    return {
        "_headers": "/*\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items()),
        "headers-nginx.conf": "".join(
            f'add_header {name} "{value}" always;\n' for name, value in headers.items()
        ),
        ".htaccess": "AddType application/wasm .wasm\nAddType text/javascript .mjs\n"
        + "".join(f'Header always set {name} "{value}"\n' for name, value in headers.items()),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
