"""The teaching cases and tours as the page lists them."""

from collections.abc import Iterator
from typing import NamedTuple

from .._data import shipped
from ..evaluation.facts import facts_and_problems
from ..intake.cases import cases
from ..recommender import Recommender
from ..reports.cards import finding_chips
from ..reports.screenful import ShortTexts
from ..reports.tour_files import open_case, tour_names
from .address import query_of

MAX_IN_TITLE = 2
"""Findings in the title of a case."""


class CaseQuery(NamedTuple):
    """A teaching case: the name of its file, its id and the query that stands for it."""

    name: str
    id: str
    query: str


class CaseEntry(NamedTuple):
    """A teaching case in a list: what was found under which therapy, and what it teaches."""

    name: str
    title: str
    teaches: str


class TourEntry(NamedTuple):
    """A tour in a list: its name, its title and story, and the name of its case."""

    name: str
    title: str
    story: str
    case: str


def case_queries(recommender: Recommender) -> Iterator[CaseQuery]:
    """Yield the teaching cases by name, each with the query that stands for it."""
    for case in cases():
        facts, _ = facts_and_problems(case.profile, recommender.base)
        yield CaseQuery(case.name, case.profile.id or case.name, query_of(case.profile, facts))


def case_entries(recommender: Recommender) -> Iterator[CaseEntry]:
    """Yield the teaching cases for a list: those with a tour first, and of these those with most add-ons."""
    toured = {one.case for one in tour_entries()}
    found = [(case, recommender.recommend(case.profile, brief=True)) for case in cases()]
    found.sort(key=lambda one: (one[0].name not in toured, -len(one[1].recommendations)))
    for case, result in found:
        words = ShortTexts(result, recommender.base)
        chips = finding_chips(result, words)
        chief = words.implied()[:1] if result.recommendations else ()
        said = [*chief, *(chip.text for chip in chips)][:MAX_IN_TITLE] or ["nothing measured"]
        given = " + ".join(one.name for one in result.therapies) or "no therapy"
        failed = "".join(f", after {one.name}" for one in result.resistant_to)
        outside = " (outside the scope)" if words.outside else ""
        title = f"{', '.join(said)}: {given}{failed}{outside}"
        yield CaseEntry(case.name, title[:1].upper() + title[1:], case.teaches)


def tour_entries() -> Iterator[TourEntry]:
    """Yield the tours that come with the program."""
    names = {path.name: path.stem for path in shipped("profiles").glob("*.*")}
    for name in tour_names():
        tour = open_case(name).tour
        yield TourEntry(name, tour.title, tour.story, names[tour.profile])
