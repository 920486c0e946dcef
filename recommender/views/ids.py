"""Ids in public databases as links, and notices about papers in words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..knowledge.ids import DATABASES, address
from ..knowledge.phrasing import notice
from ..result.ids import IdsView
from ..result.recommendation import AddOnView, ReferenceView

_PAGE = re.compile(r"(.*)\. (https?://\S+) (\(looked up .*\)\.)")


class CitedPage(NamedTuple):
    """A citation without the address in it, and the address in two parts; empty where it has none."""

    text: str
    address: str = ""
    host: str = ""
    rest: str = ""


class IdLink(NamedTuple):
    """An id with the name of its database, and the address of its entry."""

    text: str
    address: str


def id_links(ids: IdsView) -> tuple[IdLink, ...]:
    """Return the ids of a substance, a gene or a disease as links."""
    written = ((name, getattr(ids, name)) for name in DATABASES)
    return tuple(
        IdLink(f"{DATABASES[name].name} {id_.partition(':')[2] or id_}", address(name, id_))
        for name, id_ in written
        if id_
    )


def add_on_links(add_on: AddOnView) -> Iterator[tuple[str, tuple[IdLink, ...]]]:
    """Yield the ids of an add-on as links; those of a combination with the name of each substance before."""
    if add_on.ids:
        yield "", id_links(add_on.ids)
    for one in add_on.substances or ():
        yield one.name, id_links(one.ids)


def page_of(found: ReferenceView) -> CitedPage:
    """Return a citation apart from the address of the page that it is about.

    >>> citation = "Atlas. 2021. https://a.org/b (looked up 2026-11-28)."
    >>> page_of(ReferenceView(number=None, citation=citation, title="T", year=2021, doi=None))
    CitedPage(text='Atlas. 2021 (looked up 2026-11-28).', address='https://a.org/b', host='a.org', rest='/b')
    """
    parts = _PAGE.fullmatch(found.citation)
    if parts is None:
        return CitedPage(found.citation)
    before, address, after = parts.groups()
    host, slash, rest = address.partition("://")[2].partition("/")
    return CitedPage(f"{before} {after}", address, host.removeprefix("www."), slash + rest)


def notice_of(found: ReferenceView) -> str:
    """Return the notice about a paper with the day of the look-up; empty where none was found."""
    state = found.literature_state
    return notice(state.state, state.checked) if state else ""


def literature_line(found: tuple[ReferenceView, ...]) -> str:
    """Return what was found when notices about papers were looked for; empty where nobody looked."""
    states = [one.literature_state for one in found if one.literature_state]
    if not states:
        return ""
    noticed = sum(one.state != "none-found" for one in states)
    days = sorted({one.checked for one in states})
    return (
        f"Retractions, expressions of concern and corrections: {noticed or 'none'} found for {len(states)} "
        f"papers ({' to '.join(dict.fromkeys((days[0], days[-1])))}). "
        "No notice does not mean that a paper is sound."
    )
