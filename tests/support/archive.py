"""Results of a release kept for ever: what is kept, how it is made, and how it is answered again.

Run as a program it keeps the results of the present version (`make archive`), or answers profiles with a
rule base, in a process of its own, for tests/system/test_reproducible.py.
"""

import io
import json
import locale
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from recommender import Profile, Recommender
from recommender._data import shipped
from recommender._version import VERSION
from recommender.schemas import file_name
from support.places import DATA, ROOT

ARCHIVE = DATA / "archive"
DOCS = ROOT / "docs"
KEPT: dict[str, dict[str, Any]] = {
    "nrf2-active-sorafenib.json": {},
    "uri-high-p53-mutated-sorafenib.json": {},
    "mdsc-high-nivolumab.json": {},
    "tace-pd-l1-positive.json": {"brief": True},
    "dhodh-high-oxaliplatin.json": {"top": 2},
    "resection.json": {},
    "tcga-dd-aacq-01-sorafenib.json": {"brief": True, "top": 3},
}
"""Teaching cases of every class of therapy, and how they were asked."""

FORMATS = ("profile", "result")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def unpacked(release: Path, folder: Path) -> Path:
    """Return the rule base of a release, as a folder inside `folder`."""
    with zipfile.ZipFile(release / "rules.zip") as packed:
        packed.extractall(folder)
    return folder / "rules"


def answered(recommender: Recommender, profile: Profile, options: dict[str, Any]) -> str:
    """Return the result as the command writes it, engine stamp and all."""
    result = recommender.recommend(
        profile, brief=bool(options.get("brief")), any_disease=bool(options.get("any_disease"))
    )
    return (result.first(options["top"]) if options.get("top") else result).to_json() + "\n"


def without_engine(text: str) -> str:
    """Return a result in JSON with the block that names the engine left out, all other bytes as they are."""
    before, mark, rest = text.partition('\n  "engine": {')
    assert mark
    return before + rest.partition("\n  },")[2]


def packed(folder: Path) -> bytes:
    """Return a folder of rules as a ZIP: the same bytes for the same files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*.yaml")):
            info = zipfile.ZipInfo(f"rules/{path.relative_to(folder).as_posix()}", _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())
    return data.getvalue()


def keep() -> None:
    """Write the archive of the present version anew."""
    release = ARCHIVE / VERSION
    if release.exists():
        shutil.rmtree(release)
    for name in ("profiles", "results", "schemas"):
        (release / name).mkdir(parents=True)
    (release / "rules.zip").write_bytes(packed(shipped("rules")))
    for which in FORMATS:
        shutil.copyfile(DOCS / "schemas" / file_name(which), release / "schemas" / file_name(which))
    with tempfile.TemporaryDirectory() as folder:
        recommender = Recommender(base=unpacked(release, Path(folder)), engine="plain", use_cache=False)
        for name, options in KEPT.items():
            shutil.copyfile(shipped("profiles") / name, release / "profiles" / name)
            profile = Profile.read((shipped("profiles") / name).read_bytes())
            (release / "results" / name).write_bytes(answered(recommender, profile, options).encode())


def answer(base: str, engine: Any, results: Iterable[str]) -> None:
    """Write the answers to the profiles of archived results, one after the other."""
    try:
        locale.setlocale(locale.LC_ALL, "")
    except locale.Error:
        print("this locale is not installed", file=sys.stderr)
    recommender = Recommender(base=base, engine=engine, use_cache=False)
    for result in map(Path, results):
        profile = Profile.read((result.parent.parent / "profiles" / result.name).read_bytes())
        options = json.loads(result.read_bytes())["options"]
        sys.stdout.buffer.write(answered(recommender, profile, options).encode())


if __name__ == "__main__":
    if sys.argv[1:2] == ["answer"]:
        answer(sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        keep()
