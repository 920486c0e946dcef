"""The pages by their addresses: a welcome, a case with its answer, tours, files. The state is the address.

Nothing here knows a server: an address and its query go in, HTML comes out.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from .._errors import InputError, Problem
from .._text import counted, did_you_mean, shortened
from .._values import cached_property
from ..evaluation.facts import facts_and_problems
from ..importing import Imported
from ..importing.accounts import REASONS
from ..options import Options
from ..profile import Profile
from ..recommender import Recommender
from ..reports.cards import selecting
from ..reports.case_report import Report, case_report
from ..reports.comparison import Comparison, RankChange, comparison
from ..reports.tour_files import open_case
from ..reports.tour_steps import walk
from ..result.model import Result
from ..states import axis_of
from ..views import pages
from .address import Query, controls, others, profile_of_query, query_of, ranks_any_disease, therapy_choices
from .form import form_state
from .history import History, change_in_words, history_of, is_from_form
from .quiz import QuizPage
from .reading import MAX_LISTED, left_out, name_of_tumour, read_brought
from .replies import Reply, attachment, moved
from .teaching import CaseEntry, case_entries, case_queries, tour_entries

TITLE = "Ferroptosis add-ons for hepatocellular carcinoma"
PRESENT = "present"
"""The part of an address by which a page is shown large, for a room."""
Links = tuple[tuple[str, str], ...]
NAVIGATION: Links = (("Cases", "/"), ("Tours", "/tours"), ("Quiz", "/quiz"))
"""The pages that each page links to."""
FILES = (
    ("Report", "/report.html"),
    ("Handout", "/handout.html"),
    ("Slides", "/slides.html"),
    ("Profile as JSON", "/profile.json"),
    ("Result as JSON", "/result.json"),
)
"""What can be kept of a case."""


class PageAnswer(NamedTuple):
    """The answer to a query: a report, or problems."""

    report: Report | None
    problems: tuple[Problem, ...]

    @property
    def status(self) -> int:
        """The status of the answer."""
        return 422 if self.problems else 200


class Brought(NamedTuple):
    """A tumour of a file: its name, what was found, and the query of its page, or the problems with it."""

    name: str
    findings: tuple[str, ...]
    query: str
    problems: tuple[Problem, ...]


class LocalPage:
    """The pages about any case, for one rule base.

    `paths` has for each address what answers it: a function of the query. `navigation` are the pages that
    each page links to.
    """

    def __init__(self, recommender: Recommender, *, navigation: Links = NAVIGATION) -> None:
        base = recommender.base
        self._recommender = recommender
        self._navigation = navigation
        self._base = base
        self._controls = controls(base)
        self._therapies = therapy_choices(base)
        self._cases = {one.name: one for one in case_queries(recommender)}
        self._by_id = {one.id: sorted(history_of(parse_qsl(one.query)).query) for one in self._cases.values()}
        self._tours = {one.name: one for one in tour_entries()}
        self.paths: dict[str, Callable[[Query], Reply]] = {
            "/": self._whole,
            "/answer": self._part,
            "/tours": self._all_tours,
            "/tour": self._tour,
            "/report.html": self._file(pages.report_page, "report.html"),
            "/handout.html": self._file(pages.handout_page, "handout.html"),
            "/slides.html": self._file(pages.slides_page, "slides.html"),
            "/profile.json": self._profile,
            "/result.json": self._json,
            "/quiz": QuizPage(recommender, self._cases).answer,
        }

    def refusal(self, title: str, problems: tuple[Problem, ...], status: int) -> Reply:
        """Return a page in place of one that cannot be shown, with a way back."""
        return self._page("error", status=status, title=title, problems=problems, ways=self._navigation)

    def read(self, data: bytes, name: str, text: str, therapy: str) -> Reply:
        """Return the answer to a file, or to a pasted text where there is no file."""
        try:
            found = read_brought(data or text.encode(), name if data else "", self._base, therapy)
        except InputError as error:
            return self._welcome(tuple(error.problems), text, therapy)
        tumours = tuple(
            self._brought(profile, number) for number, profile in enumerate(found.profiles[:MAX_LISTED], 1)
        )
        alone = len(tumours) == 1 and not (found.notices or found.problems or left_out(found))
        if alone and tumours[0].problems:
            return self._welcome(tumours[0].problems, text, therapy)
        if alone:
            return moved(f"/?{tumours[0].query}")
        return self._what_was_read(name or "pasted text", tumours, found)

    def _what_was_read(self, name: str, tumours: tuple[Brought, ...], found: Imported) -> Reply:
        return self._page(
            "read",
            title=f"Read: {shortened(name)}",
            tumours=tumours,
            more=max(len(found.profiles) - MAX_LISTED, 0),
            problems=found.problems,
            left_out=[
                (counted(count, "row"), REASONS.get(why, why)) for why, count in left_out(found).items()
            ],
            notices=[
                one._replace(message=re.sub(r"`(\w+)=`", r"the option \1", one.message))
                for one in found.notices
            ],
        )

    def _brought(self, profile: Profile, number: int) -> Brought:
        name = name_of_tumour(profile, number)
        try:
            facts, problems = facts_and_problems(profile, self._base)
        except InputError as error:
            return Brought(name, (), "", tuple(error.problems))
        said = tuple(f"{one.marker} {one.state.replace('-', ' ')}" for one in facts.findings)
        return Brought(name, said, query_of(profile, facts), tuple(problems))

    def _whole(self, query: Query) -> Reply:
        chosen = dict(query).get("case")
        if chosen in self._cases:
            return moved(f"/?{self._cases[chosen].query}")
        if chosen:
            hint = did_you_mean(chosen, self._cases)
            return self._welcome((Problem("?case", f"there is no case '{shortened(chosen)}'.", hint),))
        presenting, query = _presented(query)
        history = history_of(query)
        if is_from_form(query):
            return moved(f"/?{history.address}")
        if not history.query:
            return self._welcome()
        found = self._answer(history.query)
        state = form_state(self._base, history.query)
        known = (*self._controls, *others(self._base, self._controls, state.facts))
        return self._page(
            "case",
            found.report,
            status=found.status,
            state=state,
            diseases=self._base.content.diseases,
            therapies=self._therapies,
            controls=known,
            scope=self._base.scope.id,
            presenting=presenting,
            **self._answered(found, history),
        )

    def _part(self, query: Query) -> Reply:
        history = history_of(_presented(query)[1])
        found = self._answer(history.query)
        values = self._answered(found, history)
        return self._page("answer", found.report, status=found.status, presenting=False, **values)

    def _answered(self, found: PageAnswer, history: History) -> dict[str, Any]:
        """Return what the answer shows around a report: the change that led to it, and where it leads."""
        past = history.before()
        changes: Comparison | None = None
        if past and found.report:
            before = self._result(past.query)
            changes = comparison(before, found.report.result, self._base) if before else None
        result = found.report.result if found.report else None
        chosen = selecting(result) if result else set()
        name = dict(history.query).get("id", "")
        return {
            "problems": found.problems,
            "history": history,
            "undo": past.address if past else None,
            "changed": change_in_words(past.query, history.query, self._base) if past else (),
            "comparison": changes or Comparison((), ()),
            "before": _by_add_on(found.report, changes),
            "selects": [
                f"{axis_of(one.state)}:{one.marker}"
                for one in (result.facts if result else ())
                if (one.marker, one.state) in chosen
            ],
            "files": FILES,
            "tours": [one for one in self._tours.values() if self._cases[one.case].id == name],
        }

    def _welcome(self, problems: tuple[Problem, ...] = (), text: str = "", therapy: str = "") -> Reply:
        return self._page(
            "welcome",
            self._example,
            status=422 if problems else 200,
            title=TITLE,
            problems=problems,
            text=text,
            therapy=therapy,
            cases=self._entries,
            scope=self._base.scope.id,
            therapies=self._therapies,
        )

    def _all_tours(self, _: Query) -> Reply:
        return self._page("tours", title="Tours", tours=self._tours.values())

    def _tour(self, query: Query) -> Reply:
        presenting, query = _presented(query)
        name = dict(query).get("name", "")
        if name not in self._tours:
            hint = did_you_mean(name, self._tours)
            problem = Problem("?name", f"there is no tour '{shortened(name)}'.", hint)
            return self.refusal("This tour does not exist", (problem,), 404)
        case = open_case(name)
        return self._page(
            "tour",
            case_report(self._recommender, case.profile),
            title=case.tour.title,
            name=name,
            case=self._tours[name].case,
            steps=walk(self._recommender, case),
            presenting=presenting,
        )

    def _file(self, render: Callable[[Report], str], file: str) -> Callable[[Query], Reply]:
        def kept(query: Query) -> Reply:
            found = self._answer(history_of(query).query)
            if found.report is None:
                return self.refusal("This cannot be answered", found.problems, found.status)
            return attachment(render(found.report), file)

        return kept

    def _profile(self, query: Query) -> Reply:
        value = json.loads(profile_of_query(self._named(history_of(query).query)).canonical())
        return attachment(json.dumps(value, indent=2) + "\n", "profile.json", "application/json")

    def _json(self, query: Query) -> Reply:
        profile = profile_of_query(self._named(history_of(query).query))
        result = self._recommender.recommend(profile, any_disease=ranks_any_disease(query))
        return attachment(f"{result.to_json()}\n", "result.json", "application/json")

    def _page(
        self, template: str, report: Report | None = None, *, status: int = 200, **values: Any
    ) -> Reply:
        return Reply(pages.local_page(template, report, navigation=self._navigation, **values), status)

    @cached_property
    def _entries(self) -> list[CaseEntry]:
        return list(case_entries(self._recommender))

    @cached_property
    def _example(self) -> Report:
        """The answer from which the welcome explains how one is read: that with the most add-ons."""
        report = self._answer(parse_qsl(self._cases[self._entries[0].name].query)).report
        assert report
        return report

    def _named(self, query: Query) -> Query:
        """The query with the name of a teaching case that was changed marked as such."""
        name = dict(query).get("id", "")
        if name not in self._by_id or sorted(query) == self._by_id[name]:
            return query
        return [(key, f"{value}, changed" if key == "id" else value) for key, value in query]

    def _result(self, query: Query) -> Result | None:
        """Return the answer to a query without what a page shows around it; None where it has none."""
        try:
            profile = profile_of_query(query)
            return self._recommender.recommend(profile, any_disease=ranks_any_disease(query))
        except InputError:
            return None

    def _answer(self, query: Query) -> PageAnswer:
        try:
            options = Options(any_disease=ranks_any_disease(query))
            return PageAnswer(
                case_report(self._recommender, profile_of_query(self._named(query)), options), ()
            )
        except InputError as error:
            return PageAnswer(None, tuple(error.problems))


def _presented(query: Query) -> tuple[bool, Query]:
    """Return True where a page is to be shown large, and the query without that part."""
    kept = [one for one in query if one[0] != PRESENT]
    return len(kept) < len(query), kept


def _by_add_on(report: Report | None, changes: Comparison | None) -> Mapping[str, RankChange]:
    """Return for each ranked add-on its rank before and after a change."""
    if report is None or changes is None:
        return {}
    ranked = [one.id for one in report.result.recommendations]
    return dict(zip(ranked, changes.ranking, strict=False))
