"""The page of the server as a browser asks for it, without a network."""

import asyncio
from typing import Any

import httpx

from recommender import Recommender
from recommender.web.app import create_app

RECOMMENDER = Recommender(engine="plain")
APP = create_app(RECOMMENDER)
CASE = "/?case=nrf2-active-sorafenib"


def _asked(method: str, path: str, **more: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=APP)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **more)

    return asyncio.run(ask())


def get(path: str, accept: str = "*/*") -> httpx.Response:
    return _asked("GET", path, headers={"accept": accept})


def sent(**fields: str | tuple[str, bytes]) -> httpx.Response:
    """The answer to the form by which a reader brings a file or a text."""
    files = {name: (None, one.encode()) if isinstance(one, str) else one for name, one in fields.items()}
    return _asked("POST", "/read", files=files)
