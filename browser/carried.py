"""What the site carries with the program: the interpreter, and the packages that the page needs."""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from recommender.knowledge.packs import FOR_COMPARISON

ROOT = Path(__file__).resolve().parent.parent
PYODIDE = "314.0.7"
SHA256 = {
    f"pyodide-{PYODIDE}.tgz": "66b7949e5a0cba2250b586d7e368bf12fb482800748d182c4618254b685ffaa0",
    "pydantic_core-2.50.4-cp314-cp314-pyemscripten_2026_0_wasm32.whl": (
        "e6da138a1ecc1341c8b788a5ee822670b03788e1f5decf7af9d461de6e508b8e"
    ),
}
"""Digests of what is downloaded: the version of pydantic-core is that of requirements-dev.lock."""
INTERPRETER = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
PACKAGES = (
    "annotated-types",
    "Jinja2",
    "MarkupSafe",
    "platformdirs",
    "pydantic",
    "PyYAML",
    "typing-extensions",
    "typing-inspection",
)
"""Distributions that the page needs; of those with C parts, the Python parts run alone."""
_UNUSED = ("pydantic/v1/", "pydantic/mypy.py", "pydantic/_hypothesis_plugin.py", "_yaml/")
_ROOMS = ("assistants", "cli", "cohort", "exporting", "web")
"""Rooms of the program that a browser has no use for."""


UNREACHABLE = 69
"""The exit code where a download fails; that of sysexits for a service that is not there."""


class MissingTool(Exception):
    """A tool that the site is built with is not there."""


def tool(name: str) -> str:
    """Return the path of npm or node. Raises MissingTool."""
    found = shutil.which(name)
    if found is None:
        raise MissingTool(
            f"{name} was not found: the site needs Node.js with npm, which brings the interpreter."
        )
    return found


def downloaded(folder: Path) -> dict[str, Path]:
    """Return the interpreter and pydantic-core as files in `folder`, where those that fit are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    core = f"pydantic_core=={distribution('pydantic_core').version}"
    asked = (
        [tool("npm"), "pack", "--silent", f"pyodide@{PYODIDE}"],
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"),
            *("--platform", "pyemscripten_2026_0_wasm32", "--python-version", "3.14", core),
        ],
    )
    for (name, sha256), command in zip(SHA256.items(), asked, strict=True):
        file = folder / name
        if not (file.is_file() and _digest(file) == sha256):
            done = subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL)
            if done.returncode:
                print(f"{name} could not be downloaded: {' '.join(command[1:])}", file=sys.stderr)
                raise SystemExit(UNREACHABLE)
        if not file.is_file() or _digest(file) != sha256:
            raise SystemExit(f"{name} is missing or not the file that browser/carried.py names.")
    return dict(zip(("interpreter", "core"), (folder / name for name in SHA256), strict=True))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def interpreter(archive: Path, folder: Path) -> None:
    """Unpack the files of the interpreter that the page loads."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as opened:
        for name in INTERPRETER:
            member = opened.extractfile(f"package/{name}")
            assert member is not None, name
            (folder / name).write_bytes(member.read())


def staged(core: Path, entry: Path, out: Path) -> None:
    """Write one archive of the program, its rules and cases, and the packages that it needs.

    `entry` are the rules as they were checked, so that no YAML is read in the browser.
    """
    files: dict[str, bytes] = {
        "engine.py": (ROOT / "browser/engine.py").read_bytes(),
        "compiled/ferroptosis-recommender/entry": entry.read_bytes(),
    }
    for name in PACKAGES:
        for listed in distribution(name).files or ():
            inside = listed.as_posix()
            keep = listed.suffix == ".py" and not inside.startswith(("..", *_UNUSED))
            if keep or inside.endswith(".dist-info/METADATA"):
                content = Path(str(listed.locate())).read_bytes()
                files[inside] = content if keep else content.partition(b"\n\n")[0]  # without the description
    for path in sorted((ROOT / "recommender").rglob("*")):
        inside = path.relative_to(ROOT).as_posix()
        if path.is_file() and "__pycache__" not in inside and inside.split("/")[1] not in _ROOMS:
            files[inside] = path.read_bytes()
    for folder in ("rules", "profiles"):
        for path in sorted((ROOT / folder).rglob("*")):
            # A pack for comparison would be read from YAML, which takes seconds; the plain pages show it.
            if path.is_file() and FOR_COMPARISON.isdisjoint(path.parts):
                files[f"recommender/_shipped/{path.relative_to(ROOT).as_posix()}"] = path.read_bytes()
    with zipfile.ZipFile(core) as wheel:
        for name in wheel.namelist():
            if not name.endswith((".pyi", "RECORD", "WHEEL", "/")) and "sbom" not in name:
                files[name] = wheel.read(name)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(name, content)
