"""The JSON API about profiles: each answer is what the command of the same name writes as JSON."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ValidationError

from .._errors import InputError, Problem
from .._text import kind_in_words, shortened
from .._validation import problems_of
from ..intake.validation import profile_in_value
from ..knowledge.base import KnowledgeBase
from ..profile import Profile, plain_value, pointer
from ..recommender import Recommender
from ..views import records, render
from ..views.plain import labelled
from ..whatif import Changes, changed, effect
from .errors import JSON, RefusedError, inside, json_answer
from .models import ExplainBody, NextTestsBody, RecommendQuery, WhatIfBody
from .openapi import documented

_Body = TypeVar("_Body", bound=BaseModel)
_BOM = b"\xef\xbb\xbf"
MAX_ENTRIES = 25_000
"""Markers, mutations or therapies of one profile: more than there are genes."""

_WITH_BODY = (413, 415, 422, 503)


def questions(recommender: Recommender) -> APIRouter:
    """Return the routes that take a profile.

    An answer takes milliseconds of computing, so threads would gain nothing: it is made where the
    request is taken, and more cores are used by more processes.
    """
    router = APIRouter(prefix="/api")
    base = recommender.base

    @router.post("/recommend", **documented("Result", *_WITH_BODY, body="Profile"))
    async def recommend(request: Request, asked: Annotated[RecommendQuery, Query()]) -> Response:
        """Rank the ferroptosis-inducing add-ons for a tumour profile."""
        profile = _profile(await _value(request), base)
        return json_answer(render(recommender.answer(profile, asked.options()), "json"))

    @router.post("/explain", **documented("Explanation", *_WITH_BODY, body="ExplainBody"))
    async def explain(request: Request) -> Response:
        """Show the proof of a strategy, or which of its conditions fails and by what."""
        body = _body(ExplainBody, await _value(request))
        with inside("/profile"):
            profile = _profile(body.profile, base)
            recommender.notices(profile)  # raises what is wrong with the profile, apart from the id
        with inside("/id"):
            nodes = recommender.explain(profile, body.id)
        return json_answer(records.trees_json(body.id, nodes, recommender.rule_base))

    @router.post("/whatif", **documented("EffectView", *_WITH_BODY, body="WhatIfBody"))
    async def whatif(request: Request) -> Response:
        """Show what enters, leaves and moves when the profile is changed, and by which rules."""
        body = _body(WhatIfBody, await _value(request))
        changes = Changes(body.set, body.unset, body.therapy)
        with inside("/profile"):
            profile = _profile(body.profile, base)
            before = recommender.recommend(profile, any_disease=body.any_disease)
        with inside("/"):
            to = changed(profile, changes, base)
        after = recommender.recommend(to, any_disease=body.any_disease)
        return json_answer(records.effect_json(changes, effect(before, after), after))

    @router.post("/next-tests", **documented("NextTests", *_WITH_BODY, body="NextTestsBody"))
    async def next_tests(request: Request) -> Response:
        """Rank unmeasured markers by what knowing them could decide."""
        body = _body(NextTestsBody, await _value(request))
        with inside("/profile"):
            profile = _profile(body.profile, base)
            found = recommender.next_tests(profile, any_disease=body.any_disease)[: body.top]
        rows = records.next_test_rows(found)
        packs = recommender.rule_base.packs_field
        return json_answer(labelled(title=records.NEXT_TESTS, rows=rows, **packs))

    return router


async def _value(request: Request) -> Any:
    """The value in a body that is JSON and is said to be. Raises RefusedError, InputError.

    A page elsewhere cannot post JSON unless it asks first, and nothing here answers that it may.
    """
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said != JSON:
        problem = Problem("Content-Type", f"{JSON} is expected, not '{shortened(said)}'.")
        raise RefusedError(415, "RequestError", [problem])
    data = (await request.body()).removeprefix(_BOM)
    if data.strip() and data.lstrip()[:1] not in (b"{", b"["):
        raise RefusedError(400, "InputError", [Problem("", "it is not JSON; one object is expected.")])
    try:
        return plain_value(data)
    except InputError as error:
        raise RefusedError(400, "InputError", error.problems) from None


def _profile(value: Any, base: KnowledgeBase) -> Profile:
    """The profile in a value, which holds no more than one answer in good time allows."""
    given = value if isinstance(value, dict) else {}
    for name in ("markers", "mutations", "therapies", "resistant_to"):
        number = _entries(given.get(name))
        if number > MAX_ENTRIES:
            what = f"{number:,} entries are too many here; the limit is {MAX_ENTRIES:,}."
            raise InputError([Problem(f"/{name}", what, "The command line takes more.")])
    return profile_in_value(value, lambda: base)


def _entries(given: Any) -> int:
    """Return how many entries a field has, those of a list in it counted one by one."""
    if isinstance(given, dict):
        return sum(len(one) if isinstance(one, list) else 1 for one in given.values())
    return len(given) if isinstance(given, list) else 0


def _body(model: type[_Body], value: Any) -> _Body:
    if not isinstance(value, dict):
        raise InputError([Problem("", f"one object is expected; it holds {kind_in_words(value)}.")])
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = problems_of(error, model, value)
        raise InputError([Problem(pointer(one.path) or "/", one.what, one.hint) for one in found]) from None
