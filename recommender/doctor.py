"""The state of the installation: what runs, with which knowledge, and what is missing."""

import platform
from collections.abc import Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from ._label import DISCLAIMER, LABEL
from ._version import VERSION
from .engine import durable_loads
from .knowledge import cache
from .recommender import Recommender

CORE = ("pydantic", "rich", "typer", "PyYAML")
OPTIONAL = {
    "BibTeX (refs)": ("bibtexparser",),
    "RIS (refs)": ("rispy",),
    "cohorts (cohort)": ("duckdb",),
    "cohorts on Spark (spark)": ("pyspark",),
    "pictures (report)": ("matplotlib",),
    "PDF (report)": ("weasyprint",),
    "PNG of the map (report)": ("resvg_py",),
    "page and API (web)": ("fastapi", "uvicorn"),
    "engine comparison (bench)": ("zen",),
}
"""What needs which packages."""


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
        "durable-rules": (
            metadata.version("durable_rules")
            if durable_loads()
            else "does not load here; the plain engine answers, with the same result"
        ),
        "rule base": f"{base.info.version}, {len(base.rules)} rules, {len(base.references)} references",
        "rule base sha256": base.sha256,
        "packs": ", ".join(f"{pack.name} {pack.sha256[:12]}" for pack in base.packs) or "none",
        "cache": str(cache.folder()),
    }
    for name in CORE:
        found[name] = metadata.version(name)
    for purpose, packages in OPTIONAL.items():
        found[f"optional: {purpose}"] = "present" if all(map(find_spec, packages)) else "absent"
    return found
