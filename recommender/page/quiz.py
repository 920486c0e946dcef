"""The quiz on the page: questions about the case in the address, checked without anything being kept."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from .._errors import InputError, Problem
from .._text import did_you_mean, shortened
from ..recommender import Recommender
from ..reports.quiz import SEED, audit_quiz, case_quiz, graded
from ..views.quiz_pages import quiz_form
from .address import Query, profile_of_query
from .replies import Reply, moved
from .teaching import CaseQuery

_ANSWER = re.compile(r"q([1-9][0-9]?)")
MAX_SEED = 10**9
"""The largest seed of an address."""


class QuizPage:
    """The page of the quiz: about the case in the address, or about the audit where there is none."""

    def __init__(self, recommender: Recommender, cases: Mapping[str, CaseQuery]) -> None:
        self._recommender = recommender
        self._cases = cases
        self._choices = [(one.name, f"/quiz?{one.query}") for one in cases.values()]

    def answer(self, query: Query) -> Reply:
        """Return the page for a query, in which `q1` and so on are the answers to the questions."""
        chosen = dict(query).get("case", "")
        if chosen in self._cases:
            return moved(f"/quiz?{self._cases[chosen].query}")
        if chosen:
            what = f"there is no case '{shortened(chosen)}'."
            return self._refused([Problem("?case", what, did_you_mean(chosen, self._cases))])
        try:
            return Reply(self._page(query))
        except InputError as error:
            return self._refused(error.problems)

    def _page(self, query: Query) -> str:
        answers = {int(found[1]): value for name, value in query if (found := _ANSWER.fullmatch(name))}
        case = [(name, value) for name, value in query if name != "seed" and not _ANSWER.fullmatch(name)]
        seed = _seed(dict(query).get("seed", ""))
        if any(value for _, value in case):
            made = case_quiz(self._recommender, profile_of_query(case), seed)
        else:
            made = audit_quiz(self._recommender, seed)
        return quiz_form(
            graded(made, answers),
            hidden=[*case, ("seed", str(seed))],
            back=f"/?{urlencode(case)}",
            another=f"/quiz?{urlencode([*case, ('seed', str(seed % MAX_SEED + 1))])}",
            choices=self._choices,
        )

    def _refused(self, problems: Sequence[Problem]) -> Reply:
        return Reply(quiz_form(None, choices=self._choices, problems=problems), 422)


def _seed(text: str) -> int:
    if not text:
        return SEED
    if text.isascii() and text.isdecimal() and len(text) < 11 and int(text) <= MAX_SEED:
        return int(text)
    what = f"'{shortened(text)}' is not a seed."
    raise InputError([Problem("?seed", what, f"Use a number from 0 to {MAX_SEED:,}.")])
