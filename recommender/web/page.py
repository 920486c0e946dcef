"""The page over HTTP: each of its addresses as a route."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, HTTPException, Request, Response

from ..page.address import Query
from ..page.local import LocalPage
from ..page.replies import Reply
from ..views.templating import asset, style_of
from .safety import READ
from .upload import Field, fields_of

_STATIC: dict[str, tuple[str, Callable[[], str]]] = {
    "report.css": ("text/css; charset=utf-8", lambda: style_of("report")),
    "local.css": ("text/css; charset=utf-8", lambda: asset("local.css")),
    "quiz.css": ("text/css; charset=utf-8", lambda: asset("quiz.css")),
    "local.js": ("text/javascript; charset=utf-8", lambda: asset("local.js")),
}
"""The type and the content of each file that the pages load."""
_TEXTS = ("text", "therapy")
_EMPTY = Field(b"")


def page_routes(page: LocalPage) -> APIRouter:
    """Return the routes of the page."""
    router = APIRouter(include_in_schema=False)
    for path, answer in page.paths.items():
        router.add_api_route(path, _answering(answer), methods=["GET"])

    @router.post(READ)
    async def read(request: Request) -> Response:
        fields = fields_of(request.headers.get("content-type", ""), await request.body())
        file = fields.get("file", _EMPTY)
        text, therapy = (fields.get(name, _EMPTY).content.decode("utf-8", "replace") for name in _TEXTS)
        return sent(page.read(file.content, file.file, text, therapy))

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in _STATIC:
            raise HTTPException(404)
        kind, content = _STATIC[name]
        return Response(content(), headers={"content-type": kind, "cache-control": "no-cache"})

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
