"""The pages by their addresses: a form that sets the case, and the answer. The whole state is the address."""

import json
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from .._errors import InputError, Problem
from .._text import did_you_mean, shortened
from ..options import Options
from ..recommender import Recommender
from ..reports.case_report import Report, case_report
from ..result.model import Result
from ..views import pages
from ..whatif import Effect, effect
from .address import Query, controls, others, profile_of_query, ranks_any_disease, therapy_choices
from .form import case_choices, form_state
from .quiz import QuizPage
from .replies import Reply, attachment, moved

TITLE = "Ferroptosis add-ons for hepatocellular carcinoma"


class PageAnswer(NamedTuple):
    """The answer to a query: a report and what changed since another query, or problems."""

    report: Report | None
    change: Effect | None
    problems: tuple[Problem, ...]

    @property
    def status(self) -> int:
        """The status of the answer."""
        return 422 if self.problems else 200


class LocalPage:
    """The pages about any case, for one rule base.

    `paths` has for each address what answers it: a function of the query.
    """

    def __init__(self, recommender: Recommender) -> None:
        base = recommender.base
        self._recommender = recommender
        self._base = base
        self._controls = controls(base)
        self._therapies = therapy_choices(base)
        self._cases = {one.name: one for one in case_choices(base)}
        self._by_id = {one.id: sorted(parse_qsl(one.query)) for one in self._cases.values()}
        self.paths: dict[str, Callable[[Query], Reply]] = {
            "/": self._whole,
            "/answer": self._part,
            "/report.html": self._kept,
            "/profile.json": self._profile,
            "/quiz": QuizPage(recommender, self._cases).answer,
        }

    def _whole(self, query: Query) -> Reply:
        chosen = dict(query).get("case")
        if chosen in self._cases:
            return moved(f"/?{self._cases[chosen].query}")
        if chosen:
            hint = did_you_mean(chosen, self._cases)
            problem = Problem("?case", f"there is no case '{shortened(chosen)}'.", hint)
            query, found = [], PageAnswer(None, None, (problem,))
        else:
            found = self._answer(query)
        state = form_state(self._base, query)
        set_first = sorted(
            (*self._controls, *others(self._base, self._controls, state.facts)),
            key=lambda one: one.name not in state.findings,
        )
        used = state.therapies | state.failed
        text = pages.console(
            found.report,
            problems=found.problems,
            title=TITLE,
            state=state,
            query=urlencode(query),
            cases=list(self._cases.values()),
            diseases=self._base.content.diseases,
            therapies=sorted(self._therapies, key=lambda one: one.id not in used),
            controls=set_first,
        )
        return Reply(text, found.status)

    def _part(self, query: Query) -> Reply:
        found = self._answer([one for one in query if one[0] != "was"], dict(query).get("was"))
        text = pages.answer_part(found.report, problems=found.problems, change=found.change)
        return Reply(text, found.status)

    def _kept(self, query: Query) -> Reply:
        found = self._answer(query)
        if found.report is None:
            return Reply(pages.answer_part(None, problems=found.problems), found.status)
        return attachment(pages.report_page(found.report), "report.html")

    def _profile(self, query: Query) -> Reply:
        value = json.loads(profile_of_query(self._named(query)).canonical())
        return attachment(json.dumps(value, indent=2) + "\n", "profile.json", "application/json")

    def _named(self, query: Query) -> Query:
        """The query with the name of a teaching case that was changed marked as such."""
        name = dict(query).get("id", "")
        given = sorted((key, value) for key, value in query if value)
        if name not in self._by_id or given == self._by_id[name]:
            return query
        return [(key, f"{value}, changed" if key == "id" else value) for key, value in query]

    def _answer(self, query: Query, was: str | None = None) -> PageAnswer:
        try:
            options = Options(any_disease=ranks_any_disease(query))
            made = case_report(self._recommender, profile_of_query(self._named(query)), options)
        except InputError as error:
            return PageAnswer(None, None, tuple(error.problems))
        return PageAnswer(made, self._change(was, made.result) if was is not None else None, ())

    def _change(self, was: str, now: Result) -> Effect | None:
        """The changes since the answer to another query; None where that could not be answered."""
        query = parse_qsl(was)
        try:
            before = self._recommender.recommend(
                profile_of_query(query), any_disease=ranks_any_disease(query)
            )
        except InputError:
            return None
        return effect(before, now)
