"""Templates of the pages and of the map, and their files. Every value is escaped and made visible."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from .._label import DISCLAIMER, LABEL
from .._text import printable
from ..knowledge.phrasing import EFFECT, FERROPTOSIS
from .ranks import HEADINGS, OTHER_TUMOUR, about, rank_groups, rank_row

_PARTS = {
    "marker_match": "Markers",
    "partner_match": "Partner",
    "evidence": "Evidence",
    "actionability": "Actionable",
    "penalty": "Penalty",
}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("recommender.views"),
        cache_size=-1,  # a dict of all: other sizes have a lock, which a forked process may inherit locked
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        label=LABEL,
        disclaimer=DISCLAIMER,
        headings=HEADINGS,
        other_tumour=OTHER_TUMOUR,
        about=about,
        rank_row=rank_row,
        rank_groups=rank_groups,
        effect_of=EFFECT,
        ferroptosis_of=FERROPTOSIS,
        part_names=_PARTS,
    )
    return environment


def _shown(value: Any) -> Any:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def template(name: str) -> Template:
    """Return the template of that name."""
    return _environment().get_template(f"{name}.j2")


@lru_cache(maxsize=8)
def asset(name: str) -> str:
    """Return a style sheet or a script of the pages."""
    return (files(__package__) / "static" / name).read_text(encoding="utf-8")
