"""The state of the installation: what runs, with which knowledge, and what is missing."""

import platform
from collections.abc import Sequence
from importlib import metadata
from itertools import chain
from pathlib import Path

from ._extras import PARTS, PartName, command, durable_command, missing
from ._label import DISCLAIMER, LABEL
from ._version import VERSION
from .engine import durable_loads
from .knowledge import cache
from .recommender import Recommender

TO_INSTALL = "to install "
"""How the name of an entry begins that holds a command."""

CORE = ("pydantic", "Jinja2", "rich", "typer", "PyYAML")


def examine(rules: Sequence[Path] = ()) -> dict[str, str]:
    """Return what was found, a name and a value each. Raises RuleBaseError."""
    recommender = Recommender(rules=rules)
    base = recommender.base
    found = {
        "label": LABEL,
        "disclaimer": DISCLAIMER,
        "recommender": VERSION,
        "python": f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}",
        "engine": f"{recommender.engine.name} {recommender.engine.version}",
        **_durable(),
        "rule base": f"{base.info.version}, {len(base.rules)} rules, {len(base.references)} references",
        "rule base sha256": base.sha256,
        "packs": ", ".join(f"{pack.name} {pack.sha256[:12]}" for pack in base.packs) or "none",
        "cache": str(cache.cache_folder()),
    }
    for name in CORE:
        found[name] = metadata.version(name)
    absent: dict[str, list[PartName]] = {}
    for name, part in PARTS.items():
        found[f"optional: {name} ({part.extra})"] = "absent" if missing(name) else "present"
        if missing(name):
            absent.setdefault(part.extra, []).append(name)
    for extra, names in absent.items():
        system = [PARTS[name].system for name in names if PARTS[name].system]
        found[f"{TO_INSTALL}{' and '.join(names)}"] = ", and ".join([command([extra]), *system])
    if absent:
        found[f"{TO_INSTALL}what is absent"] = command(absent)
    return {**found, "verdict": _verdict(recommender.engine.name, [*chain(*absent.values())])}


def _verdict(engine: str, absent: list[PartName]) -> str:
    """Return whether the program is ready, which engine answers, and what is missing."""
    answers = f"{engine} answers"
    if engine == "plain":
        answers = "the plain engine answers, because durable-rules does not load"
    parts = f"optional parts missing: {', '.join(absent)}" if absent else "all optional parts are present"
    return f"Ready: {answers}; {parts}."


def _durable() -> dict[str, str]:
    if durable_loads():
        return {"durable-rules": metadata.version("durable_rules")}
    return {
        "durable-rules": "does not load here; the plain engine gives the same answers",
        f"{TO_INSTALL}durable-rules": durable_command() or "it cannot be built on Windows",
    }
