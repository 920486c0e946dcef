"""The application: the API, guarded."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from .._errors import InputError, Problem
from .._text import shortened
from ..page.local import LocalPage
from ..recommender import Recommender
from .api import questions
from .errors import RefusedError, error_answer
from .openapi import openapi_document
from .page import page_routes
from .rules_api import knowledge
from .safety import Guard, headers_of

_NO_TELEMETRY: Any = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI would send measurements where the environment asks it to; older versions ignore this."""


class _Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Return the description of the API, which is made once."""
        if not self.openapi_schema:
            self.openapi_schema = openapi_document(self)
        return self.openapi_schema


def create_app(recommender: Recommender, *, hosts: Iterable[str] = ()) -> FastAPI:
    """Return the application that answers with `recommender`, to names of loopback and to `hosts`.

    Use the plain engine: durable-rules is C code, and a fault in it would end the server and not one
    answer. No page for trying the API is served, because it would load scripts from elsewhere.
    """
    app = _Application(docs_url=None, redoc_url=None, telemetry=_NO_TELEMETRY, redirect_slashes=False)
    page = LocalPage(recommender)
    app.state.page = page
    for router in (page_routes(page), questions(recommender), knowledge(recommender)):
        app.include_router(router)
    app.add_exception_handler(InputError, _input_error)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _wrong_query)
    app.add_exception_handler(HTTPException, _http_error)
    app.state.headers = headers_of(recommender.base)
    app.add_middleware(Guard, hosts=tuple(hosts), headers=app.state.headers)
    return app


async def _input_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    return error_answer(422, "InputError", error.problems)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return error.answer()


async def _wrong_query(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [
        Problem(shortened(f"?{one['loc'][-1]}"), f"{one['msg'][:1].lower()}{one['msg'][1:]}.")
        for one in error.errors()
    ]
    return error_answer(422, "InputError", problems)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = shortened(request.scope["path"])  # the whole address may hold bytes that are no text
    what = {
        404: f"there is nothing at {path}.",
        405: f"{shortened(request.method)} is not for {path}.",
    }.get(error.status_code, str(error.detail))
    refusal = error_answer(error.status_code, "RequestError", [Problem("", what, "See: /openapi.json.")])
    refusal.headers.update(error.headers or {})
    if refusal.headers.get("allow") == "GET":
        refusal.headers["allow"] = "GET, HEAD"
    return refusal
