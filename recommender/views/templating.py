"""Templates of the pages and of the map, and their files. Every value is escaped and made visible."""

import base64
import hashlib
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from .._label import DISCLAIMER, LABEL, PURPOSE
from .._text import capital, printable
from ..knowledge.phrasing import EFFECT, FERROPTOSIS, NOT_IN_PATIENTS, READ
from ..reports.other_evidence import BEARING, NOT_RANKED, OUTSIDE_REVIEW, papers_on, relations_of
from .ids import add_on_links, literature_line, notice_of, page_of
from .ranks import DISPUTED, HEADINGS, OTHER_TUMOUR, STATUS, about, rank_groups, rank_row

_PARTS = {
    "marker_match": "Marker match",
    "partner_match": "Partner match",
    "evidence": "Evidence",
    "actionability": "Actionability",
    "penalty": "Penalty",
}
_FACES = (
    ("IBM Plex Sans", 400, "ibm-plex-sans-latin-400-normal.woff2"),
    ("IBM Plex Sans", 600, "ibm-plex-sans-latin-600-normal.woff2"),
    ("IBM Plex Serif", 500, "ibm-plex-serif-latin-500-normal.woff2"),
)
"""Family, weight and file. Under the SIL Open Font License; the licence is in the same folder."""
_CONTEXT = {"resists": "Resistance", "sensitises": "Sensitivity", "prognostic": "Prognosis"}


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
    environment.filters["capital"] = capital
    environment.globals.update(
        label=LABEL,
        purpose=PURPOSE,
        disclaimer=DISCLAIMER,
        headings=HEADINGS,
        other_tumour=OTHER_TUMOUR,
        disputed_title=DISPUTED,
        about=about,
        rank_row=rank_row,
        rank_groups=rank_groups,
        effect_of=EFFECT,
        outside=OUTSIDE_REVIEW,
        not_ranked=NOT_RANKED,
        relations_of=relations_of,
        papers_on=papers_on,
        relations=BEARING,
        ferroptosis_of=FERROPTOSIS,
        status_of=STATUS,
        read_of=READ,
        not_in_patients=NOT_IN_PATIENTS,
        notice_of=notice_of,
        page_of=page_of,
        literature_line=literature_line,
        add_on_links=add_on_links,
        context_of=_CONTEXT,
        part_names=_PARTS,
    )
    return environment


def _shown(value: Any) -> Any:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def template(name: str) -> Template:
    """Return the template of that name."""
    return _environment().get_template(f"{name}.j2")


def alone(name: str, style: str = "", script: str = "", **values: Any) -> str:
    """Return a page that is one file, and may do nothing but what this style and this script do."""
    style = style or style_of("report")
    allowed = f"script-src '{_digest(script)}'; " if script else ""
    return template(name).render(
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=f"default-src 'none'; {allowed}style-src '{_digest(style)}'; img-src data:; font-src data:",
        **values,
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@lru_cache(maxsize=4)
def style_of(name: str) -> str:
    """Return the style sheet of a page with its letters in it."""
    return letters(_written_out) + asset(f"{name}.css")


def letters(place: Callable[[str], str], how: str = "") -> str:
    """Return the rules by which a page finds its letters; `place` gives the address of a file."""
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; {how}'
        f'src: url({place(file)}) format("woff2"); }}\n'
        for family, weight, file in _FACES
    )


def _written_out(font: str) -> str:
    return f"data:font/woff2;base64,{base64.b64encode(_static(f'fonts/{font}')).decode()}"


def _static(name: str) -> bytes:
    return (files(__package__) / "static" / name).read_bytes()


@lru_cache(maxsize=8)
def asset(name: str) -> str:
    """Return a style sheet or a script of the pages."""
    return _static(name).decode()
