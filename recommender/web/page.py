"""The page over HTTP: each of its addresses as a route."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, HTTPException, Request, Response

from ..page.address import Query
from ..page.local import LocalPage
from ..page.replies import Reply
from ..recommender import Recommender
from ..views.templating import asset

_STATIC = {
    "page.css": "text/css; charset=utf-8",
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "quiz.css": "text/css; charset=utf-8",
    "report.css": "text/css; charset=utf-8",
}


def page_routes(recommender: Recommender) -> APIRouter:
    """Return the routes of the page."""
    router = APIRouter(include_in_schema=False)
    for path, answer in LocalPage(recommender).paths.items():
        router.add_api_route(path, _answering(answer), methods=["GET"])

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in _STATIC:
            raise HTTPException(404)
        return Response(asset(name), headers={"content-type": _STATIC[name], "cache-control": "no-cache"})

    return router


def _answering(answer: Callable[[Query], Reply]) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        return sent(answer(request.query_params.multi_items()))

    return route


def sent(reply: Reply) -> Response:
    """Return an answer of the page as one of the server."""
    headers = {}
    if reply.location:
        headers["location"] = reply.location
    if reply.file:
        headers["content-disposition"] = f'attachment; filename="{reply.file}"'
    content = reply.text.encode("utf-8", "backslashreplace")
    return Response(content, reply.status, media_type=reply.media_type, headers=headers)
