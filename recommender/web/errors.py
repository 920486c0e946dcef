"""Errors: JSON with the label and all problems at once, or a page for a browser that opens an address."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Literal

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .._errors import InputError, Problem
from .._label import Labelled
from .._values import Value
from ..streaming import ProblemView
from ..views.plain import as_json

JSON = "application/json"

_TITLES = {
    403: "This is refused",
    404: "There is nothing here",
    405: "There is nothing here",
    413: "This is too large",
    500: "This failed",
}
_KEPT = ("allow", "retry-after")
"""Headers of a refusal that its page has too."""

FaultCode = Literal["InputError", "RequestError", "Failure"]


class RequestFault(Value):
    """The fault: in the input (InputError), with the request around it (RequestError), or here."""

    code: FaultCode
    message: str
    problems: tuple[ProblemView, ...]


class ErrorAnswer(Labelled):
    """The answer of the API to a request that it cannot answer."""

    error: RequestFault


class RefusedError(Exception):
    """The request is refused with a status."""

    def __init__(
        self,
        status: int,
        code: FaultCode,
        problems: Sequence[Problem],
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.problems = tuple(problems)
        self.headers = dict(headers or {})
        super().__init__("; ".join(map(str, problems)))

    def answer(self) -> Response:
        """Return the refusal as an answer."""
        answer = error_answer(self.status, self.code, self.problems)
        answer.headers.update(self.headers)
        return answer


def json_answer(text: str, status: int = 200) -> Response:
    """Return JSON text as an answer."""
    # A profile may hold half a surrogate pair; results write such as escapes.
    return Response(text.encode("utf-8", "backslashreplace"), status, media_type=JSON)


class Refusal(Response):
    """A refusal: JSON, or a page with the same problems for a browser that opens an address of the page."""

    media_type = JSON
    problems: tuple[Problem, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it in the form that fits what asked."""
        if not _opens_a_page(scope):
            await super().__call__(scope, receive, send)
            return
        title = _TITLES.get(self.status_code, "This cannot be answered")
        lost = self.status_code in (404, 405)  # what to do then is for programs
        problems = tuple(one._replace(hint="") if lost else one for one in self.problems)
        page = scope["app"].state.page.refusal(title, problems, self.status_code)
        headers = {name: self.headers[name] for name in _KEPT if name in self.headers}
        await Response(page.text, page.status, media_type=page.media_type, headers=headers)(
            scope, receive, send
        )


def _opens_a_page(scope: Scope) -> bool:
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return b"text/html" in accepted and not scope["path"].startswith(("/api/", "/openapi"))


def error_answer(status: int, code: FaultCode, problems: Sequence[Problem]) -> Response:
    """Return problems as an answer."""
    views = tuple(ProblemView(where=one.where, what=one.what, hint=one.hint) for one in problems)
    message = str(InputError(problems)) if code == "InputError" else " ".join(map(str, problems))
    body = ErrorAnswer(error=RequestFault(code=code, message=message, problems=views))
    answer = Refusal(as_json(asdict(body)).encode("utf-8", "backslashreplace"), status)
    answer.problems = tuple(problems)
    return answer


@contextmanager
def inside(prefix: str) -> Iterator[None]:
    """Let the problems found inside be those of a part of the request, such as `/profile`.

    With `/` or `?` they are those of the field of the body, or the part of the query, that has the name of
    the parameter.
    """
    try:
        yield
    except InputError as error:
        raise InputError([_moved(problem, prefix) for problem in error.problems]) from None


def _moved(problem: Problem, prefix: str) -> Problem:
    inner = problem.parameter or (problem.where.rstrip("/") if problem.where.startswith("/") else "")
    return problem._replace(where=prefix + inner, parameter="")
