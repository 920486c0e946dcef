"""The page: a form that sets the case, and the answer. Its whole state is its address."""

import json
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, HTTPException, Request, Response

from .._data import shipped
from .._errors import InputError, Problem
from .._text import did_you_mean, shortened
from ..evaluation.facts import Facts, facts_and_problems
from ..knowledge.base import KnowledgeBase
from ..options import Options
from ..profile import Profile
from ..recommender import Recommender
from ..reports.case_report import Report, case_report
from ..result.model import Result
from ..states import axis_of
from ..views import pages
from ..views.templating import asset
from ..whatif import Effect, effect
from .address import Query, controls, others, profile_of_query, query_of, ranks_any_disease, therapy_choices

_STATIC = {
    "page.css": "text/css; charset=utf-8",
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
}
TITLE = "Ferroptosis add-ons for hepatocellular carcinoma"


class CaseChoice(NamedTuple):
    """A teaching case: the name of its file, its id and the query that stands for it."""

    name: str
    id: str
    query: str


class PageAnswer(NamedTuple):
    """The answer to a query: a report and what changed since another query, or problems."""

    report: Report | None
    change: Effect | None
    problems: tuple[Problem, ...]

    @property
    def status(self) -> int:
        """The status of the answer."""
        return 422 if self.problems else 200


def page_routes(recommender: Recommender) -> APIRouter:
    """Return the routes of the page."""
    base = recommender.base
    router = APIRouter(include_in_schema=False)
    known = controls(base)
    offered = therapy_choices(base)
    cases = {one.name: one for one in _cases(base)}
    by_id = {one.id: sorted(parse_qsl(one.query)) for one in cases.values()}

    def named(query: Query) -> Query:
        """The query with the name of a teaching case that was changed marked as such."""
        name = dict(query).get("id", "")
        given = sorted((key, value) for key, value in query if value)
        if name not in by_id or given == by_id[name]:
            return query
        return [(key, f"{value}, changed" if key == "id" else value) for key, value in query]

    def answered(query: Query, was: str | None = None) -> PageAnswer:
        try:
            options = Options(any_disease=ranks_any_disease(query))
            made = case_report(recommender, profile_of_query(named(query)), options)
        except InputError as error:
            return PageAnswer(None, None, tuple(error.problems))
        return PageAnswer(made, _change(recommender, was, made.result) if was is not None else None, ())

    @router.get("/")
    async def whole(request: Request) -> Response:
        query: Query = request.query_params.multi_items()
        chosen = request.query_params.get("case")
        if chosen in cases:
            return Response(status_code=303, headers={"location": f"/?{cases[chosen].query}"})
        if chosen:
            hint = did_you_mean(chosen, cases)
            problem = Problem("?case", f"there is no case '{shortened(chosen)}'.", hint)
            query, found = [], PageAnswer(None, None, (problem,))
        else:
            found = answered(query)
        state = _state(base, query)
        set_first = sorted(
            (*known, *others(base, known, state.facts)), key=lambda one: one.name not in state.findings
        )
        used = state.therapies | state.failed
        text = pages.console(
            found.report,
            problems=found.problems,
            title=TITLE,
            state=state,
            query=urlencode(query),
            cases=list(cases.values()),
            diseases=base.content.diseases,
            therapies=sorted(offered, key=lambda one: one.id not in used),
            controls=set_first,
        )
        return _html(text, found.status)

    @router.get("/answer")
    async def part(request: Request) -> Response:
        items = request.query_params.multi_items()
        query = [(name, value) for name, value in items if name != "was"]
        found = answered(query, request.query_params.get("was"))
        return _html(
            pages.answer_part(found.report, problems=found.problems, change=found.change), found.status
        )

    @router.get("/report.html")
    async def kept(request: Request) -> Response:
        found = answered(request.query_params.multi_items())
        if found.report is None:
            return _html(pages.answer_part(None, problems=found.problems), found.status)
        headers = {"content-disposition": 'attachment; filename="report.html"'}
        return Response(pages.report_page(found.report), media_type="text/html", headers=headers)

    @router.get("/profile.json")
    async def profile(request: Request) -> Response:
        value = json.loads(profile_of_query(named(request.query_params.multi_items())).canonical())
        headers = {"content-disposition": 'attachment; filename="profile.json"'}
        return Response(json.dumps(value, indent=2) + "\n", media_type="application/json", headers=headers)

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in _STATIC:
            raise HTTPException(404)
        return Response(asset(name), headers={"content-type": _STATIC[name], "cache-control": "no-cache"})

    return router


class PageState(NamedTuple):
    """The settings that the form shows. `extras` are parts of the query that it has no control for."""

    id: str
    note: str
    disease: str
    therapies: frozenset[str]
    failed: frozenset[str]
    findings: dict[str, str]
    extras: list[tuple[str, str]]
    facts: Facts


def _state(base: KnowledgeBase, query: Query) -> PageState:
    try:
        profile = profile_of_query(query)
    except InputError:
        profile = Profile()
    facts, _ = facts_and_problems(profile, base)
    return PageState(
        profile.id or "",
        profile.note or "",
        facts.disease.id if facts.disease else "",
        frozenset(one.therapy for one in facts.therapies),
        frozenset(one.therapy for one in facts.resistant_to),
        {f"{axis_of(one.state)}:{one.marker}": one.state for one in facts.findings},
        [(name, value) for name, value in query if _unknown(base, name, value)],
        facts,
    )


def _unknown(base: KnowledgeBase, name: str, value: str) -> bool:
    """Return True where a part of a query is not in the vocabulary: it is kept, so that it is not lost."""
    if name in ("therapy", "failed"):
        return bool(base.vocabulary.therapies_in(value)[1])
    if name == "disease":
        return base.vocabulary.disease(value) is None
    _, colon, marker = name.partition(":")
    return name == "any_disease" or bool(colon and value and base.vocabulary.marker(marker) is None)


def _cases(base: KnowledgeBase) -> Iterator[CaseChoice]:
    for file in sorted(shipped("profiles").glob("*.*")):
        profile = Profile.read(file.read_bytes(), source=file.name)
        facts, _ = facts_and_problems(profile, base)
        yield CaseChoice(file.stem, profile.id or file.stem, query_of(profile, facts))


def _change(recommender: Recommender, was: str, now: Result) -> Effect | None:
    """Return the changes since the answer to another query; None where that could not be answered."""
    query = parse_qsl(was)
    try:
        before = recommender.recommend(profile_of_query(query), any_disease=ranks_any_disease(query))
    except InputError:
        return None
    return effect(before, now)


def _html(text: str, status: int) -> Response:
    return Response(text.encode("utf-8", "backslashreplace"), status, media_type="text/html")
